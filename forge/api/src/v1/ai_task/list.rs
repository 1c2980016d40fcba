use axum::{
    Json,
    extract::{Path, State},
};
use hearth_app::{
    App,
    task::{self, TaskFilter},
};
use hearth_core::{PageRequest, Permission};
use serde::Deserialize;

use super::{
    envelope::{Answer, Envelope, Parameters, Refusal, good, number},
    in_repository, shape, words,
};
use crate::{authenticate::Caller, v1::task::RepositoryCache};

/// Filters of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TaskListQuery {
    job_type: String,
    job_status: String,
    q: String,
    page: String,
    #[serde(alias = "pageSize")]
    page_size: String,
}

impl TaskListQuery {
    fn filter(&self) -> Result<TaskFilter, Refusal> {
        Ok(TaskFilter {
            kind: words::kind(&self.job_type)?,
            states: words::states(&self.job_status)?,
            name_part: Some(self.q.clone()).filter(|part| !part.is_empty()),
            ..TaskFilter::default()
        })
    }

    fn page(&self) -> Result<PageRequest, Refusal> {
        let page = number(&self.page, "page")?.unwrap_or(0);
        Ok(PageRequest::new(page, number(&self.page_size, "page_size")?.unwrap_or(0)))
    }
}

/// The tasks of a repository, the newest first.
pub(super) async fn of_repository(
    State(app): State<App>,
    caller: Caller,
    Path((owner, name)): Path<(String, String)>,
    Parameters(wanted): Parameters<TaskListQuery>,
) -> Answer<shape::List> {
    let access = in_repository(&app, &caller, &owner, &name).await?;
    let page = task::list(&app, &access, &wanted.filter()?, wanted.page()?).await?;
    let can_change = access.can(Permission::Write);
    let row = |task| shape::Row::new(&task, access.repository(), can_change, app.now());
    let choices = task::choices(&app, &access, "").await?;
    let (total, request) = (page.total, page.request);
    let tasks = page.items.into_iter().map(row).collect();
    Ok(answer(tasks, total, request, can_change, choices.commit.is_none(), &caller))
}

/// The tasks that the caller launched, wherever their code lies.
pub(super) async fn mine(
    State(app): State<App>,
    caller: Caller,
    Parameters(wanted): Parameters<TaskListQuery>,
) -> Answer<shape::List> {
    let page = task::page_mine(&app, &caller.0, &wanted.filter()?, wanted.page()?).await?;
    let (total, request) = (page.total, page.request);
    let mut repositories = RepositoryCache::default();
    let mut tasks = Vec::new();
    for task in page.items {
        // Tasks of repositories that the caller may no longer see are left out.
        if let Some(access) = repositories.find(&app, &caller, task.repository_id).await? {
            tasks.push(shape::Row::new(&task, access.repository(), access.can(Permission::Write), app.now()));
        }
    }
    Ok(answer(tasks, total, request, true, false, &caller))
}

fn answer(
    tasks: Vec<shape::Row>,
    total: u64,
    request: PageRequest,
    can_create_task: bool,
    is_repo_empty: bool,
    Caller(actor): &Caller,
) -> Json<Envelope<shape::List>> {
    good(shape::List {
        tasks,
        total,
        page: request.page(),
        page_size: request.size(),
        can_create_task,
        is_repo_empty,
        is_subscriber: false,
        is_admin: actor.is_admin(),
    })
}

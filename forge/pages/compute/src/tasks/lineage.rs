//! `/tasks/{id}/lineage`: which code went in, and which models came out.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    App,
    lineage::{self, Direction, TaskLink},
};
use hearth_core::{RepositoryKind, urls::RepositoryUrls};

use super::{
    AttemptQuery, TaskVisit,
    frame::{Part, TaskFrame, frame},
};
use crate::{
    Failure, Page, RepositoryHead,
    respond::html,
    words::{Html, short_hash},
};

#[derive(Template)]
#[template(path = "pages/tasks/lineage.html")]
struct Lineage {
    page: Page,
    head: RepositoryHead,
    frame: TaskFrame,
    inputs: Vec<Edge>,
    outputs: Vec<Edge>,
}

/// One end of an edge.
struct Edge {
    icon: Html,
    name: String,
    address: String,
    commit: String,
    commit_address: String,
    version: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    Query(wanted): Query<AttemptQuery>,
) -> Result<Response, Failure> {
    let framed = frame(&app, &page, &visit, Part::Lineage, wanted.attempt).await?;
    let (inputs, outputs): (Vec<_>, Vec<_>) = lineage::of_task(&app, &visit.access)
        .await?
        .into_iter()
        .partition(|link| link.direction == Direction::Input);
    let edges = |links: Vec<TaskLink>| links.iter().map(Edge::of).collect();
    html(&Lineage {
        inputs: edges(inputs),
        outputs: edges(outputs),
        page,
        head: framed.head,
        frame: framed.frame,
    })
}

impl Edge {
    fn of(link: &TaskLink) -> Self {
        let (owner, name) = (link.repository_owner.as_str(), link.repository_name.as_str());
        let urls = RepositoryUrls::new(link.repository_kind, owner, name);
        Self {
            icon: match link.repository_kind {
                RepositoryKind::Code => icon!("repository"),
                RepositoryKind::Dataset => icon!("dataset"),
                RepositoryKind::Model => icon!("model"),
            },
            name: format!("{owner}/{name}"),
            address: urls.home().to_owned(),
            commit: short_hash(&link.commit_id).to_owned(),
            commit_address: urls.commit(&link.commit_id),
            version: link.version.clone().unwrap_or_default(),
        }
    }
}

//! `/{owner}/{name}/milestones/new` and `/{owner}/{name}/milestones/{id}/edit`.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    milestone::{self, Edit, Milestone, NewMilestone},
};
use hearth_core::{Error, MilestoneState, Timestamp};
use http::StatusCode;
use serde::Deserialize;

use super::AtMilestone;
use crate::{
    Failure, Flash, Form, Mistakes, NoFields, Page, RepositoryHead,
    repo::{RepositoryVisit, issues::SECTION},
    respond::{html_with, see_other, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/repo/milestones/edit.html")]
struct EditPage {
    page: Page,
    head: RepositoryHead,
    /// None: a new one.
    milestone: Option<Milestone>,
    form: MilestoneForm,
    mistakes: Mistakes,
}

impl EditPage {
    fn action(&self) -> String {
        match &self.milestone {
            Some(milestone) => self.head.urls.milestone_part(milestone.id, "edit"),
            None => self.head.urls.milestone_new(),
        }
    }

    fn back(&self) -> String {
        match &self.milestone {
            Some(milestone) => self.head.urls.milestone(milestone.id),
            None => self.head.urls.milestones(),
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct MilestoneForm {
    title: String,
    description: String,
    /// `2026-12-31`; empty: none.
    due: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StateForm {
    /// `open` or `closed`.
    state: String,
}

impl MilestoneForm {
    fn due_at(&self) -> Result<Option<Timestamp>, Error> {
        match self.due.trim() {
            "" => Ok(None),
            date => Timestamp::at_end_of_day(date).map(Some).ok_or(Error::field("due", "date")),
        }
    }
}

pub(crate) async fn new(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    visit.access.write()?;
    show(&app, page, &visit, None, MilestoneForm::default(), Mistakes::none()).await
}

pub(crate) async fn create(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<MilestoneForm>,
) -> Result<Response, Failure> {
    let writing = visit.access.write()?;
    let made = match form.due_at() {
        Ok(due_at) => {
            let new = NewMilestone {
                title: form.title.clone(),
                description: form.description.clone(),
                due_at,
                is_closed: false,
            };
            milestone::create(&app, &writing, &new).await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => Ok(see_other(&visit.urls.milestone(made.id))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "title")?;
            show(&app, page, &visit, None, form, mistakes).await
        }
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtMilestone>,
) -> Result<Response, Failure> {
    visit.access.write()?;
    let milestone = milestone::find(&app, &visit.access, at.id()?).await?;
    let form = MilestoneForm {
        title: milestone.title.clone(),
        description: milestone.description.clone(),
        due: milestone.due_at.map(Timestamp::as_date).unwrap_or_default(),
    };
    show(&app, page, &visit, Some(milestone), form, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtMilestone>,
    Form(form): Form<MilestoneForm>,
) -> Result<Response, Failure> {
    let (writing, id) = (visit.access.write()?, at.id()?);
    let changed = match form.due_at() {
        Ok(due_at) => {
            let edit = Edit {
                title: Some(form.title.clone()),
                description: Some(form.description.clone()),
                due_at: Some(due_at),
                state: None,
            };
            milestone::edit(&app, &writing, id, edit).await
        }
        Err(error) => Err(error),
    };
    match changed {
        Ok(changed) => Ok(see_other(&visit.urls.milestone(changed.id))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "title")?;
            let milestone = milestone::find(&app, &visit.access, id).await?;
            show(&app, page, &visit, Some(milestone), form, mistakes).await
        }
    }
}

/// `POST …/milestones/{id}/state`: closes or reopens it.
pub(crate) async fn state(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtMilestone>,
    Form(form): Form<StateForm>,
) -> Result<Response, Failure> {
    let state: MilestoneState = form.state.parse().map_err(|()| Error::field("state", "unknown"))?;
    let edit = Edit { state: Some(state), ..Edit::default() };
    let changed = milestone::edit(&app, &visit.access.write()?, at.id()?, edit).await?;
    Ok(see_other(&visit.urls.milestone(changed.id)))
}

/// `POST …/milestones/{id}/delete`. What belonged to it stays.
pub(crate) async fn delete(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtMilestone>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let milestone = milestone::find(&app, &visit.access, at.id()?).await?;
    milestone::delete(&app, &visit.access.write()?, milestone.id).await?;
    Ok(see_other_with(&visit.urls.milestones(), Flash::new("flash-milestone-deleted", milestone.title)))
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    milestone: Option<Milestone>,
    form: MilestoneForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &SECTION).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &EditPage { page, head, milestone, form, mistakes })
}

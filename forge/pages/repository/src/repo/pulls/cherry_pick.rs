//! `/{owner}/{name}/pulls/{number}/cherry-pick`: the same changes for another branch, as a new pull request.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{App, merge};
use hearth_core::ThreadNumber;
use http::StatusCode;
use serde::Deserialize;

use super::{
    AtPull, Framed, Part, PullFrame,
    branches::{branch_names, in_field},
    frame,
};
use crate::{
    Failure, Flash, Form, Mistakes, Page, RepositoryHead,
    repo::RepositoryVisit,
    respond::{html_with, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/repo/pulls/cherry_pick.html")]
struct CherryPick {
    page: Page,
    head: RepositoryHead,
    frame: PullFrame,
    form: CherryPickForm,
    branches: Vec<String>,
    mistakes: Mistakes,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CherryPickForm {
    /// The branch that is to get the changes.
    onto: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    show(&app, page, &visit, at.number()?, CherryPickForm::default(), Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<CherryPickForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    match merge::cherry_pick(&app, &visit.access, number, form.onto.trim()).await {
        Ok(card) => {
            let flash = Flash::new("flash-pull-picked", format!("#{number}"));
            Ok(see_other_with(&visit.urls.pull(card.pull_request.number), flash))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, in_field(error, "onto"), "onto")?;
            show(&app, page, &visit, number, form, mistakes).await
        }
    }
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    form: CherryPickForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let Framed { head, frame } = frame(app, &page, visit, number, Part::Conversation).await?;
    let base = frame.pull().base_branch.clone();
    let branches = branch_names(app, &visit.access).await?.into_iter().filter(|name| *name != base).collect();
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &CherryPick { page, head, frame, form, branches, mistakes })
}

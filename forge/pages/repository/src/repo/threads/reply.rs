//! `POST …/{number}/comments`: comments, closes or reopens, or both.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use hearth_app::{
    App,
    comment::{self, Comment},
    issue, pull_request,
};
use hearth_core::{Conflict, Error, IssueState, ThreadKind, ThreadNumber};
use serde::Deserialize;

use super::{AtThread, CommentDraft, check_kind, show_again};
use crate::{
    Failure, Mistakes, Page,
    files_form::{self, FilesForm},
    repo::RepositoryVisit,
    respond::see_other,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ReplyForm {
    body: String,
    /// `close`, `close-anyway` (of an issue: whatever it waits for), `reopen` or nothing.
    action: String,
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    request: Request,
) -> Result<Response, Failure> {
    let number = at.number()?;
    check_kind(&app, &visit, number).await?;
    let FilesForm { form, files, refused } = files_form::receive(&app, &page, &visit, request).await?;
    let ReplyForm { body, action } = form;
    let draft = files_form::with_files(&body, &files, &visit.urls);
    let mistakes = match refused {
        Some(error) => files_form::mistakes(&page, error)?,
        None => match say(&app, &visit, number, &action, &draft).await {
            Ok(Some(comment)) => return Ok(see_other(&visit.comment(number, comment.id))),
            Ok(None) => return Ok(see_other(&visit.thread(number))),
            Err(Error::Conflict(Conflict::HeadGone)) => {
                Mistakes::one("body", t!(page, "repo-pulls-show-branch-gone").to_owned())
            }
            Err(error) => Mistakes::from_error(&page, error, "body")?,
        },
    };
    show_again(&app, page, &visit, number, CommentDraft { draft, mistakes }, Mistakes::none()).await
}

/// The comment, where something was written.
async fn say(
    app: &App,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    action: &str,
    body: &str,
) -> Result<Option<Comment>, Error> {
    let state = match action {
        "close" | "close-anyway" => IssueState::Closed,
        "reopen" => IssueState::Open,
        _ => return comment::add(app, &visit.access, number, body).await.map(Some),
    };
    match visit.threads {
        ThreadKind::Issue if action == "close-anyway" => {
            issue::close_anyway(app, &visit.access, number, body).await
        }
        ThreadKind::Issue => issue::close_or_reopen(app, &visit.access, number, state, body).await,
        ThreadKind::PullRequest => {
            pull_request::close_or_reopen(app, &visit.access, number, state, body).await
        }
    }
}

//! `/{owner}/{name}/issues/comments/{id}/edit`, and the same under `pulls`: change or delete one comment.

use askama::Template;
use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use hearth_app::{
    App,
    comment::{self, Comment},
};
use hearth_core::{CommentId, Conflict, Error, ThreadKind};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, Mistakes, NoFields, Page, RepositoryHead,
    files_form::{self, FilesForm},
    repo::{
        RepositoryVisit,
        threads::{AtComment, check_may_edit, find_comment, section},
    },
    respond::{html_with, see_other, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/repo/issues/comment.html")]
struct CommentPage {
    page: Page,
    head: RepositoryHead,
    /// The kind of the thread that it is under.
    kind: ThreadKind,
    comment: Comment,
    form: CommentForm,
    mistakes: Mistakes,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CommentForm {
    body: String,
    /// The version that the form was opened with.
    version: i64,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtComment>,
) -> Result<Response, Failure> {
    let comment = find_comment(&app, &visit, at.id()?).await?;
    check_may_edit(&visit, comment.author_id)?;
    let form = CommentForm { body: comment.body.clone(), version: comment.version };
    show(&app, page, &visit, comment, form, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtComment>,
    request: Request,
) -> Result<Response, Failure> {
    let id = at.id()?;
    find_comment(&app, &visit, id).await?;
    let FilesForm { form, files, refused } = files_form::receive(&app, &page, &visit, request).await?;
    let form: CommentForm = form;
    let form = CommentForm { body: files_form::with_files(&form.body, &files, &visit.urls), ..form };
    if let Some(error) = refused {
        let mistakes = files_form::mistakes(&page, error)?;
        return redisplay(&app, page, &visit, (id, false), form, mistakes).await;
    }
    match comment::edit(&app, &visit.access, id, Some(form.version), &form.body).await {
        Ok(comment) => Ok(see_other(&visit.comment(comment.thread_number, comment.id))),
        Err(error) => {
            let is_stale = matches!(error, Error::Conflict(Conflict::StaleEdit));
            let mistakes = Mistakes::from_error(&page, error, "body")?;
            redisplay(&app, page, &visit, (id, is_stale), form, mistakes).await
        }
    }
}

/// The form again, with the input. Submitting it again overwrites the newer text.
async fn redisplay(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    (id, is_stale): (CommentId, bool),
    form: CommentForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let comment = find_comment(app, visit, id).await?;
    let version = if is_stale { comment.version } else { form.version };
    show(app, page, visit, comment, CommentForm { version, ..form }, mistakes).await
}

/// `POST …/issues/comments/{id}/delete`.
pub(crate) async fn delete(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtComment>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let id = find_comment(&app, &visit, at.id()?).await?.id;
    let comment = comment::delete(&app, &visit.access, id).await?;
    let address = visit.thread(comment.thread_number);
    Ok(see_other_with(&address, Flash::new("flash-comment-deleted", "")))
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    comment: Comment,
    form: CommentForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, section(visit.threads)).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &CommentPage { page, head, kind: visit.threads, comment, form, mistakes })
}

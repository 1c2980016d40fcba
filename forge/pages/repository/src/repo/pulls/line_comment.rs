//! `/{owner}/{name}/pulls/{number}/line-comments`: comments on lines are written, answered, changed and resolved.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    line_comment::{self, LineComment, NewLineComment, When},
};
use hearth_core::{Conflict, Error, Kind, LineCommentId, LineSide, ThreadNumber};
use http::StatusCode;
use serde::Deserialize;

use super::{
    AtPull, Framed, Part, PullFrame,
    files::{self, Draft, Entered, FilesQuery},
    frame,
};
use crate::{
    Failure, Flash, Form, Mistakes, NoFields, Page, RepositoryHead,
    repo::{RepositoryVisit, threads::check_may_edit},
    respond::{html_with, safe_return, see_other, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/repo/pulls/line_comment.html")]
struct LineCommentPage {
    page: Page,
    head: RepositoryHead,
    frame: PullFrame,
    comment: LineComment,
    form: EditForm,
    mistakes: Mistakes,
}

/// The comment that an address names.
#[derive(Debug, Deserialize)]
pub(crate) struct AtLineComment {
    number: String,
    id: String,
}

impl AtLineComment {
    fn names(&self) -> Result<(ThreadNumber, LineCommentId), Error> {
        let number = self.number.parse().map_err(|_| Error::NotFound(Kind::PullRequest))?;
        let id = self.id.parse().map_err(|_| Error::NotFound(Kind::LineComment))?;
        Ok((number, id))
    }
}

/// A comment on lines. Its fields are texts, so that whatever is entered can be shown again.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewForm {
    path: String,
    side: String,
    first_line: String,
    last_line: String,
    version: String,
    body: String,
    /// `now`, or `review` to keep it until the review is submitted.
    when: String,
    return_to: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReplyForm {
    body: String,
    when: String,
    return_to: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EditForm {
    body: String,
    /// The version of the text that the form was opened with.
    version: i64,
}

/// For forms that consist of a button, and return to where it was pressed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReturnForm {
    return_to: String,
}

impl NewForm {
    fn read(&self) -> Result<NewLineComment, Error> {
        let line = |field: &'static str, text: &str| {
            text.trim().parse().map_err(|_| Error::field(field, "not-a-number"))
        };
        let last_line = line("last_line", &self.last_line)?;
        // A form without the second field is about one line.
        let first_line =
            if self.first_line.is_empty() { last_line } else { line("first_line", &self.first_line)? };
        Ok(NewLineComment {
            path: self.path.clone(),
            side: self.side.parse().map_err(|()| Error::field("side", "unknown-choice"))?,
            first_line,
            last_line,
            version: self.version.parse().map_err(|_| Error::field("version", "unknown-choice"))?,
            body: self.body.clone(),
        })
    }

    /// The page with the form open at the same lines.
    fn query(&self) -> FilesQuery {
        let side = if self.side == LineSide::Old.as_str() { 'L' } else { 'R' };
        FilesQuery::commenting(
            &self.path,
            &self.version,
            &self.first_line,
            &format!("{side}{}", self.last_line),
        )
    }
}

fn when(text: &str) -> When {
    if text == "now" { When::Now } else { When::WithReview }
}

/// The page that a form names, at a comment; without one, the files tab.
fn back(visit: &RepositoryVisit, number: ThreadNumber, return_to: &str, at: Option<LineCommentId>) -> String {
    let page = return_to.split('#').next().unwrap_or_default();
    let page = safe_return(page).map_or_else(|| visit.urls.pull_part(number, "files"), str::to_owned);
    match at {
        Some(id) => format!("{page}#line-comment-{id}"),
        None => page,
    }
}

/// `POST …/line-comments`.
pub(crate) async fn add(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<NewForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let added = match form.read() {
        Ok(new) => line_comment::comment_on_lines(&app, &visit.access, number, new, when(&form.when)).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(comment) => Ok(see_other(&back(&visit, number, &form.return_to, Some(comment.id)))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "body")?;
            let (query, say) = (form.query(), Draft { body: form.body, mistakes });
            let entered = Entered { say, ..Entered::default() };
            files::show::show(&app, page, &visit, number, query, entered, StatusCode::UNPROCESSABLE_ENTITY)
                .await
        }
    }
}

/// `POST …/line-comments/{id}/reply`.
pub(crate) async fn reply(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtLineComment>,
    Form(form): Form<ReplyForm>,
) -> Result<Response, Failure> {
    let (number, id) = at.names()?;
    match line_comment::reply(&app, &visit.access, number, id, &form.body, when(&form.when)).await {
        Ok(comment) => Ok(see_other(&back(&visit, number, &form.return_to, Some(comment.id)))),
        Err(error) => {
            // A reply has no page of its own: what was written is shown in the form for a new comment on the same lines.
            let mistakes = Mistakes::from_error(&page, error, "body")?;
            let to = line_comment::find(&app, &visit.access, number, id).await?;
            let query = FilesQuery::replying(&to);
            let entered = Entered { say: Draft { body: form.body, mistakes }, ..Entered::default() };
            files::show::show(&app, page, &visit, number, query, entered, StatusCode::UNPROCESSABLE_ENTITY)
                .await
        }
    }
}

/// `POST …/line-comments/{id}/resolve`.
pub(crate) async fn resolve(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtLineComment>,
    Form(form): Form<ReturnForm>,
) -> Result<Response, Failure> {
    let (number, id) = at.names()?;
    line_comment::resolve(&app, &visit.access, number, id).await?;
    Ok(see_other(&back(&visit, number, &form.return_to, Some(id))))
}

/// `POST …/line-comments/{id}/unresolve`.
pub(crate) async fn unresolve(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtLineComment>,
    Form(form): Form<ReturnForm>,
) -> Result<Response, Failure> {
    let (number, id) = at.names()?;
    line_comment::unresolve(&app, &visit.access, number, id).await?;
    Ok(see_other(&back(&visit, number, &form.return_to, Some(id))))
}

/// `GET …/line-comments/{id}`: the form that changes the text.
pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtLineComment>,
) -> Result<Response, Failure> {
    let (number, id) = at.names()?;
    let comment = line_comment::find(&app, &visit.access, number, id).await?;
    check_may_edit(&visit, comment.author_id)?;
    let form = EditForm { body: comment.body.clone(), version: comment.edit_version };
    edit_page(&app, page, &visit, number, comment, form, Mistakes::none()).await
}

/// `POST …/line-comments/{id}`.
pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtLineComment>,
    Form(form): Form<EditForm>,
) -> Result<Response, Failure> {
    let (number, id) = at.names()?;
    match line_comment::edit(&app, &visit.access, number, id, Some(form.version), &form.body).await {
        Ok(comment) => Ok(see_other(&back(&visit, number, "", Some(comment.id)))),
        Err(error) => {
            let is_stale = matches!(error, Error::Conflict(Conflict::StaleEdit));
            let mistakes = Mistakes::from_error(&page, error, "body")?;
            let comment = line_comment::find(&app, &visit.access, number, id).await?;
            // Sent again, the form overwrites the newer text: its author has been told.
            let version = if is_stale { comment.edit_version } else { form.version };
            edit_page(&app, page, &visit, number, comment, EditForm { version, ..form }, mistakes).await
        }
    }
}

/// `POST …/line-comments/{id}/delete`.
pub(crate) async fn delete(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtLineComment>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let (number, id) = at.names()?;
    line_comment::delete(&app, &visit.access, number, id).await?;
    let flash = Flash::new("flash-comment-deleted", "");
    Ok(see_other_with(&back(&visit, number, "", None), flash))
}

async fn edit_page(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    comment: LineComment,
    form: EditForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let Framed { head, frame } = frame(app, &page, visit, number, Part::Files).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &LineCommentPage { page, head, frame, comment, form, mistakes })
}

//! `/{owner}/{name}/pulls/{number}/review`: a review is submitted with its pending comments, or deleted.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    review::{self, NewReview},
};
use hearth_core::{Error, ReviewVerdict};
use http::StatusCode;
use serde::Deserialize;

use super::{
    AtPull,
    files::{self, Draft, Entered, FilesQuery},
};
use crate::{
    Failure, Flash, Form, Mistakes, NoFields, Page,
    repo::RepositoryVisit,
    respond::{see_other, see_other_with},
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReviewForm {
    verdict: String,
    body: String,
    /// The version that the reviewer has before them.
    version: i64,
}

/// `POST …/review`.
pub(crate) async fn submit(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<ReviewForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let verdict: ReviewVerdict =
        form.verdict.parse().map_err(|()| Error::field("verdict", "unknown-choice"))?;
    let new = NewReview { verdict, body: form.body.clone(), version: form.version };
    match review::submit(&app, &visit.access, number, new).await {
        Ok(review) => Ok(see_other(&format!("{}#review-{}", visit.urls.pull(number), review.id))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "body")?;
            let entered = Entered {
                review: Some((verdict, Draft { body: form.body, mistakes })),
                ..Entered::default()
            };
            let (query, status) = (FilesQuery::default(), StatusCode::UNPROCESSABLE_ENTITY);
            files::show::show(&app, page, &visit, number, query, entered, status).await
        }
    }
}

/// `POST …/review/discard`: deletes the pending review and its comments.
pub(crate) async fn discard(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    review::discard_pending(&app, &visit.access, number).await?;
    let flash = Flash::new("flash-review-deleted", "");
    Ok(see_other_with(&visit.urls.pull_part(number, "files"), flash))
}

//! Reviews, and their comments on lines.

use std::collections::HashMap;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Access, App, pull_request,
    review::{self, LineThread, NewLineComment, NewReview, When},
};
use hearth_core::{
    Error, Kind, LineSide, Read, ReviewId, ReviewState, ReviewVerdict, ThreadNumber, UserId,
    urls::RepositoryUrls,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::number;
use crate::{
    at::InPulls,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
    v1::shape::{LineNote, People, Review},
};

type Numbered = Path<(String, String, String)>;
type Named = Path<(String, String, String, String)>;

pub(super) fn routes(table: Table) -> Table {
    let all = "/repos/{owner}/{repo}/pulls/{index}/reviews";
    let one = "/repos/{owner}/{repo}/pulls/{index}/reviews/{id}";
    table
        .get(
            all,
            list,
            describe("List the reviews of a pull request, oldest first").list_response::<Review>(),
        )
        .post(
            all,
            create,
            describe("Review a pull request; without `event`, the review stays pending")
                .request::<CreateReview>()
                .response::<Review>(),
        )
        .get(one, get, describe("Get a review").response::<Review>())
        .post(
            one,
            submit,
            describe("Submit your pending review").request::<SubmitReview>().response::<Review>(),
        )
        .delete(one, delete, describe("Delete a review"))
        .get(
            "/repos/{owner}/{repo}/pulls/{index}/reviews/{id}/comments",
            comments,
            describe("List the comments on lines of a review, with the replies to them")
                .response::<Vec<LineNote>>(),
        )
        .post(
            "/repos/{owner}/{repo}/pulls/{index}/reviews/{id}/dismissals",
            dismiss,
            describe("Set a review aside").request::<Dismissal>().response::<Review>(),
        )
        .post(
            "/repos/{owner}/{repo}/pulls/{index}/reviews/{id}/undismissals",
            restore,
            describe("Let a review that was set aside count again").response::<Review>(),
        )
}

/// A review to begin or to submit.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateReview {
    /// `APPROVED`, `REQUEST_CHANGES` or `COMMENT`; `PENDING` or nothing keeps it for later.
    #[serde(default)]
    event: String,
    #[serde(default)]
    body: String,
    /// The head that was looked at; the newest when left out.
    #[serde(default)]
    commit_id: String,
    #[serde(default)]
    comments: Vec<CreateLineNote>,
}

/// A comment on a line of a file.
#[derive(Deserialize, ToSchema)]
pub(crate) struct CreateLineNote {
    path: String,
    body: String,
    /// A line of the old file, or 0.
    #[serde(default)]
    old_position: u32,
    /// A line of the new file, or 0.
    #[serde(default)]
    new_position: u32,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct SubmitReview {
    /// `APPROVED`, `REQUEST_CHANGES` or `COMMENT`.
    #[serde(default)]
    event: String,
    #[serde(default)]
    body: String,
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Dismissal {
    /// Why.
    #[serde(default)]
    message: String,
}

/// None: it stays pending.
fn verdict(event: &str) -> ApiResult<Option<ReviewVerdict>> {
    Ok(match event {
        "" | "PENDING" => None,
        "APPROVED" | "APPROVE" => Some(ReviewVerdict::Approve),
        "REQUEST_CHANGES" => Some(ReviewVerdict::RequestChanges),
        "COMMENT" => Some(ReviewVerdict::Comment),
        _ => return Err(Error::field("event", "unknown-choice").into()),
    })
}

/// The number in an address; anything else is not found.
fn review_id(text: &str) -> ApiResult<ReviewId> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::Review))?)
}

pub(super) fn page(app: &App, access: &Access<Read>, number: ThreadNumber) -> String {
    let row = access.repository();
    let urls = RepositoryUrls::new(row.kind, row.owner.as_str(), row.name.as_str());
    app.urls().absolute(&urls.pull(number))
}

/// The head of each version.
pub(super) async fn heads(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
) -> ApiResult<HashMap<i64, String>> {
    let versions = pull_request::versions(app, access, number).await?;
    Ok(versions.into_iter().map(|version| (version.number, version.head_id)).collect())
}

/// How many comments belong to a review: those that its line threads began with, and the replies to them.
fn count_of(threads: &[LineThread], review: ReviewId) -> usize {
    threads.iter().filter(|thread| begins_in(thread, review)).map(|thread| thread.comments.len()).sum()
}

fn begins_in(thread: &LineThread, review: ReviewId) -> bool {
    thread.comments.first().is_some_and(|first| first.review_id == review)
}

/// The reviews, with the caller's own pending one, and the requests for reviews after them.
pub(super) async fn all_reviews(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
) -> ApiResult<Vec<Review>> {
    let mut rows = review::reviews(app, access, number).await?;
    rows.extend(review::pending(app, access, number).await?.map(|pending| pending.review));
    let requests = review::requests(app, access, number).await?;
    let threads = review::line_threads(app, access, number).await?;
    let heads = heads(app, access, number).await?;
    let mut ids: Vec<UserId> = rows.iter().map(|row| row.author_id).collect();
    ids.extend(requests.iter().filter_map(|asked| asked.user_id));
    let people = People::find(app, access, ids).await?;
    let page = page(app, access, number);
    let mut shown: Vec<Review> = rows
        .iter()
        .map(|row| {
            let head = heads.get(&row.version).map_or("", String::as_str);
            Review::new(&people, row, &page, head, count_of(&threads, row.id))
        })
        .collect();
    shown.extend(requests.iter().map(|asked| {
        let user = asked.user_id.and_then(|id| people.user(id));
        let team = asked.organization.as_ref().zip(asked.team_name.as_ref());
        let team = team.map(|(organization, team)| format!("{organization}/{team}"));
        Review::request(user, team, &page, asked.created_at)
    }));
    Ok(shown)
}

async fn show(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    row: &review::Review,
) -> ApiResult<Json<Review>> {
    let people = People::find(app, access, [row.author_id]).await?;
    let threads = review::line_threads(app, access, number).await?;
    let heads = heads(app, access, number).await?;
    let head = heads.get(&row.version).map_or("", String::as_str);
    let page = page(app, access, number);
    Ok(Json(Review::new(&people, row, &page, head, count_of(&threads, row.id))))
}

async fn list(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Numbered,
    paging: Paging,
) -> ApiResult<Response> {
    let all = all_reviews(&app, &access, number(&index)?).await?;
    Ok(paging.answer(&app, &paging.cut(all)))
}

async fn get(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index, id)): Named,
) -> ApiResult<Json<Review>> {
    let number = number(&index)?;
    let found = review::find(&app, &access, number, review_id(&id)?).await?;
    show(&app, &access, number, &found).await
}

/// The version whose head is this commit; the newest for an empty one.
async fn version_of(app: &App, access: &Access<Read>, number: ThreadNumber, commit: &str) -> ApiResult<i64> {
    let versions = pull_request::versions(app, access, number).await?;
    let is_it = |version: &&pull_request::Version| commit.is_empty() || version.head_id == commit;
    let found = versions.iter().rev().find(is_it);
    Ok(found.ok_or(Error::field("commit_id", "unknown"))?.number)
}

async fn create(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Numbered,
    Input(input): Input<CreateReview>,
) -> ApiResult<Json<Review>> {
    access.participant()?;
    let number = number(&index)?;
    let verdict = verdict(&input.event)?;
    // Comments on lines need to know where the version left its base.
    pull_request::find_prepared(&app, &access, number).await?;
    let version = version_of(&app, &access, number, &input.commit_id).await?;
    for comment in input.comments {
        let (side, line) = match (comment.old_position, comment.new_position) {
            (0, line) => (LineSide::New, line),
            (line, _) => (LineSide::Old, line),
        };
        let (path, body) = (comment.path, comment.body);
        let new = NewLineComment { path, side, first_line: line, last_line: line, version, body };
        review::comment_on_lines(&app, &access, number, new, When::WithReview).await?;
    }
    let row = match verdict {
        Some(verdict) => {
            let new = NewReview { verdict, body: input.body, version };
            review::submit(&app, &access, number, new).await?
        }
        None => {
            review::keep_draft(&app, &access, number, &input.body).await?;
            own_pending(&app, &access, number).await?
        }
    };
    show(&app, &access, number, &row).await
}

async fn own_pending(app: &App, access: &Access<Read>, number: ThreadNumber) -> ApiResult<review::Review> {
    let pending = review::pending(app, access, number).await?;
    Ok(pending.ok_or(Error::NotFound(Kind::Review))?.review)
}

async fn submit(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index, id)): Named,
    Input(input): Input<SubmitReview>,
) -> ApiResult<Json<Review>> {
    let number = number(&index)?;
    let pending = own_pending(&app, &access, number).await?;
    if pending.id != review_id(&id)? {
        return Err(Error::NotFound(Kind::Review).into());
    }
    let verdict = verdict(&input.event)?.ok_or(Error::field("event", "required"))?;
    let new = NewReview { verdict, body: input.body, version: pending.version };
    let row = review::submit(&app, &access, number, new).await?;
    show(&app, &access, number, &row).await
}

async fn delete(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index, id)): Named,
) -> ApiResult<StatusCode> {
    let number = number(&index)?;
    let found = review::find(&app, &access, number, review_id(&id)?).await?;
    if found.state == ReviewState::Pending {
        review::discard_pending(&app, &access, number).await?;
    } else {
        review::delete(&app, &access, number, found.id).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

async fn comments(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index, id)): Named,
) -> ApiResult<Json<Vec<LineNote>>> {
    let number = number(&index)?;
    let id = review::find(&app, &access, number, review_id(&id)?).await?.id;
    let threads = review::line_threads(&app, &access, number).await?;
    let heads = heads(&app, &access, number).await?;
    let rows = threads.iter().flat_map(|thread| &thread.comments);
    let ids: Vec<UserId> = rows.flat_map(|row| [Some(row.author_id), row.resolved_by]).flatten().collect();
    let people = People::find(&app, &access, ids).await?;
    let page = page(&app, &access, number);
    let mut shown = Vec::new();
    for thread in threads.iter().filter(|thread| begins_in(thread, id)) {
        let Some(first) = thread.comments.first() else { continue };
        for row in &thread.comments {
            let head = heads.get(&row.version).map_or("", String::as_str);
            shown.push(LineNote::new(&people, (row, first), &page, head));
        }
    }
    Ok(Json(shown))
}

async fn dismiss(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index, id)): Named,
    Input(input): Input<Dismissal>,
) -> ApiResult<Json<Review>> {
    let number = number(&index)?;
    let row = review::dismiss(&app, &access.write()?, number, review_id(&id)?, &input.message).await?;
    show(&app, &access, number, &row).await
}

async fn restore(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index, id)): Named,
) -> ApiResult<Json<Review>> {
    let number = number(&index)?;
    let row = review::undismiss(&app, &access.write()?, number, review_id(&id)?).await?;
    show(&app, &access, number, &row).await
}

use axum::{
    Json,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use hearth_app::{
    Access, App,
    code::{self, PatchForm},
    issue::Bodies,
    pull_request::{self, PullRequestCard, PullRequestSort, Query as PullQuery},
};
use hearth_core::{Error, LabelId, MilestoneId, PullRequestState, Read};
use serde::Deserialize;

use super::number;
use crate::{
    at::InPulls,
    error::ApiResult,
    pagination::Paging,
    v1::{
        commit::patch_response,
        shape::{PullRequest, Pulls},
    },
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filters {
    state: String,
    sort: String,
    q: String,
    labels: Option<LabelId>,
    milestone: i64,
    poster: String,
    base_branch: String,
}

impl Filters {
    /// A merged one counts as closed.
    fn states(&self) -> ApiResult<Vec<PullRequestState>> {
        match self.state.as_str() {
            "" | "open" => Ok(vec![PullRequestState::Open]),
            "closed" => Ok(vec![PullRequestState::Closed, PullRequestState::Merged]),
            "all" => Ok(Vec::new()),
            _ => Err(Error::field("state", "unknown").into()),
        }
    }

    fn sort(&self) -> ApiResult<PullRequestSort> {
        Ok(match self.sort.as_str() {
            "" | "newest" | "priority" => PullRequestSort::Newest,
            "oldest" => PullRequestSort::Oldest,
            "recentupdate" => PullRequestSort::RecentlyUpdated,
            "leastupdate" => PullRequestSort::LeastRecentlyUpdated,
            "mostcomment" => PullRequestSort::MostCommented,
            "leastcomment" => PullRequestSort::LeastCommented,
            _ => return Err(Error::field("sort", "unknown-choice").into()),
        })
    }
}

pub(super) async fn show(
    app: &App,
    access: &Access<Read>,
    card: &PullRequestCard,
) -> ApiResult<Json<PullRequest>> {
    Ok(Json(Pulls::find(app, access, std::slice::from_ref(card)).await?.show(card)))
}

pub(crate) async fn list(
    State(app): State<App>,
    InPulls(access): InPulls,
    Query(asked): Query<Filters>,
    paging: Paging,
) -> ApiResult<Response> {
    let mut query = PullQuery::parse(&asked.q);
    let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    query.thread.author = given(&asked.poster).or(query.thread.author);
    query.base = given(&asked.base_branch).or(query.base);
    let mut filter = query.filter(&app, &access).await?;
    filter.states = asked.states()?;
    filter.thread.labels.extend(asked.labels);
    filter.thread.milestone = Some(MilestoneId(asked.milestone)).filter(|id| id.0 != 0);
    let order = (asked.sort()?, Bodies::Whole);
    let page = pull_request::list(&app, &access, &filter, order, paging.request()).await?;
    let pulls = Pulls::find(&app, &access, &page.items).await?;
    Ok(paging.answer(&app, &page.map(|card| pulls.show(&card))))
}

pub(crate) async fn get(
    State(app): State<App>,
    InPulls(access): InPulls,
    Path((_, _, index)): Path<(String, String, String)>,
) -> ApiResult<Response> {
    if let Some((index, form)) = PatchForm::split(&index) {
        let found = pull_request::find_prepared(&app, &access, number(index)?).await?.pull_request;
        let base = found.merge_base_id.as_ref().unwrap_or(&found.base_id);
        let text = code::range_patch(&app, &access, base, &found.head_id, form).await?;
        return Ok(patch_response(text));
    }
    let card = pull_request::find_prepared(&app, &access, number(&index)?).await?;
    Ok(show(&app, &access, &card).await?.into_response())
}

//! Issues and pull requests over all repositories, by what the caller has to do with them.

use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    App,
    overview::{self, Overview, Relation},
};
use hearth_core::{Error, Page, ThreadKind};
use serde::Deserialize;

use super::any::shown;
use crate::{authenticate::Caller, error::ApiResult, pagination::Paging};

#[expect(clippy::struct_excessive_bools, reason = "the fields are Gitea's")]
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct SearchQuery {
    state: String,
    r#type: String,
    q: String,
    created: bool,
    assigned: bool,
    mentioned: bool,
    review_requested: bool,
}

impl SearchQuery {
    fn relation(&self) -> Option<Relation> {
        [
            (self.created, Relation::Created),
            (self.assigned, Relation::Assigned),
            (self.mentioned, Relation::Mentioned),
            (self.review_requested, Relation::ReviewRequested),
        ]
        .into_iter()
        .find_map(|(is_asked, relation)| is_asked.then_some(relation))
    }
}

pub(crate) async fn search(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(asked): Query<SearchQuery>,
    paging: Paging,
) -> ApiResult<Response> {
    let is_open = match asked.state.as_str() {
        "" | "open" => Some(true),
        "closed" => Some(false),
        "all" => None,
        _ => return Err(Error::field("state", "unknown").into()),
    };
    let kind = match asked.r#type.as_str() {
        "" | "issues" => ThreadKind::Issue,
        "pulls" => ThreadKind::PullRequest,
        _ => return Err(Error::field("type", "unknown").into()),
    };
    let question = Overview { kind, relation: asked.relation(), is_open, text: asked.q };
    let found = overview::list(&app, &actor, &question, paging.request()).await?.rows;
    let mut items = Vec::with_capacity(found.items.len());
    for row in &found.items {
        items.push(shown(&app, &actor, row.repository_id, (row.kind, row.number)).await?);
    }
    Ok(paging.answer(&app, &Page { items, total: found.total, request: found.request }))
}

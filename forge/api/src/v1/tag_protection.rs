//! Rules for tags, as Gitea's tag protections: who may create, move and delete tags of a pattern.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Access, App,
    branch_rule::{self, BranchRule, Names, NewRule},
};
use hearth_core::{Administer, BranchRuleId, BranchRuleSettings, Error, Kind, RuleKind, Timestamp, WhoMay};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::branch_protection::find;
use crate::{
    at::InRepository,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

type Named = Path<(String, String, String)>;

pub(crate) fn routes(table: Table) -> Table {
    let all = "/repos/{owner}/{repo}/tag_protections";
    let one = "/repos/{owner}/{repo}/tag_protections/{id}";
    table
        .get(all, list, describe("List the rules for tags").list_response::<TagProtection>())
        .post(
            all,
            create,
            describe("Create a rule for tags")
                .request::<EditTagProtection>()
                .response::<TagProtection>()
                .status(201),
        )
        .get(one, get, describe("Get a rule for tags").response::<TagProtection>())
        .patch(
            one,
            edit,
            describe("Change a rule for tags").request::<EditTagProtection>().response::<TagProtection>(),
        )
        .delete(one, delete, describe("Delete a rule for tags"))
}

/// A rule for tags.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TagProtection {
    id: i64,
    name_pattern: String,
    whitelist_usernames: Vec<String>,
    whitelist_teams: Vec<String>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// Fields that are left out stay unchanged.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct EditTagProtection {
    name_pattern: Option<String>,
    /// Nobody when both lists are empty.
    whitelist_usernames: Option<Vec<String>>,
    whitelist_teams: Option<Vec<String>>,
}

async fn show(app: &App, access: &Access<Administer>, rule: &BranchRule) -> ApiResult<TagProtection> {
    let names = branch_rule::names(app, access, &rule.settings.0.create).await?;
    Ok(TagProtection {
        id: rule.id.0,
        name_pattern: rule.pattern.clone(),
        whitelist_usernames: names.people,
        whitelist_teams: names.teams,
        created_at: rule.created_at,
        updated_at: rule.updated_at,
    })
}

/// The lists of a rule decide on everything that changes a tag.
fn with(known: BranchRuleSettings, who: WhoMay) -> BranchRuleSettings {
    BranchRuleSettings {
        push: who.clone(),
        create: who.clone(),
        delete: who.clone(),
        force_push: who,
        ..known
    }
}

async fn who(app: &App, access: &Access<Administer>, names: &Names) -> ApiResult<WhoMay> {
    if names.people.is_empty() && names.teams.is_empty() {
        return Ok(WhoMay::Nobody);
    }
    Ok(branch_rule::who_may(app, access, "whitelist_usernames", names).await?)
}

async fn numbered(app: &App, access: &Access<Administer>, text: &str) -> ApiResult<BranchRule> {
    let id: BranchRuleId = text.parse().map_err(|_| Error::NotFound(Kind::BranchRule))?;
    find(app, access, RuleKind::Tag, |rule| rule.id == id).await
}

async fn list(
    State(app): State<App>,
    InRepository(access): InRepository,
    paging: Paging,
) -> ApiResult<Response> {
    let access = access.administer()?;
    let mut rules = branch_rule::list(&app, &access).await?;
    rules.retain(|rule| rule.kind == RuleKind::Tag);
    let page = paging.cut(rules);
    let mut items = Vec::with_capacity(page.items.len());
    for rule in &page.items {
        items.push(show(&app, &access, rule).await?);
    }
    Ok(paging.answer(&app, &hearth_core::Page { items, total: page.total, request: page.request }))
}

async fn create(
    State(app): State<App>,
    InRepository(access): InRepository,
    Input(asked): Input<EditTagProtection>,
) -> ApiResult<(StatusCode, Json<TagProtection>)> {
    let access = access.administer()?;
    let names = Names {
        people: asked.whitelist_usernames.unwrap_or_default(),
        teams: asked.whitelist_teams.unwrap_or_default(),
    };
    let settings = with(BranchRuleSettings::default(), who(&app, &access, &names).await?);
    let pattern = asked.name_pattern.unwrap_or_default();
    let made =
        branch_rule::create(&app, &access, &NewRule { kind: RuleKind::Tag, pattern, settings }).await?;
    Ok((StatusCode::CREATED, Json(show(&app, &access, &made).await?)))
}

async fn get(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, id)): Named,
) -> ApiResult<Json<TagProtection>> {
    let access = access.administer()?;
    let found = numbered(&app, &access, &id).await?;
    Ok(Json(show(&app, &access, &found).await?))
}

async fn edit(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, id)): Named,
    Input(asked): Input<EditTagProtection>,
) -> ApiResult<Json<TagProtection>> {
    let access = access.administer()?;
    let found = numbered(&app, &access, &id).await?;
    let known = branch_rule::names(&app, &access, &found.settings.0.create).await?;
    let names = Names {
        people: asked.whitelist_usernames.unwrap_or(known.people),
        teams: asked.whitelist_teams.unwrap_or(known.teams),
    };
    let settings = with(found.settings.0, who(&app, &access, &names).await?);
    let pattern = asked.name_pattern.unwrap_or(found.pattern);
    let new = NewRule { kind: RuleKind::Tag, pattern, settings };
    let changed = branch_rule::edit(&app, &access, found.id, &new).await?;
    Ok(Json(show(&app, &access, &changed).await?))
}

async fn delete(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, id)): Named,
) -> ApiResult<StatusCode> {
    let access = access.administer()?;
    let found = numbered(&app, &access, &id).await?;
    branch_rule::delete(&app, &access, found.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

//! Rules for branches and tags, as Gitea's branch and tag protections.
//!
//! One rule has more to say than a protection: what a protection does not know stays as it is when one is changed.

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
use hearth_core::{Administer, BranchRuleSettings, Error, Kind, RuleKind, Timestamp, WhoMay};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    at::InRepository,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

type Named = Path<(String, String, String)>;

pub(crate) fn routes(table: Table) -> Table {
    let all = "/repos/{owner}/{repo}/branch_protections";
    let one = "/repos/{owner}/{repo}/branch_protections/{*name}";
    table
        .get(all, list, describe("List the rules for branches").list_response::<Protection>())
        .post(
            all,
            create,
            describe("Create a rule for branches")
                .request::<EditProtection>()
                .response::<Protection>()
                .status(201),
        )
        .get(one, get, describe("Get a rule for branches by its pattern").response::<Protection>())
        .patch(
            one,
            edit,
            describe("Change a rule for branches").request::<EditProtection>().response::<Protection>(),
        )
        .delete(one, delete, describe("Delete a rule for branches"))
}

/// A rule for branches.
#[expect(clippy::struct_excessive_bools, reason = "the fields are Gitea's")]
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Protection {
    /// The pattern, as `rule_name`.
    branch_name: String,
    rule_name: String,
    enable_push: bool,
    enable_push_whitelist: bool,
    push_whitelist_usernames: Vec<String>,
    push_whitelist_teams: Vec<String>,
    enable_force_push: bool,
    enable_force_push_allowlist: bool,
    force_push_allowlist_usernames: Vec<String>,
    force_push_allowlist_teams: Vec<String>,
    enable_merge_whitelist: bool,
    merge_whitelist_usernames: Vec<String>,
    merge_whitelist_teams: Vec<String>,
    enable_status_check: bool,
    status_check_contexts: Vec<String>,
    required_approvals: u32,
    enable_approvals_whitelist: bool,
    approvals_whitelist_username: Vec<String>,
    approvals_whitelist_teams: Vec<String>,
    block_on_rejected_reviews: bool,
    block_on_outdated_branch: bool,
    dismiss_stale_approvals: bool,
    require_signed_commits: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

const fn is_listed(who: &WhoMay) -> bool {
    matches!(who, WhoMay::Listed { .. })
}

const fn may_anybody(who: &WhoMay) -> bool {
    !matches!(who, WhoMay::Nobody)
}

async fn show(app: &App, access: &Access<Administer>, rule: &BranchRule) -> ApiResult<Protection> {
    let settings = &rule.settings.0;
    let push = branch_rule::names(app, access, &settings.push).await?;
    let force = branch_rule::names(app, access, &settings.force_push).await?;
    let merge = branch_rule::names(app, access, &settings.merge).await?;
    let approvals = branch_rule::names(app, access, &settings.only_listed_approvals).await?;
    Ok(Protection {
        branch_name: rule.pattern.clone(),
        rule_name: rule.pattern.clone(),
        enable_push: may_anybody(&settings.push),
        enable_push_whitelist: is_listed(&settings.push),
        push_whitelist_usernames: push.people,
        push_whitelist_teams: push.teams,
        enable_force_push: may_anybody(&settings.force_push),
        enable_force_push_allowlist: is_listed(&settings.force_push),
        force_push_allowlist_usernames: force.people,
        force_push_allowlist_teams: force.teams,
        enable_merge_whitelist: is_listed(&settings.merge),
        merge_whitelist_usernames: merge.people,
        merge_whitelist_teams: merge.teams,
        enable_status_check: !settings.checks.is_empty(),
        status_check_contexts: settings.checks.clone(),
        required_approvals: settings.approvals,
        enable_approvals_whitelist: is_listed(&settings.only_listed_approvals),
        approvals_whitelist_username: approvals.people,
        approvals_whitelist_teams: approvals.teams,
        block_on_rejected_reviews: settings.blocks_on_changes_requested,
        block_on_outdated_branch: settings.needs_up_to_date,
        dismiss_stale_approvals: settings.lapses_on_change,
        require_signed_commits: settings.signed_commits,
        created_at: rule.created_at,
        updated_at: rule.updated_at,
    })
}

/// A rule for branches to create, or what to change of one: fields that are left out stay unchanged.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub(crate) struct EditProtection {
    branch_name: String,
    /// The pattern; `branch_name` means the same.
    rule_name: String,
    enable_push: Option<bool>,
    enable_push_whitelist: Option<bool>,
    push_whitelist_usernames: Vec<String>,
    push_whitelist_teams: Vec<String>,
    enable_force_push: Option<bool>,
    enable_force_push_allowlist: Option<bool>,
    force_push_allowlist_usernames: Vec<String>,
    force_push_allowlist_teams: Vec<String>,
    enable_merge_whitelist: Option<bool>,
    merge_whitelist_usernames: Vec<String>,
    merge_whitelist_teams: Vec<String>,
    enable_status_check: Option<bool>,
    status_check_contexts: Option<Vec<String>>,
    required_approvals: Option<u32>,
    enable_approvals_whitelist: Option<bool>,
    approvals_whitelist_username: Vec<String>,
    approvals_whitelist_teams: Vec<String>,
    block_on_rejected_reviews: Option<bool>,
    block_on_outdated_branch: Option<bool>,
    dismiss_stale_approvals: Option<bool>,
    require_signed_commits: Option<bool>,
}

/// What a client says of who may do something.
struct Said {
    /// Whether anybody may.
    is_on: Option<bool>,
    /// Whether only those who are listed may.
    is_listed: Option<bool>,
    names: Names,
}

impl Said {
    async fn who_may(
        self,
        app: &App,
        access: &Access<Administer>,
        field: &'static str,
        known: &WhoMay,
    ) -> ApiResult<WhoMay> {
        let is_on = self.is_on.unwrap_or_else(|| may_anybody(known));
        Ok(match (is_on, self.is_listed) {
            (false, _) => WhoMay::Nobody,
            (true, Some(true)) => branch_rule::who_may(app, access, field, &self.names).await?,
            (true, Some(false)) => WhoMay::Writers,
            (true, None) if self.is_on == Some(true) && !may_anybody(known) => WhoMay::Writers,
            (true, None) => known.clone(),
        })
    }
}

impl EditProtection {
    fn pattern(&self) -> &str {
        if self.rule_name.is_empty() { &self.branch_name } else { &self.rule_name }
    }

    async fn settings(
        self,
        app: &App,
        access: &Access<Administer>,
        known: BranchRuleSettings,
    ) -> ApiResult<BranchRuleSettings> {
        let said =
            |is_on, is_listed, people, teams| Said { is_on, is_listed, names: Names { people, teams } };
        let push = said(
            self.enable_push,
            self.enable_push_whitelist,
            self.push_whitelist_usernames,
            self.push_whitelist_teams,
        );
        let force = said(
            self.enable_force_push,
            self.enable_force_push_allowlist,
            self.force_push_allowlist_usernames,
            self.force_push_allowlist_teams,
        );
        let merge = said(
            Some(true),
            self.enable_merge_whitelist,
            self.merge_whitelist_usernames,
            self.merge_whitelist_teams,
        );
        let approvals = said(
            Some(true),
            self.enable_approvals_whitelist,
            self.approvals_whitelist_username,
            self.approvals_whitelist_teams,
        );
        let checks = match self.enable_status_check {
            Some(false) => Vec::new(),
            _ => self.status_check_contexts.unwrap_or_else(|| known.checks.clone()),
        };
        let listed = "approvals_whitelist_username";
        Ok(BranchRuleSettings {
            push: push.who_may(app, access, "push_whitelist_usernames", &known.push).await?,
            force_push: force
                .who_may(app, access, "force_push_allowlist_usernames", &known.force_push)
                .await?,
            merge: merge.who_may(app, access, "merge_whitelist_usernames", &known.merge).await?,
            approvals: self.required_approvals.unwrap_or(known.approvals),
            only_listed_approvals: approvals
                .who_may(app, access, listed, &known.only_listed_approvals)
                .await?,
            blocks_on_changes_requested: self
                .block_on_rejected_reviews
                .unwrap_or(known.blocks_on_changes_requested),
            needs_up_to_date: self.block_on_outdated_branch.unwrap_or(known.needs_up_to_date),
            lapses_on_change: self.dismiss_stale_approvals.unwrap_or(known.lapses_on_change),
            signed_commits: self.require_signed_commits.unwrap_or(known.signed_commits),
            checks,
            ..known
        })
    }
}

/// The rule of this kind with this pattern.
pub(super) async fn find(
    app: &App,
    access: &Access<Administer>,
    kind: RuleKind,
    is_it: impl Fn(&BranchRule) -> bool,
) -> ApiResult<BranchRule> {
    let mut rules = branch_rule::list(app, access).await?.into_iter();
    let found = rules.find(|rule| rule.kind == kind && is_it(rule));
    Ok(found.ok_or(Error::NotFound(Kind::BranchRule))?)
}

async fn list(
    State(app): State<App>,
    InRepository(access): InRepository,
    paging: Paging,
) -> ApiResult<Response> {
    let access = access.administer()?;
    let mut rules = branch_rule::list(&app, &access).await?;
    rules.retain(|rule| rule.kind == RuleKind::Branch);
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
    Input(asked): Input<EditProtection>,
) -> ApiResult<(StatusCode, Json<Protection>)> {
    let access = access.administer()?;
    let pattern = asked.pattern().to_owned();
    // What Gitea leaves out of a new protection, nobody may do.
    let asked = EditProtection { enable_push: Some(asked.enable_push.unwrap_or(false)), ..asked };
    let settings = asked.settings(&app, &access, BranchRuleSettings::default()).await?;
    let made =
        branch_rule::create(&app, &access, &NewRule { kind: RuleKind::Branch, pattern, settings }).await?;
    Ok((StatusCode::CREATED, Json(show(&app, &access, &made).await?)))
}

async fn get(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Named,
) -> ApiResult<Json<Protection>> {
    let access = access.administer()?;
    let found = find(&app, &access, RuleKind::Branch, |rule| rule.pattern == name).await?;
    Ok(Json(show(&app, &access, &found).await?))
}

async fn edit(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Named,
    Input(asked): Input<EditProtection>,
) -> ApiResult<Json<Protection>> {
    let access = access.administer()?;
    let found = find(&app, &access, RuleKind::Branch, |rule| rule.pattern == name).await?;
    let settings = asked.settings(&app, &access, found.settings.0).await?;
    let new = NewRule { kind: RuleKind::Branch, pattern: found.pattern, settings };
    let changed = branch_rule::edit(&app, &access, found.id, &new).await?;
    Ok(Json(show(&app, &access, &changed).await?))
}

async fn delete(
    State(app): State<App>,
    InRepository(access): InRepository,
    Path((_, _, name)): Named,
) -> ApiResult<StatusCode> {
    let access = access.administer()?;
    let found = find(&app, &access, RuleKind::Branch, |rule| rule.pattern == name).await?;
    branch_rule::delete(&app, &access, found.id).await?;
    Ok(StatusCode::NO_CONTENT)
}

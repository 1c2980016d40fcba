//! What the rules of a branch ask of a pull request before it is merged there.

use std::collections::{BTreeMap, BTreeSet};

use hearth_core::{
    Error, Read, Result, ReviewVerdict, StatusState, ThreadNumber, UserName, WhoMay, Write,
    event::{BranchRuleEvent, Subject},
};
use hearth_git::BranchName;
use hearth_store::{
    Ask,
    branch_rule::{self as row, BranchRule},
    commit_status::{self, CommitStatus},
    line_comment,
    pull_request::PullRequest,
    pull_request_version,
    repository::Repository,
    review::{self, Standing},
    user,
};

use super::{Glob, Rights, rules::Rules};
use crate::{
    Access, App, Operation,
    code_owner::{self, Ownership},
    pull_request::find_row,
    retraining,
    review::obstacle::Obstacle,
};

/// What the rules ask of a pull request, and of whoever wants to merge it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is asked about on its own")]
pub(crate) struct Demands {
    /// What is still missing.
    pub(crate) obstacles: Vec<Obstacle>,
    /// Whether every rule lets this reader merge.
    pub(crate) may_merge: bool,
    /// Whether every rule lets this reader do without what it asks.
    pub(crate) may_bypass: bool,
    /// Whether merge commits are refused.
    pub(crate) is_linear: bool,
    /// Whether unsigned commits are refused.
    pub(crate) needs_signatures: bool,
}

/// What is known of a pull request.
#[derive(Clone, Debug, Default)]
struct Facts {
    /// Those whose approval holds, with what they may do.
    approvers: Vec<(Standing, Rights)>,
    /// Those whose approval would hold if they had not pushed commits of what they approve.
    contributors: Vec<UserName>,
    /// Those with write access who ask for changes.
    against: Vec<UserName>,
    statuses: Vec<CommitStatus>,
    is_up_to_date: bool,
    unresolved: u64,
    /// What had to be trained again: contexts, and what came of them.
    retrained: Vec<(String, Option<StatusState>)>,
    /// The files whose owners have not approved.
    unowned: Ownership,
}

/// What is demanded of this pull request by all rules of its base branch.
pub(crate) async fn merge_demands(
    app: &App,
    access: &Access<Read>,
    pull_request: &PullRequest,
) -> Result<Demands> {
    let mut reader = app.store().read().await?;
    let rules = Rules::of(row::list(&mut reader, access.repository().id).await?);
    let base = BranchName::new(pull_request.base_branch.clone()).map_err(Error::internal)?;
    let rules = rules.of_branch(&base);
    let rights = Rights::of(&mut reader, access).await?;
    let mut demands = Demands {
        obstacles: Vec::new(),
        may_merge: rights.may_write && rules.iter().all(|rule| rights.is_among(&rule.settings.merge)),
        may_bypass: !rules.is_empty() && rules.iter().all(|rule| rights.is_among(&rule.settings.bypass)),
        is_linear: rules.iter().any(|rule| rule.settings.linear_history),
        needs_signatures: rules.iter().any(|rule| rule.settings.signed_commits),
    };
    if !rules.iter().any(|rule| asks_for_anything(rule)) {
        return Ok(demands);
    }
    let mut facts = read(&mut reader, access.repository(), pull_request).await?;
    let compared = retraining::compare_by_rules(&mut reader, &rules, pull_request).await?;
    facts.retrained = compared.iter().map(|one| (one.retraining.context(), one.verdict.state())).collect();
    drop(reader);
    if rules.iter().any(|rule| rule.settings.needs_code_owners) {
        let approvers: Vec<&Rights> = facts.approvers.iter().map(|(_, rights)| rights).collect();
        facts.unowned =
            code_owner::without_approval(app, access.repository(), pull_request, &approvers).await?;
    }
    demands.obstacles = obstacles(&rules, &facts);
    Ok(demands)
}

fn asks_for_anything(rule: &BranchRule) -> bool {
    let settings = &rule.settings;
    settings.approvals > 0
        || settings.needs_code_owners
        || settings.blocks_on_changes_requested
        || settings.needs_up_to_date
        || settings.needs_resolved_threads
        || !settings.checks.is_empty()
        || settings.retraining.is_some()
}

/// What the database knows. Only people who can still write count, for and against.
async fn read(ask: &mut impl Ask, repository: &Repository, pull_request: &PullRequest) -> Result<Facts> {
    let mut facts = Facts {
        is_up_to_date: pull_request.merge_base_id.as_deref() == Some(pull_request.base_id.as_str()),
        unresolved: line_comment::count_unresolved(ask, pull_request.id).await?,
        statuses: commit_status::list_latest(ask, repository.id, &[pull_request.head_id.as_str()]).await?,
        ..Facts::default()
    };
    let standings = review::list_standing(ask, &[pull_request.id]).await?;
    let ids: Vec<_> = standings.iter().map(|standing| standing.user_id).collect();
    let people = user::find_all(ask, &ids).await?;
    let newest = pull_request.newest_version;
    let contributors = pull_request_version::list_contributors(ask, pull_request.id, newest).await?;
    for standing in standings {
        let Some(person) = people.iter().find(|person| person.id == standing.user_id) else { continue };
        let rights = Rights::of_person(ask, repository, person).await?;
        let is_author = standing.user_id == pull_request.author_id;
        match standing.verdict {
            _ if !rights.may_write || is_author => {}
            ReviewVerdict::Approve if standing.lapsed_at.is_some() => {}
            // Of what they wrote themselves, nobody else has approved.
            ReviewVerdict::Approve if contributors.contains(&standing.user_id) => {
                facts.contributors.push(standing.name);
            }
            ReviewVerdict::Approve => {
                facts.approvers.push((standing, rights));
            }
            ReviewVerdict::RequestChanges => facts.against.push(standing.name),
            ReviewVerdict::Comment => {}
        }
    }
    Ok(facts)
}

/// What is missing by these rules. Of a demand of several rules, the one that lacks most is named.
fn obstacles(rules: &[&BranchRule], facts: &Facts) -> Vec<Obstacle> {
    let mut found = Vec::new();
    let is_demanded = |demand: fn(&BranchRule) -> bool| rules.iter().any(|rule| demand(rule));
    let approvals = rules.iter().map(|rule| {
        let have = facts.approvers.iter().filter(|(_, rights)| counts(rule, rights)).count();
        (u32::try_from(have).unwrap_or(u32::MAX), rule.settings.approvals)
    });
    let missing = approvals.filter(|(have, need)| have < need).max_by_key(|(have, need)| need - have);
    found.extend(missing.map(|(have, need)| {
        let uncounted = facts.contributors.clone();
        Obstacle::MissingApprovals { have, need, uncounted }
    }));
    if !facts.against.is_empty() && is_demanded(|rule| rule.settings.blocks_on_changes_requested) {
        found.push(Obstacle::ChangesRequested { by: facts.against.clone() });
    }
    let Ownership { owners, paths, unknown } = facts.unowned.clone();
    if !paths.is_empty() && is_demanded(|rule| rule.settings.needs_code_owners) {
        found.push(Obstacle::CodeOwnersMissing { owners, paths, unknown });
    }
    let contexts = rules.iter().flat_map(|rule| &rule.settings.checks);
    found.extend(missing_checks(contexts, facts));
    if !facts.is_up_to_date && is_demanded(|rule| rule.settings.needs_up_to_date) {
        found.push(Obstacle::Behind);
    }
    if facts.unresolved > 0 && is_demanded(|rule| rule.settings.needs_resolved_threads) {
        found.push(Obstacle::UnresolvedThreads { count: facts.unresolved });
    }
    found
}

/// Whether somebody's approval counts for a rule.
fn counts(rule: &BranchRule, rights: &Rights) -> bool {
    match &rule.settings.only_listed_approvals {
        // Nobody is listed, so nobody is left out.
        WhoMay::Nobody => rights.may_write,
        listed => rights.is_among(listed),
    }
}

/// The checks that have failed, and those that have not succeeded yet.
fn missing_checks<'a>(contexts: impl Iterator<Item = &'a String>, facts: &Facts) -> Vec<Obstacle> {
    let mut states: BTreeMap<&str, Option<StatusState>> = BTreeMap::new();
    let statuses = &facts.statuses;
    for context in contexts {
        let glob = Glob::of_words(context);
        let worst = statuses.iter().filter(|status| glob.matches(&status.context)).map(|status| status.state);
        states.insert(context, worst.max_by_key(|state| badness(*state)));
    }
    // By the tasks as they are, whatever was reported; of several rules with one name, the one that is furthest from passing.
    for (context, state) in &facts.retrained {
        let known = states.entry(context).or_insert(Some(StatusState::Success));
        let rank = |state: Option<StatusState>| state.map_or(UNDECIDED, badness);
        if rank(*state) >= rank(*known) {
            *known = *state;
        }
    }
    let named = |is_it: fn(&Option<StatusState>) -> bool| -> Vec<String> {
        let found = states.iter().filter(|(_, state)| is_it(state));
        found.map(|(context, _)| (*context).to_owned()).collect()
    };
    let failed = named(|state| state.is_some_and(|state| badness(state) == FAILED));
    let missing = named(|state| state.is_none_or(|state| badness(state) == UNDECIDED));
    let mut found = Vec::new();
    if !missing.is_empty() {
        found.push(Obstacle::ChecksMissing { contexts: missing });
    }
    if !failed.is_empty() {
        found.push(Obstacle::ChecksFailed { contexts: failed });
    }
    found
}

const FINE: u8 = 0;
const UNDECIDED: u8 = 1;
const FAILED: u8 = 2;

const fn badness(state: StatusState) -> u8 {
    match state {
        StatusState::Success | StatusState::Warning => FINE,
        StatusState::Pending => UNDECIDED,
        StatusState::Failure | StatusState::Error => FAILED,
    }
}

/// The checks that the rules of the base branch demand, as patterns of their contexts.
pub async fn required_checks(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Vec<String>> {
    let mut reader = app.store().read().await?;
    let pull_request = find_row(&mut reader, access, number).await?;
    let rules = Rules::of(row::list(&mut reader, access.repository().id).await?);
    let base = BranchName::new(pull_request.base_branch.clone()).map_err(Error::internal)?;
    let rules = rules.of_branch(&base);
    let checks: BTreeSet<&String> = rules.iter().flat_map(|rule| &rule.settings.checks).collect();
    Ok(checks.into_iter().cloned().collect())
}

/// Whether a demanded check means this context.
pub fn is_context(pattern: &str, context: &str) -> bool {
    Glob::of_words(pattern).matches(context)
}

/// Records that somebody merged although the rules ask for more, in the operation of the merge.
pub(crate) async fn bypass_demands(
    operation: &mut Operation,
    access: &Access<Write>,
    pull_request: &PullRequest,
    obstacles: &[Obstacle],
) -> Result<()> {
    if obstacles.is_empty() {
        return Ok(());
    }
    let rules = Rules::of(row::list(operation, access.repository().id).await?);
    let base = BranchName::new(pull_request.base_branch.clone()).map_err(Error::internal)?;
    for rule in rules.of_branch(&base).into_iter().filter(|rule| asks_for_anything(rule)) {
        let event = BranchRuleEvent::Bypassed {
            rule: rule.id,
            pattern: rule.pattern.clone(),
            ref_name: base.full().to_string(),
            action: "merge".into(),
        };
        operation.record_in(access, Subject::Repository(access.repository().id), event).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use hearth_core::{
        BranchRuleId, BranchRuleSettings, RepositoryId, ReviewId, RuleKind, StatusId, ThreadId, Timestamp,
        UserId,
    };
    use hearth_store::Json;

    use super::*;

    fn rule(settings: BranchRuleSettings) -> BranchRule {
        let now = Timestamp::from_second(0);
        BranchRule {
            id: BranchRuleId(1),
            repository_id: RepositoryId(1),
            kind: RuleKind::Branch,
            pattern: "main".into(),
            settings: Json(settings),
            created_at: now,
            updated_at: now,
        }
    }

    fn approver(user: i64, may_write: bool) -> (Standing, Rights) {
        let standing = Standing {
            thread_id: ThreadId(1),
            review_id: ReviewId(user),
            user_id: UserId(user),
            name: "ana".parse().expect("a good name"),
            verdict: ReviewVerdict::Approve,
            version: 1,
            lapsed_at: None,
        };
        (standing, Rights { user: Some(UserId(user)), may_write, ..Rights::default() })
    }

    fn status(context: &str, state: StatusState) -> CommitStatus {
        CommitStatus {
            id: StatusId(1),
            repository_id: RepositoryId(1),
            commit_id: String::new(),
            context: context.into(),
            state,
            description: String::new(),
            target_url: String::new(),
            creator_id: Some(UserId(1)),
            created_at: Timestamp::from_second(0),
            updated_at: Timestamp::from_second(0),
        }
    }

    fn missing(rules: &[&BranchRule], facts: &Facts) -> Vec<Obstacle> {
        obstacles(rules, facts)
    }

    fn lacks(have: u32, need: u32) -> Obstacle {
        Obstacle::MissingApprovals { have, need, uncounted: Vec::new() }
    }

    #[test]
    fn approvals_count_as_far_as_the_rule_means_those_who_gave_them() {
        let two = rule(BranchRuleSettings { approvals: 2, ..BranchRuleSettings::default() });
        let listed = WhoMay::Listed { people: vec![UserId(2)], teams: Vec::new() };
        let one_of = rule(BranchRuleSettings {
            approvals: 1,
            only_listed_approvals: listed,
            ..BranchRuleSettings::default()
        });
        let mut facts = Facts { approvers: vec![approver(1, true), approver(3, false)], ..Facts::default() };
        assert_eq!(missing(&[&two], &facts), [lacks(1, 2)]);
        assert_eq!(missing(&[&one_of], &facts), [lacks(0, 1)]);
        facts.approvers.push(approver(2, true));
        assert_eq!(missing(&[&two, &one_of], &facts), []);
    }

    #[test]
    fn every_demanded_check_has_to_have_succeeded() {
        let checks = ["ci/*", "lint", "docs"].map(str::to_owned).to_vec();
        let rule = rule(BranchRuleSettings { checks, ..BranchRuleSettings::default() });
        let statuses = vec![
            status("ci/linux", StatusState::Success),
            status("ci/mac/arm", StatusState::Failure),
            status("lint", StatusState::Pending),
        ];
        let facts = Facts { statuses, ..Facts::default() };
        assert_eq!(
            missing(&[&rule], &facts),
            [
                Obstacle::ChecksMissing { contexts: vec!["docs".into(), "lint".into()] },
                Obstacle::ChecksFailed { contexts: vec!["ci/*".into()] },
            ]
        );
    }

    #[test]
    fn what_is_to_be_trained_again_is_a_check_by_its_tasks() {
        let checks = vec!["ci".to_owned(), "retrain/small".to_owned()];
        let rule = rule(BranchRuleSettings { checks, ..BranchRuleSettings::default() });
        let statuses = vec![
            status("ci", StatusState::Success),
            status("retrain/small", StatusState::Success),
            status("retrain/large", StatusState::Success),
        ];
        let contexts = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let mut facts = Facts {
            statuses,
            retrained: vec![
                ("retrain/small".into(), None),
                ("retrain/large".into(), Some(StatusState::Failure)),
            ],
            ..Facts::default()
        };
        assert_eq!(
            missing(&[&rule], &facts),
            [
                Obstacle::ChecksMissing { contexts: contexts(&["retrain/small"]) },
                Obstacle::ChecksFailed { contexts: contexts(&["retrain/large"]) },
            ]
        );
        for (_, state) in &mut facts.retrained {
            *state = Some(StatusState::Success);
        }
        assert_eq!(missing(&[&rule], &facts), []);
    }

    #[test]
    fn what_no_rule_asks_for_keeps_nothing_back() {
        let facts = Facts {
            against: vec!["ana".parse().expect("a good name")],
            unresolved: 3,
            unowned: Ownership { owners: vec!["@bo".into()], paths: vec!["a".into()], unknown: Vec::new() },
            ..Facts::default()
        };
        assert_eq!(missing(&[&rule(BranchRuleSettings::default())], &facts), []);
        let strict = rule(BranchRuleSettings {
            needs_code_owners: true,
            blocks_on_changes_requested: true,
            needs_up_to_date: true,
            needs_resolved_threads: true,
            ..BranchRuleSettings::default()
        });
        assert_eq!(missing(&[&strict], &facts).len(), 4);
    }
}

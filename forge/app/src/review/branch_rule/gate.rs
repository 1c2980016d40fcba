//! The gate on every way to a branch or a tag: git, pages, the API, merges.

use hearth_core::{
    Action, BranchRuleId, Error, MayPush, Result, RuleKind, Write,
    event::{BranchRuleEvent, Subject},
};
use hearth_git::{BranchName, Log, ObjectId, OpenRepository, Push, RefName, RefUpdate};
use hearth_store::branch_rule::{self as row, BranchRule};

use super::{
    Rights,
    breach::{Breach, NewCommits, UpdateFacts, Way, asks_for_ancestry, asks_for_commits, breaches},
    rules::Rules,
};
use crate::{
    Access, App, GitResult as _, Operation, push,
    verification::{Judge, check_some},
};

/// As many new commits of one update are looked at; with more, a rule that asks about them refuses the update.
const MOST_COMMITS: usize = 2_000;

/// Where the objects are that updates name.
#[derive(Clone, Copy)]
pub(crate) enum Objects<'a> {
    Stored(&'a hearth_git::Repository),
    /// They were received, but are no part of the repository yet.
    Pushed(&'a Push),
}

/// Why an update is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) ref_name: RefName,
    pub(crate) pattern: String,
    pub(crate) breach: Breach,
}

/// A rule that somebody may bypass, and did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bypassed {
    pub(crate) rule: BranchRuleId,
    pub(crate) pattern: String,
    pub(crate) ref_name: String,
    pub(crate) action: &'static str,
}

impl Refused {
    fn of(rule: &BranchRule, update: &RefUpdate, breach: Breach) -> Self {
        Self { ref_name: update.name.clone(), pattern: rule.pattern.clone(), breach }
    }
}

impl Bypassed {
    fn of(rule: &BranchRule, update: &RefUpdate, breach: Breach) -> Self {
        let (ref_name, action) = (update.name.to_string(), breach.action());
        Self { rule: rule.id, pattern: rule.pattern.clone(), ref_name, action }
    }
}

/// Proof that the rules let updates through, and what was bypassed for that.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Allowed {
    pub(crate) bypassed: Vec<Bypassed>,
}

impl Allowed {
    /// Records what was bypassed, in the operation that records the updates.
    pub(crate) async fn record(
        &self,
        operation: &mut Operation,
        access: &Access<impl MayPush>,
    ) -> Result<()> {
        for Bypassed { rule, pattern, ref_name, action } in &self.bypassed {
            let event = BranchRuleEvent::Bypassed {
                rule: *rule,
                pattern: pattern.clone(),
                ref_name: ref_name.clone(),
                action: (*action).to_owned(),
            };
            operation.record_in(access, Subject::Repository(access.repository().id), event).await?;
        }
        Ok(())
    }
}

/// Lets updates through, all or none. The default branch is not deleted, whoever asks.
pub(crate) async fn check_updates(
    app: &App,
    access: &Access<Write>,
    way: Way,
    objects: Objects<'_>,
    updates: &[RefUpdate],
) -> Result<Allowed> {
    let (refused, allowed) = judge(app, access, way, objects, updates).await?;
    if refused.is_empty() { Ok(allowed) } else { Err(Error::Forbidden(Action::BranchRule)) }
}

/// The same for a branch that gets another name, which may be the default branch: it stays that.
pub(crate) async fn check_renaming(
    app: &App,
    access: &Access<Write>,
    git: &hearth_git::Repository,
    updates: &[RefUpdate],
) -> Result<Allowed> {
    let (refused, allowed) = judge_by_rules(app, access, Way::Push, Objects::Stored(git), updates).await?;
    if refused.is_empty() { Ok(allowed) } else { Err(Error::Forbidden(Action::BranchRule)) }
}

/// The same for somebody who may bypass rules, but did not say that they want to.
pub(crate) async fn check_updates_strictly(
    app: &App,
    access: &Access<Write>,
    way: Way,
    objects: Objects<'_>,
    updates: &[RefUpdate],
) -> Result<Allowed> {
    let allowed = check_updates(app, access, way, objects, updates).await?;
    if allowed.bypassed.is_empty() { Ok(allowed) } else { Err(Error::Forbidden(Action::BranchRule)) }
}

/// What is refused, and what is allowed. Every rule that matches holds: a narrower one adds demands and lifts none, so
/// their order means nothing. Who may bypass one rule is still bound by the others.
pub(crate) async fn judge(
    app: &App,
    access: &Access<impl MayPush>,
    way: Way,
    objects: Objects<'_>,
    updates: &[RefUpdate],
) -> Result<(Vec<Refused>, Allowed)> {
    let default = &access.repository().default_branch;
    if updates.iter().any(|update| push::is_protected(update, default)) {
        return Err(Error::Forbidden(Action::ProtectedBranch));
    }
    judge_by_rules(app, access, way, objects, updates).await
}

async fn judge_by_rules(
    app: &App,
    access: &Access<impl MayPush>,
    way: Way,
    objects: Objects<'_>,
    updates: &[RefUpdate],
) -> Result<(Vec<Refused>, Allowed)> {
    let default = &access.repository().default_branch;
    let mut reader = app.store().read().await?;
    let rules = Rules::of(row::list(&mut reader, access.repository().id).await?);
    if rules.is_empty() {
        return Ok((Vec::new(), Allowed::default()));
    }
    let rights = Rights::of(&mut reader, access).await?;
    drop(reader);
    let held: Vec<Held<'_>> = updates.iter().filter_map(|update| Held::of(&rules, update)).collect();
    let tip = if held.iter().any(|held| held.asks_for_commits() && held.update.old.is_none()) {
        objects.tip(default).await?
    } else {
        None
    };
    let questions: Vec<Question> = held.iter().map(|held| held.question(&rights, tip)).collect();
    let answers = if questions.iter().any(Question::needs_reading) {
        objects.ask(move |git| questions.iter().map(|question| question.answer(git)).collect()).await?
    } else {
        vec![Answer::NOTHING; held.len()]
    };
    let (mut refused, mut allowed) = (Vec::new(), Allowed::default());
    for (held, mut answer) in held.into_iter().zip(answers) {
        if held.asks_for_signatures() && !answer.commits.has_unsigned {
            answer.commits.has_unsigned = has_unverified(app, objects, &answer.signed).await?;
        }
        let facts = held.facts(way, &answer);
        for rule in held.rules {
            let found = breaches(&rule.settings, &rights, facts);
            if rights.is_among(&rule.settings.bypass) {
                allowed
                    .bypassed
                    .extend(found.into_iter().map(|breach| Bypassed::of(rule, held.update, breach)));
            } else {
                refused.extend(found.into_iter().map(|breach| Refused::of(rule, held.update, breach)));
            }
        }
    }
    Ok((refused, allowed))
}

/// An update that rules are about.
struct Held<'a> {
    update: &'a RefUpdate,
    kind: RuleKind,
    rules: Vec<&'a BranchRule>,
}

impl<'a> Held<'a> {
    fn of(rules: &'a Rules, update: &'a RefUpdate) -> Option<Self> {
        let rules = rules.matching(&update.name);
        let kind = if update.name.tag().is_some() { RuleKind::Tag } else { RuleKind::Branch };
        (!rules.is_empty()).then_some(Self { update, kind, rules })
    }

    /// Tags name commits that were pushed to branches, where the rules for these look at them.
    fn asks_for_commits(&self) -> bool {
        self.kind == RuleKind::Branch && self.rules.iter().any(|rule| asks_for_commits(&rule.settings))
    }

    fn asks_for_signatures(&self) -> bool {
        self.kind == RuleKind::Branch && self.rules.iter().any(|rule| rule.settings.signed_commits)
    }

    /// What has to be read. `tip` is the default branch's commit: what it has is not new on a new branch.
    fn question(&self, rights: &Rights, tip: Option<ObjectId>) -> Question {
        let RefUpdate { old, new, .. } = self.update;
        let asks_for_ancestry = self.kind == RuleKind::Branch
            && self.rules.iter().any(|rule| asks_for_ancestry(&rule.settings, rights));
        Question {
            ancestry: old.zip(*new).filter(|_| asks_for_ancestry),
            commits: new.filter(|_| self.asks_for_commits()).map(|new| (new, old.or(tip))),
        }
    }

    fn facts(&self, way: Way, answer: &Answer) -> UpdateFacts {
        let (is_fast_forward, commits) = (answer.is_fast_forward, answer.commits);
        UpdateFacts { kind: self.kind, update: self.update.kind(), way, is_fast_forward, commits }
    }
}

/// What rules ask about the history of an update.
struct Question {
    /// Whether the first is in the history of the second.
    ancestry: Option<(ObjectId, ObjectId)>,
    /// What the commits of the first are like, without those of the second.
    commits: Option<(ObjectId, Option<ObjectId>)>,
}

#[derive(Clone)]
struct Answer {
    is_fast_forward: bool,
    commits: NewCommits,
    /// The new commits that have a signature, good or not.
    signed: Vec<Made>,
}

/// A commit, and the address of its committer.
type Made = (ObjectId, String);

impl Answer {
    const NOTHING: Self = Self { is_fast_forward: true, commits: NewCommits::PLAIN, signed: Vec::new() };
}

impl Question {
    const fn needs_reading(&self) -> bool {
        self.ancestry.is_some() || self.commits.is_some()
    }

    fn answer(&self, git: &OpenRepository) -> hearth_git::Result<Answer> {
        let mut answer = Answer::NOTHING;
        if let Some((old, new)) = self.ancestry {
            answer.is_fast_forward = git.is_ancestor(old, new)?;
        }
        if let Some((new, without)) = self.commits {
            (answer.commits, answer.signed) = new_commits(git, new, without)?;
        }
        Ok(answer)
    }
}

impl Objects<'_> {
    async fn ask<T: Send + 'static>(
        self,
        work: impl FnOnce(&OpenRepository) -> hearth_git::Result<T> + Send + 'static,
    ) -> Result<T> {
        match self {
            Self::Stored(git) => git.run_expensive(work).await.map_git(),
            Self::Pushed(push) => push.run(work).await.map_git(),
        }
    }

    /// The commit of a branch as it is now.
    async fn tip(self, branch: &str) -> Result<Option<ObjectId>> {
        let git = match self {
            Self::Stored(git) => git,
            Self::Pushed(push) => &push.repository,
        };
        let Ok(name) = BranchName::new(branch) else { return Ok(None) };
        git.run(move |git| git.branch(&name)).await.map_git()
    }
}

fn new_commits(
    git: &OpenRepository,
    new: ObjectId,
    without: Option<ObjectId>,
) -> hearth_git::Result<(NewCommits, Vec<Made>)> {
    let log = Log { limit: MOST_COMMITS + 1, without, ..Log::default() };
    let found = git.log_ids(new, &log)?;
    let is_too_many = found.left_out.is_some() || found.value.len() > MOST_COMMITS;
    let mut commits = NewCommits { is_too_many, ..NewCommits::PLAIN };
    let mut signed = Vec::new();
    for id in found.value.into_iter().take(MOST_COMMITS) {
        let commit = git.commit(id)?;
        commits.has_merge |= commit.parent_count > 1;
        commits.has_unsigned |= !commit.is_signed;
        if commit.is_signed {
            signed.push((id, commit.committer.email));
        }
    }
    Ok((commits, signed))
}

/// Whether a rule for signed commits would refuse those of one commit's history that another's lacks.
pub(crate) async fn has_unsigned_between(
    app: &App,
    git: &hearth_git::Repository,
    new: ObjectId,
    without: ObjectId,
) -> Result<bool> {
    let objects = Objects::Stored(git);
    let (commits, signed) = objects.ask(move |git| new_commits(git, new, Some(without))).await?;
    Ok(commits.has_unsigned || has_unverified(app, objects, &signed).await?)
}

/// Whether a commit carries a signature that is not that of its committer, or of this site.
async fn has_unverified(app: &App, objects: Objects<'_>, mut commits: &[Made]) -> Result<bool> {
    let mut judge = Judge::new(app);
    while !commits.is_empty() {
        let ids: Vec<ObjectId> = commits.iter().map(|(id, _)| *id).collect();
        let checked = objects.ask(move |git| check_some(git, &ids)).await?;
        let (some, rest) = commits.split_at(checked.len());
        for (checked, (_, address)) in checked.into_iter().zip(some) {
            if !judge.judge(checked, address).await?.is_verified() {
                return Ok(true);
            }
        }
        commits = rest;
    }
    Ok(false)
}

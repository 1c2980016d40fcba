//! What a rule has against an update of a branch or a tag: a function of what is known, without reading anything.

use hearth_core::{BranchRuleSettings, RuleKind, WhoMay};
use hearth_git::UpdateKind;

use super::Rights;

/// How somebody changes a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// By a push, or a commit on the web or through the API.
    Push,
    /// By merging a pull request.
    Merge,
}

/// What the commits of an update are like. They are read only where a rule asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NewCommits {
    pub(crate) has_merge: bool,
    /// One is not signed by its committer, nor made by this site.
    pub(crate) has_unsigned: bool,
    /// There are more than are read.
    pub(crate) is_too_many: bool,
}

impl NewCommits {
    /// Commits that no rule minds.
    pub(crate) const PLAIN: Self = Self { has_merge: false, has_unsigned: false, is_too_many: false };
}

/// What is known of an update of one branch or tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UpdateFacts {
    pub(crate) kind: RuleKind,
    pub(crate) update: UpdateKind,
    pub(crate) way: Way,
    /// Whether everything that was there before still is.
    pub(crate) is_fast_forward: bool,
    pub(crate) commits: NewCommits,
}

/// What a rule forbids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Breach {
    Push,
    Merge,
    Create,
    /// Commits of a branch are replaced, or a tag is moved.
    ForcePush,
    Delete,
    /// There is a merge commit.
    Merged,
    Unsigned,
    /// Too many commits to look at each.
    TooMany,
}

impl Breach {
    /// The word for what was done, as events have it.
    pub(crate) const fn action(self) -> &'static str {
        match self {
            Self::Push | Self::Merged | Self::Unsigned | Self::TooMany => "push",
            Self::Merge => "merge",
            Self::Create => "create",
            Self::ForcePush => "force-push",
            Self::Delete => "delete",
        }
    }
}

/// Whether it has to be known, for this rule, if an update replaces commits.
pub(crate) fn asks_for_ancestry(rule: &BranchRuleSettings, rights: &Rights) -> bool {
    !rights.is_among(&rule.force_push)
}

/// Whether it has to be known, for this rule, what the new commits are like.
pub(crate) const fn asks_for_commits(rule: &BranchRuleSettings) -> bool {
    rule.linear_history || rule.signed_commits
}

/// What one rule has against an update; empty: nothing.
pub(crate) fn breaches(rule: &BranchRuleSettings, rights: &Rights, facts: UpdateFacts) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut demand = |who: &WhoMay, breach| {
        if !rights.is_among(who) {
            found.push(breach);
        }
    };
    match (facts.update, facts.kind) {
        (UpdateKind::Create, _) => demand(&rule.create, Breach::Create),
        (UpdateKind::Delete, _) => demand(&rule.delete, Breach::Delete),
        // A tag stands for one commit: moving it anywhere replaces what it stood for.
        (UpdateKind::Update, RuleKind::Tag) => demand(&rule.force_push, Breach::ForcePush),
        (UpdateKind::Update, RuleKind::Branch) => {
            match facts.way {
                Way::Push => demand(&rule.push, Breach::Push),
                Way::Merge => demand(&rule.merge, Breach::Merge),
            }
            if !facts.is_fast_forward {
                demand(&rule.force_push, Breach::ForcePush);
            }
        }
    }
    if facts.update != UpdateKind::Delete {
        let commits = facts.commits;
        found.extend((rule.linear_history && commits.has_merge).then_some(Breach::Merged));
        found.extend((rule.signed_commits && commits.has_unsigned).then_some(Breach::Unsigned));
        found.extend((asks_for_commits(rule) && commits.is_too_many).then_some(Breach::TooMany));
    }
    found
}

#[cfg(test)]
mod tests {
    use hearth_core::UserId;

    use super::*;

    const PUSH: UpdateFacts = UpdateFacts {
        kind: RuleKind::Branch,
        update: UpdateKind::Update,
        way: Way::Push,
        is_fast_forward: true,
        commits: NewCommits::PLAIN,
    };

    fn writer() -> Rights {
        Rights { user: Some(UserId(1)), may_write: true, ..Rights::default() }
    }

    fn administrator() -> Rights {
        Rights { may_administer: true, ..writer() }
    }

    #[test]
    fn a_new_rule_keeps_history_and_lets_everybody_work() {
        let rule = BranchRuleSettings::default();
        let found = |facts| breaches(&rule, &writer(), facts);
        assert_eq!(found(PUSH), []);
        assert_eq!(found(UpdateFacts { way: Way::Merge, ..PUSH }), []);
        assert_eq!(found(UpdateFacts { update: UpdateKind::Create, ..PUSH }), []);
        assert_eq!(found(UpdateFacts { is_fast_forward: false, ..PUSH }), [Breach::ForcePush]);
        assert_eq!(found(UpdateFacts { update: UpdateKind::Delete, ..PUSH }), [Breach::Delete]);
    }

    #[test]
    fn a_branch_that_is_only_merged_into_is_not_pushed_to() {
        let rule = BranchRuleSettings { push: WhoMay::Nobody, ..BranchRuleSettings::default() };
        for who in [writer(), administrator()] {
            assert_eq!(breaches(&rule, &who, PUSH), [Breach::Push]);
            assert_eq!(breaches(&rule, &who, UpdateFacts { way: Way::Merge, ..PUSH }), []);
        }
        let rule = BranchRuleSettings { merge: WhoMay::Administrators, ..BranchRuleSettings::default() };
        let merge = UpdateFacts { way: Way::Merge, ..PUSH };
        assert_eq!(breaches(&rule, &writer(), merge), [Breach::Merge]);
        assert_eq!(breaches(&rule, &administrator(), merge), []);
    }

    #[test]
    fn a_tag_is_not_moved_even_forwards() {
        let rule = BranchRuleSettings::default();
        let moved = UpdateFacts { kind: RuleKind::Tag, ..PUSH };
        assert_eq!(breaches(&rule, &writer(), moved), [Breach::ForcePush]);
    }

    #[test]
    fn new_commits_are_looked_at_where_a_rule_asks() {
        let commits = NewCommits { has_merge: true, has_unsigned: true, is_too_many: false };
        let facts = UpdateFacts { commits, ..PUSH };
        assert_eq!(breaches(&BranchRuleSettings::default(), &writer(), facts), []);
        let linear = BranchRuleSettings { linear_history: true, ..BranchRuleSettings::default() };
        assert_eq!(breaches(&linear, &writer(), facts), [Breach::Merged]);
        let signed = BranchRuleSettings { signed_commits: true, ..BranchRuleSettings::default() };
        let created = UpdateFacts { update: UpdateKind::Create, ..facts };
        assert_eq!(breaches(&signed, &writer(), created), [Breach::Unsigned]);
        let deleted = UpdateFacts { update: UpdateKind::Delete, ..facts };
        assert_eq!(breaches(&signed, &writer(), deleted), [Breach::Delete]);
        let many = UpdateFacts { commits: NewCommits { is_too_many: true, ..NewCommits::PLAIN }, ..PUSH };
        assert_eq!(breaches(&linear, &writer(), many), [Breach::TooMany]);
    }
}

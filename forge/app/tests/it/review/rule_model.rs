//! What the rules of branches and tags mean, in a few lines, to compare the server with; and random rules and changes.
//!
//! Mei owns the repository; Ana and Cam write; Cam is on the lists.

use hearth_core::{BranchRuleSettings, RuleKind, UserId, WhoMay};
use proptest::{prelude::*, sample::select};

pub(crate) const PEOPLE: [&str; 3] = ["mei", "ana", "cam"];
pub(crate) const LISTED: &str = "cam";

/// The commits that references are moved to, by their parents. None is signed.
pub(crate) const PARENTS: [&[usize]; 5] = [&[], &[0], &[1], &[0], &[2, 3]];
/// The commit of the default branch.
pub(crate) const TIP: usize = 0;

/// The references that are changed; the default branch is not among them.
pub(crate) const NAMES: [(RuleKind, &str); 3] =
    [(RuleKind::Branch, "work"), (RuleKind::Branch, "release/1"), (RuleKind::Tag, "v1")];

/// Patterns, and which of the names each is for.
pub(crate) const PATTERNS: [(RuleKind, &str, &[&str]); 5] = [
    (RuleKind::Branch, "work", &["work"]),
    (RuleKind::Branch, "*", &["work"]),
    (RuleKind::Branch, "release/**", &["release/1"]),
    (RuleKind::Branch, "**", &["work", "release/1"]),
    (RuleKind::Tag, "v?", &["v1"]),
];

/// For each pattern its rule, if it has one.
pub(crate) type Rules = [Option<Rule>; PATTERNS.len()];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    Nobody,
    Writers,
    Listed,
    Administrators,
}

impl Who {
    /// Whether this means somebody who can write.
    pub(crate) fn means(self, person: &str) -> bool {
        match self {
            Self::Nobody => false,
            Self::Writers => true,
            Self::Listed => person == LISTED,
            Self::Administrators => person == "mei",
        }
    }

    fn stored(self, listed: &[UserId]) -> WhoMay {
        match self {
            Self::Nobody => WhoMay::Nobody,
            Self::Writers => WhoMay::Writers,
            Self::Listed => WhoMay::Listed { people: listed.to_vec(), teams: Vec::new() },
            Self::Administrators => WhoMay::Administrators,
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    pub(crate) push: Who,
    pub(crate) force_push: Who,
    pub(crate) create: Who,
    pub(crate) delete: Who,
    pub(crate) merge: Who,
    pub(crate) bypass: Who,
    pub(crate) linear_history: bool,
    pub(crate) signed_commits: bool,
}

/// A change of one reference: from a commit to a commit, none where there is no reference.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Update {
    pub(crate) kind: RuleKind,
    pub(crate) old: Option<usize>,
    pub(crate) new: Option<usize>,
}

/// A commit and everything before it.
pub(crate) fn history(commit: usize) -> Vec<usize> {
    let mut found = vec![commit];
    for parent in PARENTS[commit] {
        found.extend(history(*parent));
    }
    found
}

impl Rule {
    /// Whether the rule lets somebody make this change.
    pub(crate) fn allows(self, person: &str, update: Update) -> bool {
        let is_met = match (update.old, update.new) {
            (None, _) => self.create.means(person),
            (_, None) => self.delete.means(person),
            (Some(_), Some(_)) if update.kind == RuleKind::Tag => self.force_push.means(person),
            (Some(old), Some(new)) => {
                let is_forward = history(new).contains(&old);
                self.push.means(person) && (is_forward || self.force_push.means(person))
            }
        };
        let known = history(update.old.unwrap_or(TIP));
        let mut brought = update.new.map(history).unwrap_or_default();
        brought.retain(|commit| update.kind == RuleKind::Branch && !known.contains(commit));
        let has_merge = brought.iter().any(|commit| PARENTS[*commit].len() > 1);
        let is_unsigned = !brought.is_empty();
        let are_commits_bad = self.linear_history && has_merge || self.signed_commits && is_unsigned;
        (is_met && !are_commits_bad) || self.bypass.means(person)
    }

    /// As the server keeps it; `listed` are the people on its lists.
    pub(crate) fn settings(self, listed: &[UserId]) -> BranchRuleSettings {
        BranchRuleSettings {
            push: self.push.stored(listed),
            force_push: self.force_push.stored(listed),
            create: self.create.stored(listed),
            delete: self.delete.stored(listed),
            merge: self.merge.stored(listed),
            bypass: self.bypass.stored(listed),
            linear_history: self.linear_history,
            signed_commits: self.signed_commits,
            ..BranchRuleSettings::default()
        }
    }
}

/// Whether every rule for a name lets somebody make this change.
pub(crate) fn is_allowed(rules: &Rules, person: &str, name: &str, update: Update) -> bool {
    let is_about =
        |(kind, _, names): &(RuleKind, &str, &[&str])| *kind == update.kind && names.contains(&name);
    let holding = PATTERNS.iter().zip(rules).filter(|(pattern, _)| is_about(pattern));
    holding.filter_map(|(_, rule)| *rule).all(|rule| rule.allows(person, update))
}

fn who() -> impl Strategy<Value = Who> {
    select(vec![Who::Nobody, Who::Writers, Who::Writers, Who::Listed, Who::Administrators])
}

pub(crate) fn rule() -> impl Strategy<Value = Rule> {
    let bypass = select(vec![Who::Nobody, Who::Nobody, Who::Listed, Who::Administrators]);
    (who(), who(), who(), who(), who(), bypass, any::<bool>(), prop::bool::weighted(0.2)).prop_map(
        |(push, force_push, create, delete, merge, bypass, linear_history, signed_commits)| Rule {
            push,
            force_push,
            create,
            delete,
            merge,
            bypass,
            linear_history,
            signed_commits,
        },
    )
}

pub(crate) fn rules() -> impl Strategy<Value = Rules> {
    prop::array::uniform5(prop::option::of(rule()))
}

/// Somebody moves the reference at a place of [`NAMES`] to a commit, or deletes it.
pub(crate) type Step = (&'static str, usize, Option<usize>);

pub(crate) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let new = prop::option::weighted(0.8, 0..PARENTS.len());
    prop::collection::vec((select(PEOPLE.to_vec()), 0..NAMES.len(), new), 1..16)
}

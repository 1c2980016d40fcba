//! Types for the rules of branches and tags.

use serde::{Deserialize, Serialize};

use crate::{Retraining, TeamId, UserId};

text_enum! {
    /// What a rule is for.
    pub enum RuleKind {
        Branch = "branch",
        Tag = "tag",
    }
}

/// Who may do something that a rule is about. They need write access to the repository in any case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "who", rename_all = "kebab-case")]
pub enum WhoMay {
    Nobody,
    /// Everybody with write access.
    Writers,
    /// These people, and the members of these teams.
    Listed {
        #[serde(default)]
        people: Vec<UserId>,
        #[serde(default)]
        teams: Vec<TeamId>,
    },
    /// Administrators of the repository.
    Administrators,
}

/// What a rule demands where its pattern matches. What is not set has the default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a demand of its own")]
pub struct BranchRuleSettings {
    /// Who may push to it, or commit on the web.
    pub push: WhoMay,
    /// Who may replace its commits.
    pub force_push: WhoMay,
    pub create: WhoMay,
    pub delete: WhoMay,
    /// Who may merge pull requests into it.
    pub merge: WhoMay,
    /// Who may do without what is demanded; each time is recorded in the audit log.
    pub bypass: WhoMay,
    /// How many people must have approved.
    pub approvals: u32,
    /// Whose approvals count.
    pub only_listed_approvals: WhoMay,
    /// Whether the owners of the changed files must have approved.
    pub needs_code_owners: bool,
    /// Whether an approval lapses when the diff changes.
    pub lapses_on_change: bool,
    /// Whether a reviewer who asks for changes keeps it from being merged.
    pub blocks_on_changes_requested: bool,
    /// Whether the head must contain the base.
    pub needs_up_to_date: bool,
    /// Whether all line threads must be resolved.
    pub needs_resolved_threads: bool,
    /// The contexts of statuses that must have succeeded; `*` stands for any text.
    pub checks: Vec<String>,
    /// Whether merge commits are refused.
    pub linear_history: bool,
    /// Whether every commit must have a valid signature.
    pub signed_commits: bool,
    /// What must be trained again on the head, and be no worse than on the base.
    pub retraining: Option<Retraining>,
}

impl Default for BranchRuleSettings {
    /// What protects a branch without standing in anybody's way: its history is not replaced, and it is not deleted.
    fn default() -> Self {
        Self {
            push: WhoMay::Writers,
            force_push: WhoMay::Nobody,
            create: WhoMay::Writers,
            delete: WhoMay::Nobody,
            merge: WhoMay::Writers,
            bypass: WhoMay::Nobody,
            approvals: 0,
            only_listed_approvals: WhoMay::Writers,
            needs_code_owners: false,
            lapses_on_change: false,
            blocks_on_changes_requested: false,
            needs_up_to_date: false,
            needs_resolved_threads: false,
            checks: Vec::new(),
            linear_history: false,
            signed_commits: false,
            retraining: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read_as_they_were_written() {
        let listed = WhoMay::Listed { people: vec![UserId(3)], teams: vec![TeamId(5)] };
        let settings = BranchRuleSettings { push: listed, approvals: 2, ..BranchRuleSettings::default() };
        let json = serde_json::to_string(&settings).expect("JSON");
        assert!(json.contains(r#""push":{"who":"listed","people":[3],"teams":[5]}"#), "{json}");
        assert_eq!(serde_json::from_str::<BranchRuleSettings>(&json).expect("the same"), settings);
    }

    #[test]
    fn what_was_not_known_when_a_rule_was_written_has_its_default() {
        let settings: BranchRuleSettings = serde_json::from_str(r#"{"approvals":1}"#).expect("a rule");
        assert_eq!(settings, BranchRuleSettings { approvals: 1, ..BranchRuleSettings::default() });
    }
}

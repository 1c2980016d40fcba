use crate::{BranchRuleId, RuleKind};

kinds! {
    /// What happens to the rules of a repository's branches and tags.
    pub enum BranchRuleEvent {
        Created = "branch_rule.created" { rule: BranchRuleId, kind: RuleKind, pattern: String },
        Edited = "branch_rule.edited" { rule: BranchRuleId, kind: RuleKind, pattern: String },
        Deleted = "branch_rule.deleted" { rule: BranchRuleId, kind: RuleKind, pattern: String },
        /// Somebody whom the rule allows that did without what it demands.
        Bypassed = "branch_rule.bypassed" {
            rule: BranchRuleId,
            pattern: String,
            /// The full name of the reference.
            ref_name: String,
            /// What they did: `push`, `force-push`, `create`, `delete` or `merge`.
            action: String,
        },
    }
}

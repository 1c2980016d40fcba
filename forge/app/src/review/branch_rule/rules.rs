//! The rules of a repository, ready to be asked which of them are about a branch or a tag.

use hearth_core::RuleKind;
use hearth_git::{BranchName, RefName};
use hearth_store::branch_rule::BranchRule;

use super::Glob;

/// All rules of one repository.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rules(Vec<(BranchRule, Glob)>);

impl Rules {
    pub(crate) fn of(rows: Vec<BranchRule>) -> Self {
        let with_glob = |rule: BranchRule| {
            let glob = Glob::new(&rule.pattern);
            (rule, glob)
        };
        Self(rows.into_iter().map(with_glob).collect())
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The rules for a branch or a tag; none for other references.
    pub(crate) fn matching(&self, name: &RefName) -> Vec<&BranchRule> {
        match (name.branch(), name.tag()) {
            (Some(branch), _) => self.of_branch(&branch),
            (None, Some(tag)) => self.of_kind(RuleKind::Tag, tag.as_str()),
            (None, None) => Vec::new(),
        }
    }

    pub(crate) fn of_branch(&self, branch: &BranchName) -> Vec<&BranchRule> {
        self.of_kind(RuleKind::Branch, branch.as_str())
    }

    fn of_kind(&self, kind: RuleKind, name: &str) -> Vec<&BranchRule> {
        let matching = self.0.iter().filter(|(rule, glob)| rule.kind == kind && glob.matches(name));
        matching.map(|(rule, _)| rule).collect()
    }
}

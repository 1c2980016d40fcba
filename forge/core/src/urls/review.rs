//! Addresses of pull requests, comparisons, forks and rules.

use std::borrow::Borrow;

use super::{RepositoryUrls, encode, segment};
use crate::{BranchRuleId, LineCommentId, ThreadKind, ThreadNumber};

impl RepositoryUrls {
    pub fn pulls(&self) -> String {
        format!("{}/pulls", self.0)
    }

    /// The list of pull requests matching a query.
    pub fn pulls_matching(&self, query: &str) -> String {
        format!("{}/pulls?q={}", self.0, segment(query))
    }

    pub fn pull(&self, number: impl Borrow<ThreadNumber>) -> String {
        self.thread(ThreadKind::PullRequest, number)
    }

    /// A part of a pull request's page, `commits`, `files`, `checks`, or an action on it: `merge`, `update`,
    /// `draft`, `review`, …
    pub fn pull_part(&self, number: impl Borrow<ThreadNumber>, part: &str) -> String {
        self.thread_part(ThreadKind::PullRequest, number, part)
    }

    /// An action on a comment on lines: an empty `part` is the comment itself, and `resolve`, `reply`, … act on it.
    pub fn line_comment_part(
        &self,
        number: impl Borrow<ThreadNumber>,
        id: impl Borrow<LineCommentId>,
        part: &str,
    ) -> String {
        let address = format!("{}/{}", self.pull_part(number, "line-comments"), id.borrow());
        if part.is_empty() { address } else { format!("{address}/{part}") }
    }

    /// The choice of branches to compare; from there a pull request is opened.
    pub fn compare(&self) -> String {
        format!("{}/compare", self.0)
    }

    /// The choice of a branch of another repository, `owner/name`, or of this one, to merge into this one.
    pub fn compare_from(&self, repository: &str) -> String {
        format!(
            "{}/compare?repository={}",
            self.0,
            encode(repository, |byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte))
        )
    }

    /// What `head` has beyond `base`. `head` is `branch`, `owner:branch` or `owner/name:branch`.
    pub fn compare_of(&self, base: &str, head: &str) -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~@/:".contains(&byte);
        format!("{}/compare/{}...{}", self.0, encode(base, plain), encode(head, plain))
    }

    /// The form for a fork.
    pub fn fork(&self) -> String {
        format!("{}/fork", self.0)
    }

    /// The rules for branches and tags; `new` is the form for another one.
    pub fn rule(&self, id: impl Borrow<BranchRuleId>) -> String {
        format!("{}/settings/rules/{}", self.0, id.borrow())
    }
}

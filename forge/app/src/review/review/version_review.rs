//! What a new version means for the review: comments follow their lines, and approvals lapse where a rule says so.

use std::collections::HashMap;

use hearth_core::{Error, Kind, Result, ReviewId};
use hearth_git::{BranchName, Range};
use hearth_store::{
    Ask, branch_rule,
    pull_request::{self, PullRequest},
    pull_request_version, repository, review as row,
};

use crate::{
    App, Operation, branch_rule::Rules, jobs::RefreshPullRequest, line_comment::FollowedComments,
    review::version::Prepared,
};

/// What was found out about a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct VersionFacts {
    pub(crate) number: i64,
    /// From where it left the base to its head.
    pub(crate) range: Range,
    /// The identity of its diff; none if that is over a bound.
    pub(crate) patch_id: Option<String>,
}

/// What a version means for the review, found with git before it is written.
#[derive(Debug)]
pub(crate) struct VersionReview {
    pull_request: PullRequest,
    facts: VersionFacts,
    followed: FollowedComments,
}

/// The newest versions whose identities are compared.
const MOST_VERSIONS: u64 = 500;

/// Follows the comments of earlier versions into this one. Cheap if all of them have their place, so that every refresh can do it.
pub(crate) async fn prepare_version(
    app: &App,
    pull_request: &PullRequest,
    version: &VersionFacts,
) -> Result<VersionReview> {
    let found = repository::find(&mut app.store().read().await?, pull_request.repository_id).await?;
    let repository = found.ok_or(Error::NotFound(Kind::Repository))?;
    let facts = version.clone();
    let prepared = Prepared { number: facts.number, range: facts.range, patch_id: facts.patch_id.clone() };
    let followed = FollowedComments::find(app, &repository, pull_request.id, &prepared).await?;
    Ok(VersionReview { pull_request: pull_request.clone(), facts, followed })
}

impl VersionReview {
    /// Stores the places of the comments, and lets approvals of another diff lapse; idempotent. Call it in the operation that completes
    /// the version.
    pub(crate) async fn write(self, operation: &mut Operation) -> Result<()> {
        let thread_id = self.pull_request.id;
        let now = operation.now();
        // Locks the thread: whoever comments on an earlier version meanwhile has done so before this, or sees this version.
        pull_request::lock(operation, thread_id).await?;
        if !self.followed.write(operation).await? {
            operation.enqueue(&RefreshPullRequest { thread_id }).await?;
        }
        if !lapses(operation, &self.pull_request).await? {
            return Ok(());
        }
        let identities = identities(operation, &self.pull_request).await?;
        let is_kept =
            |(_, identity): &(&i64, &String)| is_same_diff(Some(identity), self.facts.patch_id.as_ref());
        let kept: Vec<i64> = identities.iter().filter(is_kept).map(|(version, _)| *version).collect();
        row::lapse_approvals(operation, thread_id, self.facts.number, &kept, now).await?;
        Ok(())
    }
}

/// An approval of an earlier version does not count where the rule says so, unless the diff is the same since. Versions that are
/// not completely known yet are compared when they are.
pub(super) async fn lapse_if_stale(
    operation: &mut Operation,
    pull_request: &PullRequest,
    review: ReviewId,
    version: i64,
) -> Result<()> {
    let newest = Prepared::newest(operation, pull_request.id).await?;
    let Some(newest) = newest.filter(|newest| version < newest.number) else { return Ok(()) };
    if !lapses(operation, pull_request).await? {
        return Ok(());
    }
    let identities = identities(operation, pull_request).await?;
    if !is_same_diff(identities.get(&version), newest.patch_id.as_ref()) {
        let now = operation.now();
        row::lapse(operation, &[review], now).await?;
    }
    Ok(())
}

/// Whether a rule for the base says that approvals lapse.
async fn lapses(ask: &mut impl Ask, pull_request: &PullRequest) -> Result<bool> {
    let rules = Rules::of(branch_rule::list(ask, pull_request.repository_id).await?);
    let base = BranchName::new(pull_request.base_branch.clone()).map_err(Error::internal)?;
    Ok(rules.of_branch(&base).iter().any(|rule| rule.settings.lapses_on_change))
}

/// The identity of each version's diff, where it is known.
async fn identities(ask: &mut impl Ask, pull_request: &PullRequest) -> Result<HashMap<i64, String>> {
    let versions = pull_request_version::list(ask, pull_request.id, MOST_VERSIONS).await?;
    Ok(versions.into_iter().filter_map(|version| Some((version.number, version.patch_id?))).collect())
}

/// Diffs that could not be identified are different: nobody is taken to have approved what they may not have seen.
fn is_same_diff(one: Option<&String>, other: Option<&String>) -> bool {
    one.is_some() && one == other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_diffs_that_are_known_are_the_same() {
        let [one, other] = ["1", "2"].map(str::to_owned);
        assert!(is_same_diff(Some(&one), Some(&one)));
        assert!(!is_same_diff(Some(&one), Some(&other)));
        assert!(!is_same_diff(None, None) && !is_same_diff(Some(&one), None));
    }
}

//! Whose turn it is on a pull request: a function of what is known.

use hearth_core::ReviewVerdict;

use super::Standing;
use crate::review::obstacle::Obstacle;

/// Who has to do something next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    Author(AuthorTask),
    /// These people, or teams as `organisation/team`.
    Reviewers(Vec<String>),
    /// Whoever may merge it.
    Mergers,
    /// Nobody: it is done, or machines are at work.
    Nobody,
}

/// What its author has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorTask {
    /// Finish the draft.
    Draft,
    ResolveConflicts,
    /// Nothing is left to merge, or the branch is gone: close it, or push again.
    Restore,
    FixChecks,
    AnswerReview,
    ResolveThreads,
    /// Bring it up to date with its base.
    Update,
    AskForReview,
}

/// What is known of a pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TurnFacts {
    /// The number of the newest version.
    pub(crate) version: i64,
    /// Whose review is asked for and has not come yet.
    pub(crate) requested: Vec<String>,
    pub(crate) standings: Vec<Standing>,
    /// What keeps it from being merged, whoever asks.
    pub(crate) obstacles: Vec<Obstacle>,
}

/// Whose turn it is. What the author alone can do comes first: a review of what will change is work done twice.
pub(crate) fn turn(facts: &TurnFacts) -> Turn {
    let has = |is_it: fn(&Obstacle) -> bool| facts.obstacles.iter().any(is_it);
    if has(|obstacle| *obstacle == Obstacle::Closed) {
        return Turn::Nobody;
    }
    if let Some(task) = facts.obstacles.iter().find_map(first_task) {
        return Turn::Author(task);
    }
    if facts.standings.iter().any(|standing| asks_the_author(standing, facts.version)) {
        return Turn::Author(AuthorTask::AnswerReview);
    }
    let waiting = waiting(facts);
    if !waiting.is_empty() {
        return Turn::Reviewers(waiting);
    }
    if has(|obstacle| {
        matches!(obstacle, Obstacle::MissingApprovals { .. } | Obstacle::CodeOwnersMissing { .. })
    }) {
        return Turn::Author(AuthorTask::AskForReview);
    }
    if has(|obstacle| matches!(obstacle, Obstacle::UnresolvedThreads { .. })) {
        return Turn::Author(AuthorTask::ResolveThreads);
    }
    if has(|obstacle| *obstacle == Obstacle::Behind) {
        return Turn::Author(AuthorTask::Update);
    }
    let is_waiting_for_machines = has(|obstacle| {
        matches!(
            obstacle,
            Obstacle::Checking
                | Obstacle::ChecksMissing { .. }
                | Obstacle::Blocked { .. }
                | Obstacle::StackedBelow { .. }
        )
    });
    if is_waiting_for_machines { Turn::Nobody } else { Turn::Mergers }
}

/// What the author has to do before anybody reviews.
const fn first_task(obstacle: &Obstacle) -> Option<AuthorTask> {
    match obstacle {
        Obstacle::Draft => Some(AuthorTask::Draft),
        Obstacle::Conflicts => Some(AuthorTask::ResolveConflicts),
        Obstacle::NothingToMerge | Obstacle::BaseGone | Obstacle::HeadGone => Some(AuthorTask::Restore),
        Obstacle::ChecksFailed { .. } | Obstacle::Unsigned => Some(AuthorTask::FixChecks),
        Obstacle::Closed
        | Obstacle::Checking
        | Obstacle::CheckFailed
        | Obstacle::MissingApprovals { .. }
        | Obstacle::ChangesRequested { .. }
        | Obstacle::CodeOwnersMissing { .. }
        | Obstacle::ChecksMissing { .. }
        | Obstacle::Behind
        | Obstacle::UnresolvedThreads { .. }
        | Obstacle::NotAllowed
        | Obstacle::MethodNotAllowed
        | Obstacle::Blocked { .. }
        | Obstacle::StackedBelow { .. } => None,
    }
}

/// Changes are asked for, and nothing was pushed since.
fn asks_the_author(standing: &Standing, newest: i64) -> bool {
    standing.verdict == ReviewVerdict::RequestChanges && standing.version >= newest
}

/// Whose review is asked for, who asked for changes that were pushed, and whose approval no longer counts.
fn waiting(facts: &TurnFacts) -> Vec<String> {
    let mut waiting = facts.requested.clone();
    for standing in &facts.standings {
        let has_to_look_again = match standing.verdict {
            ReviewVerdict::RequestChanges => true,
            ReviewVerdict::Approve => standing.lapsed_at.is_some(),
            ReviewVerdict::Comment => false,
        };
        if has_to_look_again && !waiting.iter().any(|name| name == standing.name.as_str()) {
            waiting.push(standing.name.to_string());
        }
    }
    waiting
}

#[cfg(test)]
mod tests {
    use hearth_core::{ReviewId, ThreadId, Timestamp, UserId};

    use super::*;

    fn said(name: &str, verdict: ReviewVerdict, version: i64) -> Standing {
        Standing {
            thread_id: ThreadId(1),
            review_id: ReviewId(1),
            user_id: UserId(1),
            name: name.parse().expect("a good name"),
            verdict,
            version,
            lapsed_at: None,
        }
    }

    fn quiet() -> TurnFacts {
        TurnFacts { version: 2, requested: Vec::new(), standings: Vec::new(), obstacles: Vec::new() }
    }

    fn reviewers(names: &[&str]) -> Turn {
        Turn::Reviewers(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn what_nothing_keeps_back_waits_for_whoever_merges() {
        assert_eq!(turn(&quiet()), Turn::Mergers);
        let standings = vec![said("ana", ReviewVerdict::Approve, 1), said("bo", ReviewVerdict::Comment, 2)];
        assert_eq!(turn(&TurnFacts { standings, ..quiet() }), Turn::Mergers);
    }

    #[test]
    fn changes_are_the_authors_until_they_push_and_then_the_reviewers() {
        let asked = |version| TurnFacts {
            standings: vec![said("ana", ReviewVerdict::RequestChanges, version)],
            obstacles: vec![Obstacle::MissingApprovals { have: 0, need: 1, uncounted: Vec::new() }],
            ..quiet()
        };
        assert_eq!(turn(&asked(2)), Turn::Author(AuthorTask::AnswerReview));
        assert_eq!(turn(&asked(1)), reviewers(&["ana"]));
    }

    #[test]
    fn those_who_were_asked_and_those_whose_approval_lapsed_come_next() {
        let lapsed =
            Standing { lapsed_at: Some(Timestamp::from_second(0)), ..said("ana", ReviewVerdict::Approve, 1) };
        let facts = TurnFacts { requested: vec!["lab/core".into()], standings: vec![lapsed], ..quiet() };
        assert_eq!(turn(&facts), reviewers(&["lab/core", "ana"]));
        let drafted = TurnFacts { obstacles: vec![Obstacle::Draft], ..facts };
        assert_eq!(turn(&drafted), Turn::Author(AuthorTask::Draft));
    }

    #[test]
    fn an_author_whom_nobody_was_asked_to_review_asks_somebody() {
        let obstacles = vec![Obstacle::MissingApprovals { have: 0, need: 1, uncounted: Vec::new() }];
        assert_eq!(turn(&TurnFacts { obstacles, ..quiet() }), Turn::Author(AuthorTask::AskForReview));
    }

    #[test]
    fn machines_and_what_is_closed_wait_for_nobody() {
        for obstacle in
            [Obstacle::Closed, Obstacle::Checking, Obstacle::ChecksMissing { contexts: Vec::new() }]
        {
            assert_eq!(turn(&TurnFacts { obstacles: vec![obstacle], ..quiet() }), Turn::Nobody);
        }
    }
}

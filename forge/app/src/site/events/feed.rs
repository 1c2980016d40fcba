//! The activity of people and repositories, as shown on their pages.

use hearth_store::activity;

use super::Subscriber;

/// The kinds of events that appear in feeds.
const SHOWN: &[&str] = &[
    "repository.created",
    "push",
    "issue.opened",
    "issue.closed",
    "issue.reopened",
    "issue.commented",
    "pull_request.opened",
    "pull_request.closed",
    "pull_request.reopened",
    "pull_request.merged",
    "pull_request.commented",
    "pull_request.reviewed",
    "task.launched",
    "task.ended",
    "model.published",
    "release.published",
];

pub(super) const SUBSCRIBER: Subscriber = Subscriber {
    name: "feed",
    wants: |kind| SHOWN.contains(&kind),
    deliver: |_, operation, event| {
        Box::pin(async move {
            activity::insert(operation, event).await?;
            Ok(())
        })
    },
};

#[cfg(test)]
mod tests {
    use hearth_core::Event;

    use super::SHOWN;

    #[test]
    fn every_kind_that_is_shown_is_one() {
        for kind in SHOWN {
            assert!(Event::kinds().any(|known| known == *kind), "{kind}");
        }
    }
}

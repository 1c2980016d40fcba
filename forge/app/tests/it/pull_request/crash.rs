//! A stop at every step of a merge: afterwards the pull request is merged or open, and its base says the same.

use hearth_app::reconcile::Reconciler;
use hearth_core::{MergeMethod, PullRequestState};

use super::World;
use crate::crashes::{assert_recorded, ends_within_steps, reconcile_everything};

/// More steps than a merge has; further apart as they get many.
const STEPS: [usize; 16] = [1, 3, 6, 9, 12, 15, 18, 21, 25, 30, 35, 40, 50, 65, 90, 400];

#[tokio::test(flavor = "multi_thread")]
async fn a_merge_that_is_stopped_at_any_step_has_happened_or_not() {
    for method in [MergeMethod::Merge, MergeMethod::Squash] {
        for step in STEPS {
            let world = World::new().await;
            let mut reconciler = Reconciler::default();
            let asked = world.asked("feature").await;
            let before = world.tip("main").await;
            let has_ended = ends_within_steps(step, world.merge(asked.number, method)).await;
            reconcile_everything(&world.hearth, &mut reconciler).await;
            world.hearth.run_jobs().await;
            let row = world.read(asked.number).await;
            let tip = world.tip("main").await;
            let what = format!("{method} until {step}");
            if tip == before {
                assert_eq!(row.state, PullRequestState::Open, "{what}");
                assert!(!has_ended, "{what}");
                world.merge(asked.number, method).await.unwrap_or_else(|error| panic!("{what}: {error}"));
            } else {
                assert_eq!(row.state, PullRequestState::Merged, "{what}");
                assert_eq!(row.merge_commit_id, tip.map(|tip| tip.to_string()), "{what}");
                assert_eq!(
                    row.merged_by_name.as_ref().map(hearth_core::UserName::as_str),
                    Some("mei"),
                    "{what}"
                );
                assert!(world.merge(asked.number, method).await.is_err(), "{what}");
                assert_eq!(world.tip("main").await, tip, "{what}");
            }
            assert_recorded(&world.hearth.app, &world.repository("mei/llm").await, &what).await;
        }
    }
}

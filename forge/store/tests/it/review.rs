use hearth_core::{ReviewState, ReviewVerdict};
use hearth_store::{review, testing::TestStore};

use crate::support::{insert_pull_request, insert_repository, insert_review, insert_user, test_start};

#[tokio::test]
async fn everybody_has_one_pending_review_which_becomes_a_submitted_one() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        let first = review::begin(&mut writer, pull, bo.id, 1, test_start()).await.expect("begun");
        let again = review::begin(&mut writer, pull, bo.id, 1, test_start()).await.expect("begun");
        assert_eq!(first, again);
        let other = review::begin(&mut writer, pull, mei.id, 1, test_start()).await.expect("begun");
        assert_ne!(first, other);
        assert!(review::set_pending_body(&mut writer, first, "draft", test_start()).await.expect("kept"));
        let pending = review::find_pending(&mut writer, pull, bo.id).await.expect("an answer");
        let pending = pending.expect("it was begun");
        assert_eq!((pending.body.as_str(), pending.verdict, pending.counts()), ("draft", None, false));
        assert_eq!(review::list(&mut writer, pull, 9).await.expect("a list"), []);

        let verdict = ReviewVerdict::Approve;
        let submitted = review::submit(&mut writer, first, verdict, (1, "good"), test_start()).await;
        assert!(submitted.expect("an answer"));
        let submitted = review::submit(&mut writer, first, verdict, (1, "good"), test_start()).await;
        assert!(!submitted.expect("an answer"), "it is submitted once");
        assert!(!review::set_pending_body(&mut writer, first, "x", test_start()).await.expect("an answer"));
        let listed = review::list(&mut writer, pull, 9).await.expect("a list");
        assert_eq!(listed.iter().map(|review| review.id).collect::<Vec<_>>(), [first]);
        assert!(listed[0].counts());
        let next = review::begin(&mut writer, pull, bo.id, 1, test_start()).await.expect("begun");
        assert_ne!(next, first);
        assert!(review::delete(&mut writer, next).await.expect("an answer"));
        assert!(review::update_body(&mut writer, first, 1, "very good", test_start()).await.expect("kept"));
        assert!(!review::update_body(&mut writer, first, 1, "late", test_start()).await.expect("an answer"));
    }
}

#[tokio::test]
async fn the_last_verdict_of_each_reviewer_stands_whatever_they_comment_later() {
    use ReviewVerdict::{Approve, Comment, RequestChanges};
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let an = insert_user(&mut writer, "an").await;
        let li = insert_user(&mut writer, "li").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        insert_review(&mut writer, pull, &bo, (RequestChanges, 1), 1).await;
        let approval = insert_review(&mut writer, pull, &bo, (Approve, 1), 1).await;
        insert_review(&mut writer, pull, &bo, (Comment, 1), 2).await;
        let demand = insert_review(&mut writer, pull, &an, (RequestChanges, 1), 3).await;
        insert_review(&mut writer, pull, &li, (Comment, 1), 3).await;
        let standing = review::list_standing(&mut writer, &[pull]).await.expect("a list");
        let short: Vec<_> = standing.iter().map(|one| (one.name.as_str(), one.verdict)).collect();
        assert_eq!(short, [("an", RequestChanges), ("bo", Approve)]);
        let commenters = review::list_commenters(&mut writer, &[pull]).await.expect("a list");
        assert_eq!(commenters.iter().map(|one| one.user_id).collect::<Vec<_>>(), [li.id]);

        assert!(review::dismiss(&mut writer, demand, mei.id, "done", test_start()).await.expect("an answer"));
        assert!(
            !review::dismiss(&mut writer, demand, mei.id, "done", test_start()).await.expect("an answer")
        );
        let found = review::find(&mut writer, pull, demand).await.expect("an answer").expect("there");
        assert_eq!((found.state, found.dismissal.as_deref()), (ReviewState::Dismissed, Some("done")));
        assert_eq!(found.dismissed_by_name, Some(mei.name.clone()));
        let standing = review::list_standing(&mut writer, &[pull]).await.expect("a list");
        assert_eq!(standing.iter().map(|one| one.review_id).collect::<Vec<_>>(), [approval]);
        assert!(review::undismiss(&mut writer, demand, test_start()).await.expect("an answer"));
        assert_eq!(review::list_standing(&mut writer, &[pull]).await.expect("a list").len(), 2);

        // What was said before is not said again by setting the last word aside.
        assert!(
            review::dismiss(&mut writer, approval, mei.id, "old", test_start()).await.expect("an answer")
        );
        let standing = review::list_standing(&mut writer, &[pull]).await.expect("a list");
        assert_eq!(standing.iter().map(|one| one.review_id).collect::<Vec<_>>(), [demand]);
    }
}

#[tokio::test]
async fn approvals_of_earlier_versions_lapse_and_nothing_else_does() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let an = insert_user(&mut writer, "an").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        let old = insert_review(&mut writer, pull, &bo, (ReviewVerdict::Approve, 1), 1).await;
        let new = insert_review(&mut writer, pull, &bo, (ReviewVerdict::Approve, 2), 2).await;
        let demand = insert_review(&mut writer, pull, &an, (ReviewVerdict::RequestChanges, 1), 3).await;
        let kept = review::lapse_approvals(&mut writer, pull, 2, &[1], test_start()).await.expect("a count");
        assert_eq!(kept, 0, "the diff of version 1 is still the same");
        assert!(review::dismiss(&mut writer, old, mei.id, "old", test_start()).await.expect("an answer"));
        assert_eq!(
            review::lapse_approvals(&mut writer, pull, 2, &[], test_start()).await.expect("a count"),
            1
        );
        assert_eq!(
            review::lapse_approvals(&mut writer, pull, 2, &[], test_start()).await.expect("a count"),
            0
        );
        let lapsed = async |writer: &mut hearth_store::Writer, id| {
            let found = review::find(writer, pull, id).await.expect("an answer").expect("there");
            found.lapsed_at.is_some()
        };
        assert!(lapsed(&mut writer, old).await);
        assert!(!lapsed(&mut writer, new).await && !lapsed(&mut writer, demand).await);
        assert_eq!(review::lapse(&mut writer, &[new, demand], test_start()).await.expect("a count"), 1);
        assert!(lapsed(&mut writer, new).await && !lapsed(&mut writer, demand).await);
    }
}

use hearth_core::{PageRequest, SubscriptionReason, ThreadKind, Visibility};
use hearth_store::{
    assignee, comment, issue,
    repository::Viewer,
    review_request,
    testing::TestStore,
    thread_overview::{self, OverviewFilter, Relation},
    thread_subscription,
};

use crate::support::{
    insert_issue, insert_new_repository, insert_pull_request, insert_repository, insert_user, new_repository,
    test_start,
};

#[tokio::test]
async fn what_concerns_a_person_is_found_in_every_repository_that_they_may_read() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bob = insert_user(&mut writer, "bob").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let secret =
            insert_new_repository(&mut writer, &new_repository(mei.id, "secret", Visibility::Private)).await;
        let own = insert_issue(&mut writer, llm, &bob, "Own").await;
        let assigned = insert_issue(&mut writer, llm, &mei, "Assigned").await;
        assignee::insert(&mut writer, assigned.id, bob.id).await.expect("assigned");
        let mentioned = insert_issue(&mut writer, llm, &mei, "Mentioned").await;
        comment::insert(&mut writer, mentioned.id, mei.id, "see @bob", test_start()).await.expect("said");
        for thread in [own.id, assigned.id, mentioned.id] {
            thread_subscription::follow(
                &mut writer,
                thread,
                bob.id,
                SubscriptionReason::Commented,
                test_start(),
            )
            .await
            .expect("follows");
        }
        let hidden = insert_issue(&mut writer, secret, &mei, "Hidden").await;
        assignee::insert(&mut writer, hidden.id, bob.id).await.expect("assigned");
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        let new = review_request::NewReviewRequest {
            thread_id: pull.id,
            reviewer: review_request::Reviewer::Person(bob.id),
            requested_by: None,
            is_by_code_owners: false,
            created_at: test_start(),
        };
        review_request::insert(&mut writer, &new).await.expect("asked");
        let of = |kind, relation| OverviewFilter {
            kind,
            person: bob.id,
            person_name: bob.name.clone(),
            relation,
            is_open: Some(true),
            words: Vec::new(),
        };
        let (issues, pulls) = (ThreadKind::Issue, ThreadKind::PullRequest);
        for (kind, relation, expected) in [
            (issues, Some(Relation::Created), vec!["Own"]),
            (issues, Some(Relation::Assigned), vec!["Assigned"]),
            (issues, Some(Relation::Mentioned), vec!["Mentioned"]),
            (issues, None, vec!["Mentioned", "Assigned", "Own"]),
            (pulls, Some(Relation::ReviewRequested), vec!["Merge fix"]),
            (pulls, Some(Relation::Created), vec![]),
        ] {
            let (filter, viewer) = (of(kind, relation), Viewer::Person(bob.id));
            let found = thread_overview::list(&mut writer, &filter, viewer, PageRequest::default()).await;
            let found = found.expect("a list");
            let titles: Vec<&str> = found.iter().map(|row| row.title.as_str()).collect();
            assert_eq!(titles, expected, "{kind:?} {relation:?} on {}", store.engine());
            let total = thread_overview::count(&mut writer, &filter, viewer).await.expect("a count");
            assert_eq!(total, found.len() as u64);
        }
        issue::set_state(&mut writer, &own, hearth_core::IssueState::Closed, test_start())
            .await
            .expect("closed");
        let closed = OverviewFilter { is_open: Some(false), ..of(issues, Some(Relation::Created)) };
        let found = thread_overview::count(&mut writer, &closed, Viewer::Person(bob.id)).await;
        assert_eq!(found.expect("a count"), 1);
    }
}

#[tokio::test]
async fn titles_that_share_the_most_words_come_first() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        for title in ["Crash at start", "Docs", "Crash when the loss is NaN", "训练崩溃"] {
            insert_issue(&mut writer, llm, &mei, title).await;
        }
        for (words, expected) in [
            (&["crash", "nan"][..], vec!["Crash when the loss is NaN", "Crash at start"]),
            (&["崩溃"], vec!["训练崩溃"]),
            (&["100%"], vec![]),
            (&[], vec![]),
        ] {
            let words: Vec<String> = words.iter().map(ToString::to_string).collect();
            let found = thread_overview::similar(&mut writer, llm, &words, (100, 5)).await.expect("a list");
            let titles: Vec<&str> = found.iter().map(|row| row.title.as_str()).collect();
            assert_eq!(titles, expected, "{words:?} on {}", store.engine());
        }
    }
}

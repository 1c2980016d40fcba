use std::time::Duration;

use hearth_core::{PageRequest, ThreadKind};
use hearth_store::{
    comment::{self, CommentFilter},
    testing::TestStore,
};

use crate::support::{insert_issue, insert_repository, insert_user, test_start};

#[tokio::test]
async fn a_comment_is_found_in_its_own_repository_alone() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let other = insert_repository(&mut writer, &mei, "other").await;
        let issue = insert_issue(&mut writer, llm, &mei, "a").await;
        let said =
            comment::insert(&mut writer, issue.id, mei.id, "hello", test_start()).await.expect("a comment");
        assert_eq!((said.thread_number, said.is_edited()), (issue.number, false));
        assert_eq!(comment::find(&mut writer, llm, said.id).await.expect("an answer"), Some(said.clone()));
        assert_eq!(comment::find(&mut writer, other, said.id).await.expect("an answer"), None);
    }
}

#[tokio::test]
async fn an_edit_of_an_old_version_changes_nothing() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issue = insert_issue(&mut writer, llm, &mei, "a").await;
        let said =
            comment::insert(&mut writer, issue.id, mei.id, "one", test_start()).await.expect("a comment");
        assert!(comment::update(&mut writer, said.id, 1, "two", test_start()).await.expect("an answer"));
        assert!(!comment::update(&mut writer, said.id, 1, "three", test_start()).await.expect("an answer"));
        let now = comment::find(&mut writer, llm, said.id).await.expect("an answer").expect("it is there");
        assert_eq!((now.body.as_str(), now.is_edited()), ("two", true));
        assert!(comment::delete(&mut writer, said.id).await.expect("an answer"));
        assert!(!comment::delete(&mut writer, said.id).await.expect("an answer"));
    }
}

#[tokio::test]
async fn comments_are_listed_by_issue_and_by_repository_and_time() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let first = insert_issue(&mut writer, llm, &mei, "a").await;
        let second = insert_issue(&mut writer, llm, &mei, "b").await;
        let later = test_start() + Duration::from_secs(1);
        for (issue, text, time) in
            [(&first, "1", test_start()), (&second, "2", test_start()), (&first, "3", later)]
        {
            comment::insert(&mut writer, issue.id, mei.id, text, time).await.expect("a comment");
        }
        let texts = |list: Vec<comment::Comment>| {
            list.into_iter().map(|comment| comment.body).collect::<Vec<_>>().concat()
        };
        let everything = CommentFilter::default();
        let new = CommentFilter { since: Some(later), before: None };
        let old = CommentFilter { since: None, before: Some(test_start()) };
        for (filter, expected) in [(everything, "13"), (new, "3")] {
            let list = comment::list(&mut writer, first.id, filter, PageRequest::default());
            assert_eq!(texts(list.await.expect("a list")), expected);
            let total = comment::count(&mut writer, first.id, filter).await.expect("a total");
            assert_eq!(total, expected.len() as u64);
        }
        let second_page = comment::list(&mut writer, first.id, everything, PageRequest::new(2, 1));
        assert_eq!(texts(second_page.await.expect("a list")), "3");
        for (filter, expected) in [(everything, "123"), (new, "3"), (old, "12")] {
            let list = comment::list_of_repository(
                &mut writer,
                llm,
                ThreadKind::ALL,
                filter,
                PageRequest::default(),
            );
            assert_eq!(texts(list.await.expect("a list")), expected);
            let total = comment::count_of_repository(&mut writer, llm, ThreadKind::ALL, filter)
                .await
                .expect("a total");
            assert_eq!(total, expected.len() as u64);
        }
    }
}

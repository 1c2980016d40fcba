use hearth_core::{Interest, RepositoryId, UserId, WatchChoice, WatchedPart};
use hearth_store::{
    Writer, interest,
    repository_contents::{self, Contents},
    task,
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, new_task, test_start};

async fn counted(writer: &mut Writer, repository: RepositoryId, reader: Option<UserId>) -> Contents {
    repository_contents::count(writer, repository, reader).await.expect("counts")
}

#[tokio::test]
async fn a_reader_sees_the_counts_and_what_they_chose_themselves() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let choice = WatchChoice::of_parts([WatchedPart::Releases]);
        assert!(!interest::choose(&mut writer, llm, bo.id, &choice).await.expect("an answer"));
        interest::add(&mut writer, llm, mei.id, Interest::Star, test_start()).await.expect("a star");
        interest::add(&mut writer, llm, bo.id, Interest::Watch, test_start()).await.expect("a watch");
        assert!(interest::choose(&mut writer, llm, bo.id, &choice).await.expect("an answer"));
        let of_bo = counted(&mut writer, llm, Some(bo.id)).await.interest;
        assert_eq!((of_bo.stars, of_bo.watchers, of_bo.is_starred), (1, 1, false));
        assert_eq!(of_bo.watches, Some(choice));
        let of_mei = counted(&mut writer, llm, Some(mei.id)).await.interest;
        assert_eq!((of_mei.is_starred, of_mei.watches), (true, None));
        let of_visitor = counted(&mut writer, llm, None).await.interest;
        assert_eq!((of_visitor.stars, of_visitor.is_starred), (1, false));
    }
}

#[tokio::test]
async fn tasks_of_other_repositories_are_not_counted() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let other = insert_repository(&mut writer, &mei, "other").await;
        assert_eq!(counted(&mut writer, llm, None).await, Contents::default());
        for name in ["first", "second"] {
            task::insert(&mut writer, &new_task(llm, mei.id, name)).await.expect("a task");
        }
        assert_eq!(counted(&mut writer, llm, None).await, Contents { live_tasks: 2, ..Contents::default() });
        assert_eq!(counted(&mut writer, other, None).await, Contents::default());
    }
}

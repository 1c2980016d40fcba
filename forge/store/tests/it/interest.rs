use hearth_core::{Interest, PageRequest};
use hearth_store::{
    interest,
    repository::{self, Filter, Viewer},
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, test_start};

#[tokio::test]
async fn everybody_is_counted_once_for_each_interest() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        insert_repository(&mut writer, &mei, "other").await;
        let now = test_start();
        for is_new in [true, false] {
            let added = interest::add(&mut writer, llm, bo.id, Interest::Star, now).await.expect("an answer");
            assert_eq!(added, is_new);
        }
        interest::add(&mut writer, llm, mei.id, Interest::Star, now).await.expect("a star");
        interest::add(&mut writer, llm, mei.id, Interest::Watch, now).await.expect("a watch");
        let people = interest::list(&mut writer, llm, Interest::Star, PageRequest::default()).await;
        assert_eq!(people.expect("people"), [mei.id, bo.id]);

        let filter = Filter {
            viewer: Viewer::Person(bo.id),
            interested: Some((bo.id, Interest::Star)),
            ..Filter::default()
        };
        assert_eq!(repository::count(&mut writer, &filter).await.expect("a count"), 1);
        assert!(interest::remove(&mut writer, llm, bo.id, Interest::Star).await.expect("an answer"));
        assert!(!interest::remove(&mut writer, llm, bo.id, Interest::Star).await.expect("an answer"));
        assert_eq!(interest::find(&mut writer, llm, bo.id, Interest::Star).await.expect("an answer"), None);
        assert_eq!(repository::count(&mut writer, &filter).await.expect("a count"), 0);
    }
}

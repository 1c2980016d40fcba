use hearth_core::RepositoryId;
use hearth_store::{
    Writer, fork,
    repository::{self, Filter, Viewer},
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, test_start};

async fn forks(writer: &mut Writer, id: RepositoryId) -> i64 {
    repository::find(writer, id).await.expect("an answer").expect("it is there").forks
}

#[tokio::test]
async fn forks_are_counted_while_they_exist() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let first = insert_repository(&mut writer, &bo, "llm").await;
        let second = insert_repository(&mut writer, &bo, "llm-2").await;
        for id in [first, second] {
            fork::set_origin(&mut writer, id, llm).await.expect("kept");
        }
        assert_eq!(forks(&mut writer, llm).await, 2);
        let found = fork::find_of_owner(&mut writer, llm, bo.id.into()).await.expect("an answer");
        assert_eq!(found, Some(first));
        let found = fork::find_of_owner(&mut writer, llm, mei.id.into()).await.expect("an answer");
        assert_eq!(found, None);
        let filter = Filter { viewer: Viewer::Administrator, fork_of: Some(llm), ..Filter::default() };
        assert_eq!(repository::count(&mut writer, &filter).await.expect("a count"), 2);
        repository::retire(&mut writer, first, test_start()).await.expect("hidden");
        assert_eq!(forks(&mut writer, llm).await, 1);
        repository::delete(&mut writer, first).await.expect("gone");
        assert_eq!(forks(&mut writer, llm).await, 1);
        repository::delete(&mut writer, llm).await.expect("gone");
        let left = repository::find(&mut writer, second).await.expect("an answer").expect("it is there");
        assert_eq!(left.fork_of_id, None);
    }
}

#[tokio::test]
async fn a_network_is_all_that_share_their_history() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let mut ids = Vec::new();
        for name in ["origin", "fork", "of-fork", "sister", "stranger"] {
            ids.push(insert_repository(&mut writer, &mei, name).await);
        }
        let [origin, child, grandchild, sister, _stranger] = ids[..] else { panic!("five") };
        for (id, of) in [(child, origin), (grandchild, child), (sister, origin)] {
            fork::set_origin(&mut writer, id, of).await.expect("kept");
        }
        let network = fork::list_network(&mut writer, grandchild, 9).await.expect("a list");
        assert_eq!(network, [grandchild, child, origin, sister]);
        let near = fork::list_network(&mut writer, grandchild, 2).await.expect("a list");
        assert_eq!(near, [grandchild, child]);
    }
}

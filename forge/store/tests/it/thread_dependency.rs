use hearth_core::{ThreadId, Visibility};
use hearth_store::{
    Writer,
    repository::Viewer,
    testing::TestStore,
    thread_dependency::{self, End, Reach},
};

use crate::support::{
    insert_issue, insert_new_repository, insert_pull_request, insert_repository, insert_user, new_repository,
    test_start,
};

async fn titles(writer: &mut Writer, thread: ThreadId, end: End, viewer: Viewer) -> Vec<String> {
    let found = thread_dependency::list(writer, thread, end, viewer, 10).await.expect("a list");
    found.into_iter().map(|linked| linked.title).collect()
}

#[tokio::test]
async fn what_a_thread_waits_for_is_listed_where_it_may_be_read() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bob = insert_user(&mut writer, "bob").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let secret =
            insert_new_repository(&mut writer, &new_repository(mei.id, "secret", Visibility::Private)).await;
        let release = insert_issue(&mut writer, llm, &mei, "Release").await;
        let hidden = insert_issue(&mut writer, secret, &mei, "Hidden").await;
        let fix = insert_pull_request(&mut writer, llm, &mei, "fix").await;
        for blocker in [hidden.id, fix.id] {
            for is_new in [true, false] {
                let made =
                    thread_dependency::insert(&mut writer, release.id, blocker, mei.id, test_start()).await;
                assert_eq!(made.expect("an answer"), is_new);
            }
        }
        let (owner, stranger) = (Viewer::Person(mei.id), Viewer::Person(bob.id));
        assert_eq!(titles(&mut writer, release.id, End::Blockers, owner).await, ["Hidden", "Merge fix"]);
        assert_eq!(titles(&mut writer, release.id, End::Blockers, stranger).await, ["Merge fix"]);
        assert_eq!(titles(&mut writer, release.id, End::Blockers, Viewer::Anybody).await, ["Merge fix"]);
        assert_eq!(titles(&mut writer, fix.id, End::Blocked, stranger).await, ["Release"]);
        let count = thread_dependency::count(&mut writer, release.id, End::Blockers).await.expect("a count");
        assert_eq!(count, 2);
        let found = thread_dependency::list(&mut writer, release.id, End::Blockers, stranger, 10).await;
        assert!(found.expect("a list").iter().all(|linked| linked.is_open() && linked.owner == mei.name));
        assert!(thread_dependency::delete(&mut writer, release.id, fix.id).await.expect("an answer"));
        assert!(!thread_dependency::delete(&mut writer, release.id, fix.id).await.expect("an answer"));
        assert_eq!(titles(&mut writer, fix.id, End::Blocked, owner).await, [""; 0]);
    }
}

#[tokio::test]
async fn a_chain_is_followed_to_its_end_also_where_it_is_a_circle() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let mut chain = Vec::new();
        for number in 0..5 {
            chain.push(insert_issue(&mut writer, llm, &mei, &format!("n{number}")).await.id);
        }
        thread_dependency::lock(&mut writer).await.expect("nobody else writes");
        for pair in chain.windows(2) {
            thread_dependency::insert(&mut writer, pair[0], pair[1], mei.id, test_start())
                .await
                .expect("kept");
        }
        let (first, last) = (chain[0], chain[4]);
        let reach = thread_dependency::reach(&mut writer, first, last, 100).await.expect("an answer");
        assert_eq!(reach, Reach { threads: 5, hits: 1 });
        let reach = thread_dependency::reach(&mut writer, last, first, 100).await.expect("an answer");
        assert_eq!(reach, Reach { threads: 1, hits: 0 });
        let reach = thread_dependency::reach(&mut writer, first, last, 3).await.expect("an answer");
        assert_eq!(reach.threads, 3, "no further than asked for");
        thread_dependency::insert(&mut writer, last, first, mei.id, test_start()).await.expect("kept");
        let reach = thread_dependency::reach(&mut writer, first, last, 100).await.expect("it ends");
        assert_eq!(reach, Reach { threads: 5, hits: 1 });
    }
}

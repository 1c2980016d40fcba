use hearth_core::Interest;
use hearth_store::{
    interest,
    repository_facts::{self, Facts},
    testing::TestStore,
    topic,
};

use crate::support::{insert_repository, insert_user, test_start};

#[tokio::test]
async fn each_repository_has_its_own_stars_watchers_and_topics() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let other = insert_repository(&mut writer, &mei, "other").await;
        let plain = insert_repository(&mut writer, &mei, "plain").await;
        let words = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        topic::set(&mut writer, llm, &words(&["vision", "speech"])).await.expect("topics");
        topic::set(&mut writer, other, &words(&["text"])).await.expect("topics");
        let stars =
            [(llm, mei.id, Interest::Star), (llm, bo.id, Interest::Star), (llm, mei.id, Interest::Watch)];
        for (repository, person, kind) in stars.into_iter().chain([(other, bo.id, Interest::Watch)]) {
            interest::add(&mut writer, repository, person, kind, test_start()).await.expect("it is new");
        }
        let mut facts = repository_facts::list(&mut writer, &[llm, other, plain]).await.expect("facts");
        let of_llm = Facts { stars: 2, watchers: 1, releases: 0, topics: words(&["speech", "vision"]) };
        let of_other = Facts { watchers: 1, topics: words(&["text"]), ..Facts::default() };
        assert_eq!(facts.remove(&llm), Some(of_llm));
        assert_eq!(facts.remove(&other), Some(of_other));
        assert!(facts.is_empty(), "nothing is known of the third");
        assert!(repository_facts::list(&mut writer, &[plain]).await.expect("facts").is_empty());
    }
}

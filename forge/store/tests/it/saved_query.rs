use hearth_core::{RepositoryId, ThreadKind, UserId};
use hearth_store::{
    Error,
    saved_query::{self, NewSavedQuery},
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, test_start};

fn new(user: UserId, repository: Option<RepositoryId>, kind: ThreadKind, name: &str) -> NewSavedQuery {
    NewSavedQuery {
        user_id: user,
        repository_id: repository,
        kind,
        name: name.into(),
        query: "is:open label:bug".into(),
        created_at: test_start(),
    }
}

#[tokio::test]
async fn queries_are_a_persons_own_and_have_one_name_in_each_list() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bob = insert_user(&mut writer, "bob").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let issues = ThreadKind::Issue;
        for (user, repository, kind, name) in [
            (mei.id, Some(llm), issues, "Bugs"),
            (mei.id, Some(llm), issues, "About me"),
            (mei.id, Some(llm), ThreadKind::PullRequest, "Bugs"),
            (mei.id, None, issues, "Bugs"),
            (bob.id, Some(llm), issues, "Bugs"),
        ] {
            saved_query::insert(&mut writer, &new(user, repository, kind, name))
                .await
                .expect("the name is free");
        }
        let names = |found: Vec<saved_query::SavedQuery>| -> Vec<String> {
            found.into_iter().map(|query| query.name).collect()
        };
        let found = saved_query::list(&mut writer, mei.id, Some(llm), issues).await.expect("a list");
        let first = found[0].id;
        assert_eq!(names(found), ["About me", "Bugs"]);
        let found = saved_query::list(&mut writer, mei.id, None, issues).await.expect("a list");
        assert_eq!(names(found), ["Bugs"]);
        assert!(
            !saved_query::delete(&mut writer, bob.id, first).await.expect("an answer"),
            "it is not theirs"
        );
        assert!(saved_query::delete(&mut writer, mei.id, first).await.expect("an answer"));
        writer.commit().await.expect("kept");
        for repository in [Some(llm), None] {
            let mut writer = store.write().await.expect("a transaction");
            let again = saved_query::insert(&mut writer, &new(mei.id, repository, issues, "BUGS")).await;
            assert!(matches!(again, Err(Error::Taken)), "on {}", store.engine());
        }
    }
}

use hearth_core::{PageRequest, StatusState};
use hearth_store::{
    commit_status::{self, NewCommitStatus},
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, test_start};

#[tokio::test]
async fn the_last_word_of_each_context_counts() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let other = insert_repository(&mut writer, &mei, "other").await;
        let (one, two) = ("1".repeat(40), "2".repeat(40));
        for (repository, commit, context, state) in [
            (llm, &one, "ci/build", StatusState::Pending),
            (llm, &one, "ci/build", StatusState::Success),
            (llm, &one, "ci/test", StatusState::Failure),
            (llm, &two, "ci/build", StatusState::Error),
            (other, &one, "ci/build", StatusState::Error),
        ] {
            let new = NewCommitStatus {
                repository_id: repository,
                commit_id: commit.clone(),
                context: context.into(),
                state,
                description: "Said so".into(),
                target_url: String::new(),
                creator_id: Some(mei.id),
                created_at: test_start(),
            };
            commit_status::insert(&mut writer, &new).await.expect("a status");
        }
        let states = |list: Vec<commit_status::CommitStatus>| {
            list.into_iter().map(|status| status.state).collect::<Vec<_>>()
        };
        let latest = commit_status::list_latest(&mut writer, llm, &[&one]).await.expect("a list");
        assert_eq!(states(latest), [StatusState::Success, StatusState::Failure]);
        let latest = commit_status::list_latest(&mut writer, llm, &[&one, &two]).await.expect("a list");
        assert_eq!(latest.len(), 3);
        let all =
            commit_status::list(&mut writer, llm, &one, None, PageRequest::default()).await.expect("a list");
        assert_eq!(states(all), [StatusState::Failure, StatusState::Success, StatusState::Pending]);
        let pending = Some(StatusState::Pending);
        let some = commit_status::list(&mut writer, llm, &one, pending, PageRequest::default()).await;
        assert_eq!(states(some.expect("a list")), [StatusState::Pending]);
        assert_eq!(commit_status::count(&mut writer, llm, &one, None).await.expect("a total"), 3);
        assert_eq!(commit_status::count(&mut writer, llm, &one, pending).await.expect("a total"), 1);
    }
}

use hearth_core::{IssueState, RepositoryId};
use hearth_store::{
    Error, issue,
    label::{self, NewLabel},
    testing::TestStore,
};

use crate::support::{insert_issue, insert_repository, insert_user, test_start};

fn new_label(repository: RepositoryId, name: &str) -> NewLabel {
    NewLabel {
        repository_id: repository,
        name: name.into(),
        color: "00ff00".into(),
        description: "A label".into(),
        is_exclusive: false,
        created_at: test_start(),
    }
}

#[tokio::test]
async fn names_are_taken_in_any_case_in_one_repository() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let other = insert_repository(&mut writer, &mei, "other").await;
        let bug = label::insert(&mut writer, &new_label(llm, "Bug")).await.expect("a label");
        label::insert(&mut writer, &new_label(other, "bug")).await.expect("a label elsewhere");
        assert_eq!(label::find_by_name(&mut writer, llm, "BUG").await.expect("an answer"), Some(bug.clone()));
        assert_eq!(label::find(&mut writer, llm, bug.id).await.expect("an answer"), Some(bug.clone()));
        assert_eq!(label::find(&mut writer, other, bug.id).await.expect("an answer"), None);
        writer.commit().await.expect("kept");

        let mut writer = store.write().await.expect("a transaction");
        let taken = label::insert(&mut writer, &new_label(llm, "bug")).await;
        assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
    }
}

#[tokio::test]
async fn a_label_is_changed_and_goes_from_every_issue() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let first = insert_issue(&mut writer, llm, &mei, "a").await;
        let second = insert_issue(&mut writer, llm, &mei, "b").await;
        let mut bug = label::insert(&mut writer, &new_label(llm, "bug")).await.expect("a label");
        let help = label::insert(&mut writer, &new_label(llm, "Help")).await.expect("a label");
        bug.name = "缺陷".into();
        label::update(&mut writer, &bug).await.expect("changed");
        assert_eq!(label::list(&mut writer, llm).await.expect("a list"), [help.clone(), bug.clone()]);

        assert!(label::attach(&mut writer, first.id, bug.id).await.expect("an answer"));
        assert!(!label::attach(&mut writer, first.id, bug.id).await.expect("an answer"));
        label::attach(&mut writer, second.id, bug.id).await.expect("an answer");
        label::attach(&mut writer, first.id, help.id).await.expect("an answer");
        let of_issues = label::list_of_threads(&mut writer, &[first.id, second.id]).await.expect("a list");
        assert_eq!(of_issues.iter().filter(|row| row.thread_id == first.id).count(), 2);
        issue::set_state(&mut writer, &second, IssueState::Closed, test_start()).await.expect("closed");
        let mut open = label::count_open_issues(&mut writer, llm).await.expect("counts");
        open.sort_unstable();
        assert_eq!(open, [(bug.id, 1), (help.id, 1)]);

        assert!(label::detach(&mut writer, first.id, help.id).await.expect("an answer"));
        assert!(!label::detach(&mut writer, first.id, help.id).await.expect("an answer"));
        assert!(label::delete(&mut writer, bug.id).await.expect("an answer"));
        assert!(!label::delete(&mut writer, bug.id).await.expect("an answer"));
        assert_eq!(label::list_of_threads(&mut writer, &[first.id, second.id]).await.expect("a list"), []);
    }
}

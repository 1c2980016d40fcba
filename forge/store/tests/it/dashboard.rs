use std::time::Duration;

use hearth_core::{RepositoryId, UserId, Visibility};
use hearth_store::{
    Writer, assignee,
    dashboard::{self, Visit},
    grant::Viewer,
    issue::{self, NewIssue},
    repository::{self, Changes},
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, test_start};

async fn insert_assigned(writer: &mut Writer, repository: RepositoryId, title: &str, user: UserId, at: u64) {
    let new = NewIssue {
        repository_id: repository,
        author_id: user,
        title: title.into(),
        body: String::new(),
        created_at: test_start() + Duration::from_secs(at),
    };
    let issue = issue::insert(writer, &new).await.expect("kept");
    assignee::insert(writer, issue.thread.id, user).await.expect("kept");
}

#[tokio::test]
async fn the_open_issues_of_a_person_are_listed_as_far_as_they_may_read_them() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let owner = insert_user(&mut writer, "lin").await;
        let lin = owner.id;
        let open = insert_repository(&mut writer, &owner, "open").await;
        let hidden = insert_repository(&mut writer, &owner, "hidden").await;
        let private = Changes { visibility: Some(Visibility::Private), ..Changes::default() };
        repository::update(&mut writer, hidden, &private, test_start()).await.expect("kept");
        insert_assigned(&mut writer, open, "first", mei, 0).await;
        insert_assigned(&mut writer, open, "second", mei, 1).await;
        insert_assigned(&mut writer, hidden, "third", mei, 2).await;
        insert_assigned(&mut writer, open, "of lin", lin, 3).await;
        let titles = async |writer: &mut Writer, user, most| {
            let found =
                dashboard::list_assigned(writer, user, Viewer::Person(user), most).await.expect("rows");
            found.into_iter().map(|issue| issue.title).collect::<Vec<_>>()
        };
        assert_eq!(titles(&mut writer, mei, 10).await, ["second", "first"]);
        assert_eq!(titles(&mut writer, mei, 1).await, ["second"]);
        assert_eq!(titles(&mut writer, lin, 10).await, ["of lin"]);
    }
}

#[tokio::test]
async fn a_look_replaces_the_one_before() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        assert_eq!(dashboard::find_visit(&mut writer, mei).await.expect("an answer"), None);
        for minutes in [1, 2] {
            let visit =
                Visit { news_since: test_start(), seen_at: test_start() + Duration::from_mins(minutes) };
            dashboard::put_visit(&mut writer, mei, &visit).await.expect("kept");
            assert_eq!(dashboard::find_visit(&mut writer, mei).await.expect("an answer"), Some(visit));
        }
    }
}

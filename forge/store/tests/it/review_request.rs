use hearth_core::Roles;
use hearth_store::{
    dashboard, member,
    repository::Viewer,
    review_request::{self, NewReviewRequest, Reviewer},
    team,
    testing::TestStore,
};

use crate::{
    grant::insert_organization,
    support::{insert_pull_request, insert_repository, insert_user, test_start},
};

#[tokio::test]
async fn people_and_teams_are_asked_once_and_named() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        let lab = insert_organization(&mut writer, "lab", mei.id).await;
        let fields = team::Fields {
            name: "readers".into(),
            description: String::new(),
            has_all_repositories: false,
            may_create_repositories: false,
            roles: Roles::default(),
        };
        let team = team::insert(&mut writer, lab, false, &fields, test_start()).await.expect("a free name");
        member::insert(&mut writer, lab, team, bo.id, test_start()).await.expect("an answer");
        for (reviewer, is_new) in [
            (Reviewer::Team(team), true),
            (Reviewer::Person(bo.id), true),
            (Reviewer::Person(bo.id), false),
            (Reviewer::Team(team), false),
        ] {
            let new = NewReviewRequest {
                thread_id: pull,
                reviewer,
                requested_by: Some(mei.id),
                is_by_code_owners: true,
                created_at: test_start(),
            };
            assert_eq!(review_request::insert(&mut writer, &new).await.expect("an answer"), is_new);
        }
        let listed = review_request::list(&mut writer, &[pull]).await.expect("a list");
        assert_eq!(
            listed.iter().filter_map(review_request::ReviewRequest::reviewer).collect::<Vec<_>>(),
            [Reviewer::Person(bo.id), Reviewer::Team(team)]
        );
        assert_eq!(listed[0].user_name, Some(bo.name.clone()));
        let (organization, name) = (&listed[1].organization, &listed[1].team_name);
        assert_eq!(organization.as_ref().map(hearth_core::UserName::as_str), Some("lab"));
        assert_eq!(name.as_deref(), Some("readers"));

        let turns = dashboard::list_turns(&mut writer, bo.id, Viewer::Person(bo.id), 9).await.expect("rows");
        assert_eq!(turns.len(), 1, "who is asked twice is shown it once");
        assert!(review_request::delete(&mut writer, pull, Reviewer::Person(bo.id)).await.expect("an answer"));
        assert!(
            !review_request::delete(&mut writer, pull, Reviewer::Person(bo.id)).await.expect("an answer")
        );
        let turns = dashboard::list_turns(&mut writer, bo.id, Viewer::Person(bo.id), 9).await.expect("rows");
        assert_eq!(turns.len(), 1, "their team is still asked");
        team::delete(&mut writer, team).await.expect("gone");
        assert_eq!(review_request::count(&mut writer, pull).await.expect("a count"), 0);
    }
}

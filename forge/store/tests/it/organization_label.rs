use hearth_core::{OrganizationId, RepositoryId, Visibility};
use hearth_store::{
    Error, Writer,
    label::{self, NewLabel},
    organization_label::{self as row, NewOrganizationLabel, OrganizationLabel},
    repository,
    testing::TestStore,
};

use crate::{
    grant::insert_organization,
    support::{insert_new_repository, insert_user, new_repository, test_start},
};

async fn insert(writer: &mut Writer, organization: OrganizationId, name: &str) -> OrganizationLabel {
    row::insert(writer, &new_label(organization, name)).await.expect("a label")
}

fn new_label(organization: OrganizationId, name: &str) -> NewOrganizationLabel {
    NewOrganizationLabel {
        organization_id: organization,
        name: name.into(),
        color: "00ff00".into(),
        description: "A label".into(),
        is_exclusive: name.contains('/'),
        created_at: test_start(),
    }
}

async fn names(writer: &mut Writer, repository: RepositoryId) -> Vec<String> {
    let labels = label::list(writer, repository).await.expect("a list");
    labels.into_iter().map(|label| label.name).collect()
}

#[tokio::test]
async fn a_label_is_kept_changed_and_deleted_and_its_name_is_taken_in_any_case() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let lab = insert_organization(&mut writer, "lab", mei.id).await;
        let other = insert_organization(&mut writer, "other", mei.id).await;
        let mut bug = insert(&mut writer, lab, "Bug").await;
        let high = insert(&mut writer, lab, "priority/high").await;
        insert(&mut writer, other, "bug").await;
        assert_eq!((bug.scope(), high.scope()), (None, Some("priority")));
        assert_eq!(row::find(&mut writer, lab, bug.id).await.expect("an answer"), Some(bug.clone()));
        assert_eq!(row::find(&mut writer, other, bug.id).await.expect("an answer"), None);
        bug.name = "缺陷".into();
        row::update(&mut writer, &bug).await.expect("changed");
        assert_eq!(row::list(&mut writer, lab).await.expect("a list"), [high.clone(), bug.clone()]);
        assert!(row::delete(&mut writer, bug.id).await.expect("an answer"));
        assert!(!row::delete(&mut writer, bug.id).await.expect("an answer"));
        assert_eq!(row::count(&mut writer, lab).await.expect("a count"), 1);
        writer.commit().await.expect("kept");

        let mut writer = store.write().await.expect("a transaction");
        let taken = row::insert(&mut writer, &new_label(lab, "PRIORITY/high")).await;
        assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
    }
}

#[tokio::test]
async fn a_repository_gets_what_it_lacks_and_keeps_what_it_has() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let lab = insert_organization(&mut writer, "lab", mei.id).await;
        let llm = insert_new_repository(&mut writer, &new_repository(lab, "llm", Visibility::Public)).await;
        for name in ["bug", "docs", "priority/high"] {
            insert(&mut writer, lab, name).await;
        }
        let own = NewLabel {
            repository_id: llm,
            name: "BUG".into(),
            color: "ff0000".into(),
            description: "Ours".into(),
            is_exclusive: false,
            created_at: test_start(),
        };
        let own = label::insert(&mut writer, &own).await.expect("a label");
        let mut copied = Vec::new();
        for most in [1, 2, 10, 10] {
            let count = row::copy_missing(&mut writer, lab, llm, most, test_start()).await;
            copied.push(count.expect("copied"));
        }
        assert_eq!(copied, [0, 1, 1, 0]);
        assert_eq!(names(&mut writer, llm).await, ["BUG", "docs", "priority/high"]);
        assert_eq!(label::find(&mut writer, llm, own.id).await.expect("an answer"), Some(own));
        let high = label::find_by_name(&mut writer, llm, "priority/high").await.expect("an answer");
        assert_eq!(high.and_then(|label| label.scope().map(str::to_owned)).as_deref(), Some("priority"));
    }
}

#[tokio::test]
async fn repositories_are_listed_in_slices_without_archived_ones_and_those_of_others() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let lab = insert_organization(&mut writer, "lab", mei.id).await;
        let mut made = Vec::new();
        for name in ["a", "b", "c"] {
            let new = new_repository(lab, name, Visibility::Public);
            made.push(insert_new_repository(&mut writer, &new).await);
        }
        insert_new_repository(&mut writer, &new_repository(mei.id, "mine", Visibility::Public)).await;
        let archived_at = Some(test_start());
        repository::set_archived(&mut writer, made[1], archived_at, test_start()).await.expect("archived");
        let first = row::list_repositories_after(&mut writer, lab, RepositoryId(0), 1).await.expect("a list");
        assert_eq!(first, [made[0]]);
        let rest = row::list_repositories_after(&mut writer, lab, made[0], 10).await.expect("a list");
        assert_eq!(rest, [made[2]]);
    }
}

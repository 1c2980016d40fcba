use hearth_core::{OwnerKind, RepositoryKind, Timestamp, Visibility};
use hearth_store::{Ask as _, Error, Sql, Store, owner, repository, testing::TestStore, user};

use crate::{
    grant::insert_organization,
    repository::insert_repository,
    support::{BEFORE_ORGANIZATIONS, insert_user, new_user, test_start},
};

#[tokio::test]
async fn people_and_organisations_share_one_space_of_names() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let lab = insert_organization(&mut writer, "Lab", mei.id).await;
        let found = owner::find_by_name(&mut writer, "LAB").await.expect("an answer").expect("there");
        assert_eq!((found.id, found.kind), (lab.into(), OwnerKind::Organization));
        assert_eq!(user::find_by_name(&mut writer, "lab").await.expect("an answer"), None);
        writer.commit().await.expect("kept");
        let mut writer = store.write().await.expect("a transaction");
        let taken = user::insert(&mut writer, &new_user("lab")).await;
        assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
    }
}

#[tokio::test]
async fn a_former_name_leads_on_until_somebody_takes_it_and_its_namespace_is_nobody_elses() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let lab = insert_organization(&mut writer, "Lab", mei.id).await;
        let row = owner::lock(&mut writer, lab.into()).await.expect("an answer").expect("there");
        let name = "works".parse().expect("a good name");
        owner::rename(&mut writer, &row, &name, test_start()).await.expect("free");
        let found = owner::find_renamed(&mut writer, "lab").await.expect("an answer").expect("leads on");
        assert_eq!((found.name.as_str(), found.namespace.as_str()), ("works", "Lab"));

        let other = insert_organization(&mut writer, "lab", mei.id).await;
        assert_eq!(owner::find_renamed(&mut writer, "lab").await.expect("an answer"), None);
        let other = owner::find(&mut writer, other.into()).await.expect("an answer").expect("there");
        assert_eq!(other.namespace, format!("lab~{}", other.id));
        let mei = owner::find(&mut writer, mei.id.into()).await.expect("an answer").expect("there");
        assert_eq!(mei.namespace, "mei");
    }
}

#[tokio::test]
async fn a_repository_is_found_by_the_former_name_of_its_owner_and_of_itself() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let old = insert_repository(&mut writer, mei, "old", Visibility::Public).await;
        let fresh = "fresh".parse().expect("a good name");
        repository::rename(&mut writer, &old, &fresh, test_start()).await.expect("free");
        let row = owner::find(&mut writer, mei.into()).await.expect("an answer").expect("there");
        let name = "mei2".parse().expect("a good name");
        owner::rename(&mut writer, &row, &name, Timestamp::from_second(2)).await.expect("free");
        for (owner, name) in [("mei", "old"), ("mei", "fresh"), ("mei2", "OLD")] {
            let kind = RepositoryKind::Code;
            let now = repository::find_by_name(&mut writer, kind, owner, name).await.expect("an answer");
            assert_eq!(now, None, "{owner}/{name}");
            let moved = repository::find_moved(&mut writer, kind, owner, name).await.expect("an answer");
            assert_eq!(moved.map(|row| row.id), Some(old.id), "{owner}/{name}");
        }
    }
}

/// More rows as a server before organisations wrote them.
const BEFORE: &[&str] = &[
    "INSERT INTO collaborators (repository_id, user_id, permission, created_at) VALUES (1, 2, 'write', 1)",
    "INSERT INTO quotas (code, owner_id, nominal_cards, created_at, updated_at) VALUES ('mei', 1, 2, 1, 1)",
    "INSERT INTO sessions (id, user_id, data, expires_at) VALUES ('s', 2, '{}', 9)",
    "INSERT INTO audit_entries (actor_id, action, subject_kind, subject, created_at) VALUES (1, 'made', 'pool', 'p', 1)",
];

#[tokio::test]
async fn a_database_from_before_organisations_is_brought_up_to_date() {
    let stores = [TestStore::all_of_version(10).await, TestStore::all_of_version(14).await];
    for TestStore { store, .. } in stores.iter().flatten() {
        let mut writer = store.write().await.expect("a transaction");
        for statement in BEFORE_ORGANIZATIONS.iter().chain(BEFORE) {
            writer.query(*statement).execute().await.expect("a row of then");
        }
        writer.commit().await.expect("kept");
        store.migrate().await.expect("it is brought up to date");

        let mut writer = store.write().await.expect("a transaction");
        let mei = user::find_by_name(&mut writer, "mei").await.expect("an answer").expect("there");
        assert_eq!((mei.id.0, mei.name.as_str(), mei.biography.as_str()), (1, "Mei", "Trains"));
        assert!(mei.is_admin && mei.is_email_hidden && mei.email.as_str() == "Mei@example.org");
        let hash = user::find_password_hash(&mut writer, mei.id).await.expect("an answer");
        assert_eq!(hash.as_deref(), Some("hash"));
        let row = owner::find(&mut writer, mei.id.into()).await.expect("an answer").expect("there");
        assert_eq!((row.kind, row.namespace.as_str()), (OwnerKind::User, "Mei"), "the namespace stays");
        let llm = repository::find_by_name(&mut writer, RepositoryKind::Code, "mei", "llm").await;
        let llm = llm.expect("an answer").expect("there");
        let roles = hearth_store::grant::find_roles(&mut writer, llm.id, hearth_core::UserId(2)).await;
        assert_eq!(roles.expect("roles"), hearth_core::Roles::whole(hearth_core::Permission::Write));
        let quota = hearth_store::quota::find(&mut writer, "mei").await.expect("an answer").expect("there");
        assert_eq!(quota.owner.map(|name| name.to_string()).as_deref(), Some("Mei"));
        // Ids continue after those already assigned.
        assert_eq!(insert_user(&mut writer, "lin").await.id.0, 3);
        assert_eq!(insert_organization(&mut writer, "lab", mei.id).await.0, 4);
        // Deleting an owner deletes what belongs to them alone.
        owner::delete(&mut writer, hearth_core::OwnerId(2)).await.expect("gone");
        assert_eq!(sessions(&mut writer).await, 0);
        writer.commit().await.expect("kept");
        check_keys(store).await;
    }
}

async fn sessions(writer: &mut hearth_store::Writer) -> u64 {
    writer.query("SELECT COUNT(*) FROM sessions").fetch_count().await.expect("a count")
}

/// No foreign key is dangling; PostgreSQL ensures that itself.
async fn check_keys(store: &Store) {
    let sql =
        Sql { sqlite: "SELECT COUNT(*) FROM pragma_foreign_key_check", postgres: "SELECT CAST(0 AS BIGINT)" };
    assert_eq!(store.read().await.expect("a reader").query(sql).fetch_count().await.expect("a count"), 0);
}

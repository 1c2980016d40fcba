use hearth_core::{Permission, RepositoryKind, Visibility};
use hearth_store::{
    collaborator,
    repository::{self, NewRepository},
    testing::TestStore,
};

use crate::support::{insert_user, noon};

#[tokio::test]
async fn a_permission_is_given_changed_and_taken() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let lin = insert_user(&mut writer, "lin").await.id;
        let new = NewRepository {
            owner_id: mei,
            kind: RepositoryKind::Code,
            name: "llm".parse().expect("a good name"),
            description: String::new(),
            visibility: Visibility::Private,
            default_branch: "main".into(),
            created_at: noon(),
        };
        let llm = repository::insert(&mut writer, &new).await.expect("a row");
        let none = collaborator::find_permission(&mut writer, llm, lin).await.expect("an answer");
        assert_eq!(none, None);
        for permission in [Permission::Read, Permission::Write] {
            collaborator::put(&mut writer, llm, lin, permission, noon()).await.expect("kept");
            let found = collaborator::find_permission(&mut writer, llm, lin).await.expect("an answer");
            assert_eq!(found, Some(permission));
        }
        assert!(collaborator::delete(&mut writer, llm, lin).await.expect("an answer"));
        assert!(!collaborator::delete(&mut writer, llm, lin).await.expect("an answer"));
    }
}

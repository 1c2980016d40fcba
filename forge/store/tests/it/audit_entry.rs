use hearth_core::PageRequest;
use hearth_store::{
    Json,
    audit_entry::{self, Filter, NewAuditEntry},
    testing::TestStore,
};
use serde_json::json;

use crate::support::{insert_user, test_start};

#[tokio::test]
async fn an_entry_says_who_changed_what_and_is_found_by_its_subject() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let ada = insert_user(&mut writer, "ada").await;
        let paused = NewAuditEntry {
            actor_id: Some(ada.id),
            action: "paused",
            subject_kind: "pool",
            subject: "local".into(),
            before: Some(json!({"is_paused": false})),
            after: Some(json!({"is_paused": true})),
            created_at: test_start(),
        };
        audit_entry::insert(&mut writer, &paused).await.expect("kept");
        let made = NewAuditEntry {
            action: "made",
            subject_kind: "spec",
            subject: "cpu-9".into(),
            before: None,
            ..paused.clone()
        };
        audit_entry::insert(&mut writer, &made).await.expect("kept");
        let page = PageRequest::default();
        let all = audit_entry::list(&mut writer, &Filter::default(), page).await.expect("rows");
        assert_eq!(all.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(), ["made", "paused"]);
        let filter = Filter { subject_kind: Some("pool".into()), subject: Some("local".into()) };
        let found = audit_entry::list(&mut writer, &filter, page).await.expect("rows");
        assert_eq!(found[0].actor.as_ref().map(hearth_core::UserName::as_str), Some("ada"));
        assert_eq!(found[0].before, Some(Json(json!({"is_paused": false}))));
        assert_eq!(audit_entry::count(&mut writer, &filter).await.expect("a count"), 1);
        let none = Filter { subject: Some("other".into()), ..Filter::default() };
        assert_eq!(audit_entry::count(&mut writer, &none).await.expect("a count"), 0);
        assert_eq!(all[0].before, None);
    }
}

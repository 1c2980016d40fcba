use std::time::Duration;

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
            action: "paused".into(),
            subject_kind: "pool".into(),
            subject: "local".into(),
            account_id: None,
            address: Some("192.0.2.7".into()),
            before: Some(json!({"is_paused": false})),
            after: Some(json!({"is_paused": true})),
            created_at: test_start(),
        };
        audit_entry::insert(&mut writer, &paused).await.expect("kept");
        let made = NewAuditEntry {
            action: "made".into(),
            subject_kind: "spec".into(),
            subject: "cpu-9".into(),
            before: None,
            ..paused.clone()
        };
        audit_entry::insert(&mut writer, &made).await.expect("kept");
        let page = PageRequest::default();
        let all = audit_entry::list(&mut writer, &Filter::default(), page).await.expect("rows");
        assert_eq!(all.iter().map(|entry| entry.action.as_str()).collect::<Vec<_>>(), ["made", "paused"]);
        let filter =
            Filter { subject_kind: Some("pool".into()), subject: Some("local".into()), ..Filter::default() };
        let found = audit_entry::list(&mut writer, &filter, page).await.expect("rows");
        assert_eq!(found[0].actor.as_ref().map(hearth_core::UserName::as_str), Some("ada"));
        assert_eq!(found[0].address.as_deref(), Some("192.0.2.7"));
        assert_eq!(found[0].before, Some(Json(json!({"is_paused": false}))));
        assert_eq!(audit_entry::count(&mut writer, &filter).await.expect("a count"), 1);
        let none = Filter { subject: Some("other".into()), ..Filter::default() };
        assert_eq!(audit_entry::count(&mut writer, &none).await.expect("a count"), 0);
        assert_eq!(all[0].before, None);
    }
}

#[tokio::test]
async fn entries_are_narrowed_by_who_acted_whose_account_it_was_and_when_and_read_part_by_part() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let ada = insert_user(&mut writer, "ada").await.id;
        let mei = insert_user(&mut writer, "mei").await.id;
        let entry = |second: u64, actor_id, account_id| NewAuditEntry {
            actor_id,
            action: "signed-in".into(),
            subject_kind: "session".into(),
            subject: second.to_string(),
            account_id,
            address: None,
            before: None,
            after: None,
            created_at: test_start() + Duration::from_secs(second),
        };
        for new in [entry(0, Some(ada), Some(mei)), entry(1, Some(mei), Some(mei)), entry(2, None, Some(ada))]
        {
            audit_entry::insert(&mut writer, &new).await.expect("kept");
        }
        let at = |second: u64| Some(test_start() + Duration::from_secs(second));
        for (filter, expected) in [
            (Filter { actor: Some(ada), ..Filter::default() }, vec!["0"]),
            (Filter { account: Some(mei), ..Filter::default() }, vec!["1", "0"]),
            (Filter { since: at(1), ..Filter::default() }, vec!["2", "1"]),
            (Filter { until: at(1), ..Filter::default() }, vec!["0"]),
            (Filter { since: at(1), until: at(2), ..Filter::default() }, vec!["1"]),
        ] {
            let found = audit_entry::list(&mut writer, &filter, PageRequest::default()).await.expect("rows");
            let subjects: Vec<_> = found.iter().map(|entry| entry.subject.as_str()).collect();
            assert_eq!(subjects, expected, "{filter:?}");
            let count = audit_entry::count(&mut writer, &filter).await.expect("a count");
            assert_eq!(count, expected.len() as u64);
        }
        let all = Filter::default();
        let first = audit_entry::list_before(&mut writer, &all, None, 2).await.expect("rows");
        let rest = audit_entry::list_before(&mut writer, &all, Some(first[1].id), 2).await.expect("rows");
        let subjects: Vec<_> = first.iter().chain(&rest).map(|entry| entry.subject.as_str()).collect();
        assert_eq!(subjects, ["2", "1", "0"]);
    }
}

#[tokio::test]
async fn addresses_are_forgotten_with_time_and_the_entries_stay() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        for day in 0..3 {
            let new = NewAuditEntry {
                actor_id: None,
                action: "made".into(),
                subject_kind: "pool".into(),
                subject: day.to_string(),
                account_id: None,
                address: Some("192.0.2.7".into()),
                before: None,
                after: None,
                created_at: test_start() + Duration::from_hours(24 * day),
            };
            audit_entry::insert(&mut writer, &new).await.expect("kept");
        }
        let before = test_start() + Duration::from_hours(48);
        assert_eq!(audit_entry::forget_addresses(&mut writer, before, 1).await.expect("an answer"), 1);
        assert_eq!(audit_entry::forget_addresses(&mut writer, before, 9).await.expect("an answer"), 1);
        assert_eq!(audit_entry::forget_addresses(&mut writer, before, 9).await.expect("an answer"), 0);
        let all = audit_entry::list(&mut writer, &Filter::default(), PageRequest::default()).await;
        let addresses: Vec<_> = all.expect("rows").into_iter().map(|entry| entry.address).collect();
        assert_eq!(addresses, [Some("192.0.2.7".into()), None, None]);
    }
}

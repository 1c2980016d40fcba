use hearth_core::Reason;
use hearth_store::{queue, task, testing::TestStore};

use crate::{
    attempt::kept_attempt,
    support::{insert_repository, insert_user, new_task, test_start},
};

#[tokio::test]
async fn what_runs_is_told_with_its_cards() {
    for TestStore { store, .. } in &TestStore::all().await {
        let made = kept_attempt(store).await;
        let mut reader = store.read().await.expect("a reader");
        let holding = queue::list_holding(&mut reader).await.expect("rows");
        assert_eq!(holding.len(), 1);
        assert_eq!((holding[0].attempt_id, holding[0].pool_code.as_str()), (made.id, "local"));
        let cards: serde_json::Value = holding[0].cards.read().expect("what was kept");
        assert_eq!(cards[0]["index"], 3);
    }
}

#[tokio::test]
async fn a_plan_from_before_another_admission_is_seen_to_be_old() {
    for TestStore { store, .. } in &TestStore::all().await {
        let known =
            queue::count_admissions(&mut store.read().await.expect("a reader")).await.expect("a count");
        let mut writer = store.write().await.expect("a transaction");
        assert!(queue::begin_admission(&mut writer, known).await.expect("an answer"));
        writer.commit().await.expect("kept");
        let mut writer = store.write().await.expect("a transaction");
        assert!(!queue::begin_admission(&mut writer, known).await.expect("an answer"));
        assert!(queue::begin_admission(&mut writer, known + 1).await.expect("an answer"));
        // Without a commit nothing was admitted.
        drop(writer);
        let now = queue::count_admissions(&mut store.read().await.expect("a reader")).await.expect("a count");
        assert_eq!(now, known + 1);
    }
}

#[tokio::test]
async fn a_reason_is_given_to_those_who_wait_still() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let waits = task::insert(&mut writer, &new_task(code, mei.id, "waits")).await.expect("kept");
        let gone = task::insert(&mut writer, &new_task(code, mei.id, "gone")).await.expect("kept");
        task::admit(&mut writer, gone, test_start()).await.expect("an answer");
        queue::set_reason(&mut writer, &[waits, gone], Reason::QueueQuota, test_start()).await.expect("kept");
        for (id, reason) in [(waits, Reason::QueueQuota), (gone, Reason::StageStart)] {
            let found = task::find(&mut writer, id).await.expect("an answer").expect("there");
            assert_eq!(found.reason, reason);
        }
    }
}

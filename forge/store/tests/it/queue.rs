use hearth_core::{Reason, UserId};
use hearth_store::{
    active_task, queue,
    quota::{self, Quota},
    repository, task,
    testing::TestStore,
    transfer,
};

use crate::{
    attempt::kept_attempt,
    grant::insert_organization,
    quota::everybody,
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

#[tokio::test]
async fn an_organization_without_a_quota_gives_nobody_a_second_share() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await.id;
        let lab = insert_organization(&mut writer, "lab", mei.id).await;
        let own = insert_repository(&mut writer, &mei, "digits").await;
        let shared = insert_repository(&mut writer, &mei, "letters").await;
        let found = repository::find(&mut writer, shared).await.expect("an answer").expect("there");
        transfer::move_to(&mut writer, &found, lab.into(), test_start()).await.expect("stored");
        for (repository, launcher) in [(own, bo), (shared, bo), (shared, mei.id)] {
            task::insert(&mut writer, &new_task(repository, launcher, "run")).await.expect("kept");
        }
        let everybody = everybody();
        quota::insert(&mut writer, &everybody).await.expect("kept");
        let (mei, bo, lab) = (mei.id.into(), bo.into(), lab.into());
        let of_lab = Quota { code: "lab".into(), owner_id: Some(lab), ..everybody };
        for (payers, has_quota) in [([mei, bo, mei], false), ([mei, lab, lab], true)] {
            if has_quota {
                quota::insert(&mut writer, &of_lab).await.expect("kept");
            }
            let waiting = queue::list_waiting(&mut writer).await.expect("rows");
            assert_eq!(waiting.iter().map(|row| row.payer_id).collect::<Vec<_>>(), payers);
            let active = active_task::list(&mut writer).await.expect("rows");
            assert_eq!(active.iter().map(|row| row.payer_id).collect::<Vec<_>>(), payers);
            let next = queue::find_payer(&mut writer, lab, UserId(bo.0)).await.expect("a payer");
            assert_eq!(next, payers[1]);
        }
        assert_eq!(queue::find_payer(&mut writer, mei, UserId(bo.0)).await.expect("a payer"), mei);
    }
}

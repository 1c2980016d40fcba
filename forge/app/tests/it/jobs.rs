use std::time::Duration;

use hearth_app::{jobs, jobs::EndExpiredSessions, testing::TestHearth};
use hearth_store::job;

#[tokio::test]
async fn a_job_wanted_twice_before_it_began_runs_once() {
    for hearth in &TestHearth::all().await {
        let mut writer = hearth.app.store().write().await.expect("a transaction");
        for _ in 0..2 {
            jobs::enqueue(&mut writer, &EndExpiredSessions {}, hearth.app.now()).await.expect("kept");
        }
        writer.commit().await.expect("kept");
        assert_eq!(hearth.run_jobs().await, 1);
        let mut reader = hearth.app.store().read().await.expect("a reader");
        assert_eq!(job::count_open(&mut reader).await.expect("an answer"), 0);
    }
}

#[tokio::test]
async fn a_job_of_a_transaction_that_was_dropped_never_runs() {
    let hearth = TestHearth::new().await;
    let mut writer = hearth.app.store().write().await.expect("a transaction");
    jobs::enqueue(&mut writer, &EndExpiredSessions {}, hearth.app.now()).await.expect("kept");
    drop(writer);
    assert_eq!(hearth.run_jobs().await, 0);
}

#[tokio::test]
async fn a_job_that_was_put_off_before_the_clock_was_set_back_does_not_wait_for_the_clock() {
    for hearth in &TestHearth::all().await {
        let mut writer = hearth.app.store().write().await.expect("a transaction");
        for (time, ran) in [(Duration::from_mins(10), 0), (Duration::from_hours(1), 1)] {
            let at = hearth.app.now() + time;
            jobs::enqueue(&mut writer, &EndExpiredSessions {}, at).await.expect("kept");
            writer.commit().await.expect("kept");
            assert_eq!(hearth.run_jobs().await, ran);
            hearth.clock.advance(Duration::from_mins(10));
            assert_eq!(hearth.run_jobs().await, 1 - ran);
            writer = hearth.app.store().write().await.expect("a transaction");
        }
    }
}

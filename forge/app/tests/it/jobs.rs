use std::time::Duration;

use hearth_app::{
    Actor, audit,
    jobs::{self, EndExpiredSessions, Filter, JobState},
    testing::{Drill, TestHearth},
};
use hearth_core::{Error, PageRequest};
use hearth_store::{job, setting};
use tokio::{sync::watch, time};

#[tokio::test]
async fn a_job_wanted_twice_before_it_began_runs_once() {
    for hearth in &TestHearth::all().await {
        let mut operation = hearth.app.begin().await.expect("a transaction");
        for _ in 0..2 {
            operation.enqueue(&EndExpiredSessions {}).await.expect("kept");
        }
        operation.commit().await.expect("kept");
        assert_eq!(hearth.run_jobs().await, 1);
        let mut reader = hearth.app.store().read().await.expect("a reader");
        assert_eq!(job::count_open(&mut reader).await.expect("an answer"), 0);
    }
}

#[tokio::test]
async fn a_job_of_a_transaction_that_was_dropped_never_runs() {
    let hearth = TestHearth::new().await;
    let mut operation = hearth.app.begin().await.expect("a transaction");
    operation.enqueue(&EndExpiredSessions {}).await.expect("kept");
    drop(operation);
    assert_eq!(hearth.run_jobs().await, 0);
}

#[tokio::test]
async fn a_job_that_was_put_off_before_the_clock_was_set_back_does_not_wait_for_the_clock() {
    for hearth in &TestHearth::all().await {
        let mut operation = hearth.app.begin().await.expect("a transaction");
        for (time, ran) in [(Duration::from_mins(10), 0), (Duration::from_hours(1), 1)] {
            let at = hearth.app.now() + time;
            operation.enqueue_at(&EndExpiredSessions {}, at).await.expect("kept");
            operation.commit().await.expect("kept");
            assert_eq!(hearth.run_jobs().await, ran);
            hearth.clock.advance(Duration::from_mins(10));
            assert_eq!(hearth.run_jobs().await, 1 - ran);
            operation = hearth.app.begin().await.expect("a transaction");
        }
    }
}

async fn mark(hearth: &TestHearth) -> Option<String> {
    setting::find(&mut hearth.app.store().read().await.expect("a reader"), Drill::MARK)
        .await
        .expect("an answer")
}

#[tokio::test]
async fn a_job_that_panics_or_fails_is_tried_again_later_and_kept_in_the_end() {
    for hearth in &TestHearth::all().await {
        hearth.let_jobs_fail();
        for drill in [Drill::Panic, Drill::Fail] {
            jobs::enqueue(&hearth.app, &drill).await.expect("kept");
        }
        for _ in 0..10 {
            assert_eq!(hearth.run_jobs().await, 2);
            assert_eq!(hearth.run_jobs().await, 0, "not at once");
            hearth.clock.advance(Duration::from_mins(45));
        }
        assert_eq!(hearth.run_jobs().await, 0, "both were given up");
        let admin = Actor::person(hearth.admin("lin").await);
        let failed = Filter { state: Some(JobState::Failed), queue: None };
        let all = jobs::list(&hearth.app, &admin, &failed, PageRequest::default()).await.expect("rows");
        let mut errors: Vec<_> = all.items.iter().filter_map(|job| job.last_error.as_deref()).collect();
        errors.sort_unstable();
        assert_eq!(errors, ["internal error: the job panicked", "internal error: told to"]);
        let runs = hearth.app.runs().all();
        assert!(
            runs.contains(&("drill", "given_up", 2)) && runs.contains(&("drill", "failed", 18)),
            "{runs:?}"
        );
    }
}

#[tokio::test]
async fn what_a_run_wrote_that_has_lost_its_lease_is_not_kept() {
    for hearth in &TestHearth::all().await {
        jobs::enqueue(&hearth.app, &Drill::MarkTooLate).await.expect("kept");
        assert_eq!(hearth.run_jobs().await, 1);
        assert_eq!(mark(hearth).await, None);
        assert!(hearth.app.runs().all().contains(&("drill", "lease_lost", 1)));
        let open = job::count_open(&mut hearth.app.store().read().await.expect("a reader")).await;
        assert_eq!(open.expect("a number"), 1, "it is the other run's");
    }
}

#[tokio::test]
async fn what_a_run_wrote_is_kept_with_the_end_of_its_job() {
    for hearth in &TestHearth::all().await {
        jobs::enqueue(&hearth.app, &Drill::Mark).await.expect("kept");
        assert_eq!(hearth.run_jobs().await, 1);
        assert_eq!(mark(hearth).await.as_deref(), Some("yes"));
    }
}

#[tokio::test]
async fn workers_begin_at_once_what_is_enqueued_and_survive_a_panic() {
    for hearth in &TestHearth::all().await {
        let (stop, stopping) = watch::channel(false);
        let workers = tokio::spawn(jobs::run(hearth.app.clone(), stopping));
        hearth.let_jobs_fail();
        jobs::enqueue(&hearth.app, &Drill::Panic).await.expect("kept");
        jobs::enqueue(&hearth.app, &Drill::Mark).await.expect("kept");
        while mark(hearth).await.is_none() {
            time::sleep(Duration::from_millis(5)).await;
        }
        assert!(!workers.is_finished());
        stop.send_replace(true);
        workers.await.expect("they end when told to");
    }
}

#[tokio::test]
async fn expired_sessions_are_ended_by_the_clock() {
    for hearth in &TestHearth::all().await {
        let (stop, stopping) = watch::channel(false);
        let workers = tokio::spawn(jobs::run(hearth.app.clone(), stopping));
        let ended =
            || hearth.app.runs().all().iter().any(|run| (run.0, run.1) == ("end_expired_sessions", "done"));
        // The schedule is registered first; an hour later it is due.
        let admin = Actor::person(hearth.admin("lin").await);
        while jobs::overview(&hearth.app, &admin).await.expect("an answer").schedules.is_empty() {
            time::sleep(Duration::from_millis(5)).await;
        }
        assert!(!ended());
        hearth.clock.advance(Duration::from_hours(1));
        while !ended() {
            time::sleep(Duration::from_millis(20)).await;
        }
        stop.send_replace(true);
        workers.await.expect("they end when told to");
    }
}

#[tokio::test]
async fn administrators_try_jobs_again_or_discard_them_and_it_is_audited() {
    let hearth = TestHearth::new().await;
    let admin = Actor::person(hearth.admin("lin").await);
    jobs::enqueue(&hearth.app, &Drill::Fail).await.expect("kept");
    hearth.run_jobs().await;
    let all =
        jobs::list(&hearth.app, &admin, &Filter::default(), PageRequest::default()).await.expect("rows");
    let id = all.items[0].id;
    let mei = Actor::person(hearth.user("mei").await);
    assert!(matches!(jobs::run_now(&hearth.app, &mei, id).await, Err(Error::Forbidden(_))));
    jobs::run_now(&hearth.app, &admin, id).await.expect("it waits");
    assert_eq!(hearth.run_jobs().await, 1, "now, not later");
    jobs::discard(&hearth.app, &admin, id).await.expect("it waits");
    assert!(matches!(jobs::discard(&hearth.app, &admin, id).await, Err(Error::NotFound(_))));
    let log = audit::list(&hearth.app, &admin, &audit::Filter::default(), PageRequest::default()).await;
    let actions: Vec<_> = log.expect("rows").items.iter().map(|entry| entry.action.clone()).collect();
    assert_eq!(actions, ["discarded", "retried"]);
}

use std::time::Duration;

use hearth_core::{PageRequest, Timestamp};
use hearth_store::{
    Store, Writer,
    job::{self, Due, Filter, Job, JobState, NewJob, Queue},
    testing::TestStore,
};

use crate::support::test_start;

const LEASE: Duration = Duration::from_secs(30);

fn due(now: Timestamp) -> Due {
    Due {
        now,
        latest: now + Duration::from_mins(45),
        leased_until: now + LEASE,
        latest_lease: now + LEASE * 20,
    }
}

async fn enqueue(writer: &mut Writer, queue: Queue, kind: &'static str) {
    let new = NewJob { queue, kind, data: serde_json::json!({}), dedupe_key: None, run_at: test_start() };
    job::insert(writer, &new).await.expect("kept");
}

async fn claim(store: &Store, queue: Queue, now: Timestamp) -> Option<Job> {
    let mut writer = store.write().await.expect("a transaction");
    let claimed = job::claim(&mut writer, queue, due(now)).await.expect("an answer");
    writer.commit().await.expect("kept");
    claimed
}

#[tokio::test]
async fn a_queue_gives_its_own_jobs_in_their_order_and_each_once() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        enqueue(&mut writer, Queue::Mail, "first").await;
        enqueue(&mut writer, Queue::Mail, "second").await;
        enqueue(&mut writer, Queue::Tasks, "other").await;
        writer.commit().await.expect("kept");
        let mut reader = store.read().await.expect("a reader");
        let mut queues = job::due_queues(&mut reader, due(test_start())).await.expect("rows");
        queues.sort();
        assert_eq!(queues, ["mail", "tasks"]);
        drop(reader);
        for kind in ["first", "second"] {
            assert_eq!(claim(store, Queue::Mail, test_start()).await.expect("a job").kind, kind);
        }
        assert_eq!(claim(store, Queue::Mail, test_start()).await, None);
    }
}

#[tokio::test]
async fn whoever_lost_the_lease_changes_nothing() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        enqueue(&mut writer, Queue::Tasks, "long").await;
        writer.commit().await.expect("kept");
        let slow = claim(store, Queue::Tasks, test_start()).await.expect("a job");
        let later = test_start() + LEASE;
        let next = claim(store, Queue::Tasks, later).await.expect("the lease is over");
        assert_eq!((slow.id, slow.lease + 1), (next.id, next.lease));
        let mut writer = store.write().await.expect("a transaction");
        assert!(!job::renew(&mut writer, &slow, later + LEASE).await.expect("an answer"));
        assert!(!job::retry_at(&mut writer, &slow, later, "slow").await.expect("an answer"));
        assert!(!job::fail(&mut writer, &slow, later, "slow").await.expect("an answer"));
        assert!(!job::finish(&mut writer, &slow).await.expect("an answer"));
        assert!(job::renew(&mut writer, &next, later + LEASE).await.expect("an answer"));
        assert!(job::finish(&mut writer, &next).await.expect("an answer"));
        assert_eq!(job::count_open(&mut writer).await.expect("a number"), 0);
    }
}

#[tokio::test]
async fn a_lease_from_before_the_clock_was_set_back_is_over() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        enqueue(&mut writer, Queue::Tasks, "long").await;
        writer.commit().await.expect("kept");
        claim(store, Queue::Tasks, test_start() + Duration::from_hours(5)).await.expect("a job");
        assert!(claim(store, Queue::Tasks, test_start()).await.is_some());
    }
}

#[tokio::test]
async fn a_lease_of_a_worker_that_read_the_clock_later_counts() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        enqueue(&mut writer, Queue::Tasks, "long").await;
        writer.commit().await.expect("kept");
        claim(store, Queue::Tasks, test_start() + Duration::from_secs(1)).await.expect("a job");
        assert_eq!(claim(store, Queue::Tasks, test_start()).await, None, "it has just been taken");
        let mut reader = store.read().await.expect("a reader");
        assert!(job::due_queues(&mut reader, due(test_start())).await.expect("rows").is_empty());
    }
}

#[tokio::test]
async fn jobs_are_listed_by_state_and_tried_again_or_discarded() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        for kind in ["fails", "runs", "waits"] {
            enqueue(&mut writer, Queue::Tasks, kind).await;
        }
        let failing = job::claim(&mut writer, Queue::Tasks, due(test_start()))
            .await
            .expect("an answer")
            .expect("a job");
        job::fail(&mut writer, &failing, test_start(), "it broke").await.expect("kept");
        let running = job::claim(&mut writer, Queue::Tasks, due(test_start()))
            .await
            .expect("an answer")
            .expect("a job");
        let all = job::list(&mut writer, &Filter::default(), test_start(), PageRequest::default())
            .await
            .expect("rows");
        let states: Vec<_> = all.iter().map(|job| (job.kind.as_str(), job.state)).collect();
        assert_eq!(
            states,
            [("fails", JobState::Failed), ("runs", JobState::Running), ("waits", JobState::Waiting)]
        );
        let failed = Filter { state: Some(JobState::Failed), queue: Some("tasks".into()) };
        assert_eq!(job::count(&mut writer, &failed, test_start()).await.expect("a number"), 1);
        let counts = job::counts(&mut writer, test_start()).await.expect("rows");
        assert_eq!(counts.iter().map(|count| count.jobs).collect::<Vec<_>>(), [1, 1, 1]);
        assert!(!job::run_now(&mut writer, running.id, test_start()).await.expect("an answer"), "it runs");
        assert!(!job::discard(&mut writer, running.id, test_start()).await.expect("an answer"), "it runs");
        assert!(job::run_now(&mut writer, failing.id, test_start()).await.expect("an answer"));
        let found =
            job::find(&mut writer, failing.id, test_start()).await.expect("an answer").expect("there");
        assert_eq!((found.state, found.attempts), (JobState::Waiting, 0));
        assert!(job::discard(&mut writer, failing.id, test_start()).await.expect("an answer"));
        assert_eq!(job::release_all(&mut writer).await.expect("a number"), 1);
        assert!(
            !job::finish(&mut writer, &running).await.expect("an answer"),
            "its run is of an earlier life"
        );
    }
}

use std::time::Duration;

use hearth_core::{PageRequest, Parameter, Program, Reason, TaskId, TaskState, Visibility};
use hearth_store::{
    Error, Writer, queue,
    repository::{self, Viewer},
    task::{self, NewTask, ResourceRequest},
    task_event::{self, Facts, NewTaskEvent},
    task_filter::{Comparison, TaskFilter, TaskOrder, ValueCondition, ValueKind},
    task_value::{self, TaskMetric},
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, new_task, test_start};

#[tokio::test]
async fn a_task_is_found_as_it_was_launched() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let id = task::insert(&mut writer, &new_task(code, mei.id, "First_Run")).await.expect("kept");
        writer.commit().await.expect("kept");

        let mut reader = store.read().await.expect("a reader");
        let found = task::find(&mut reader, id).await.expect("an answer").expect("there");
        assert_eq!((found.state, found.reason), (TaskState::Waiting, Reason::QueueFirst));
        assert_eq!((found.creator.as_str(), found.attempts), ("mei", 0));
        let texts = task::texts(&mut reader, id).await.expect("texts");
        assert_eq!((texts.description.as_str(), texts.program.parameters()[0].value.as_str()), ("", "0.1"));
        assert_eq!((found.has_patch, task::patch(&mut reader, id).await.expect("an answer")), (false, None));
        let count = async |reader: &mut _, part: &str, states: Vec<TaskState>| {
            let filter = TaskFilter { name_part: Some(part.into()), states, ..TaskFilter::default() };
            let page = PageRequest::default();
            let listed = task::list_of_repository(reader, code, &filter, page).await.expect("rows").len();
            let counted = task::count_of_repository(reader, code, &filter).await.expect("a count");
            assert_eq!(listed as u64, counted);
            counted
        };
        assert_eq!(count(&mut reader, "first_", vec![]).await, 1);
        assert_eq!(count(&mut reader, "firstx", vec![]).await, 0);
        assert_eq!(count(&mut reader, "", vec![TaskState::Failed, TaskState::Waiting]).await, 1);
        assert_eq!(count(&mut reader, "", vec![TaskState::Failed]).await, 0);
        let (filter, page) = (TaskFilter::default(), PageRequest::default());
        let of_mei = task::list_of_creator(&mut reader, mei.id, Viewer::Person(mei.id), &filter, page)
            .await
            .expect("rows");
        assert_eq!(of_mei, std::slice::from_ref(&found));
        assert_eq!(task::list_all(&mut reader, &filter, page).await.expect("rows"), [found]);
    }
}

#[tokio::test]
async fn a_task_is_listed_for_its_creator_while_he_may_see_its_code() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let lin = insert_user(&mut writer, "lin").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        task::insert(&mut writer, &new_task(code, lin.id, "run")).await.expect("kept");
        let (filter, page) = (TaskFilter::default(), PageRequest::default());
        let listed = async |writer: &mut Writer, viewer| {
            let list = task::list_of_creator(writer, lin.id, viewer, &filter, page).await.expect("rows");
            let total = task::count_of_creator(writer, lin.id, viewer, &filter).await.expect("a count");
            assert_eq!(list.len() as u64, total);
            // It is the only task, so the list of all that may be seen is the same.
            let all = task::list_visible(writer, viewer, &filter, page).await.expect("rows");
            let counted = task::count_visible(writer, viewer, &filter).await.expect("a count");
            assert_eq!((all, counted), (list, total));
            total
        };
        assert_eq!(listed(&mut writer, Viewer::Person(lin.id)).await, 1);
        let hidden =
            repository::Changes { visibility: Some(Visibility::Private), ..repository::Changes::default() };
        repository::update(&mut writer, code, &hidden, test_start()).await.expect("kept");
        assert_eq!(listed(&mut writer, Viewer::Person(lin.id)).await, 0);
        assert_eq!(listed(&mut writer, Viewer::Person(mei.id)).await, 1);
        assert_eq!(listed(&mut writer, Viewer::Administrator).await, 1);
    }
}

#[tokio::test]
async fn a_task_that_repeats_one_that_is_gone_is_told_from_a_fault() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let new = NewTask { parent_id: Some(TaskId(404)), ..new_task(code, mei.id, "run") };
        let refused = task::insert(&mut writer, &new).await;
        assert!(matches!(refused, Err(Error::Dangling)), "{refused:?}");
    }
}

#[tokio::test]
async fn several_tasks_are_found_and_removed_at_once() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let mut ids = vec![TaskId(-1)];
        for name in ["a", "b", "c"] {
            ids.push(task::insert(&mut writer, &new_task(code, mei.id, name)).await.expect("kept"));
        }
        assert_eq!(task::find_all(&mut writer, &ids).await.expect("rows").len(), 3);
        task::delete_all(&mut writer, &ids[..3]).await.expect("removed");
        let left = task::find_all(&mut writer, &ids).await.expect("rows");
        assert_eq!(left.iter().map(|task| task.name.as_str()).collect::<Vec<_>>(), ["c"]);
    }
}

#[tokio::test]
async fn the_changes_of_an_unpushed_tree_are_read_where_they_are_wanted() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let new = NewTask { patch: Some("+1\n".into()), ..new_task(code, mei.id, "run") };
        let id = task::insert(&mut writer, &new).await.expect("kept");
        assert!(task::find(&mut writer, id).await.expect("an answer").expect("there").has_patch);
        assert_eq!(task::patch(&mut writer, id).await.expect("an answer").as_deref(), Some("+1\n"));
    }
}

#[tokio::test]
async fn the_queue_goes_by_priority_and_then_by_age() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let old = new_task(code, mei.id, "old");
        let young =
            NewTask { created_at: test_start() + Duration::from_secs(1), ..new_task(code, mei.id, "young") };
        let urgent = NewTask { priority: 5, ..young.clone() };
        let mut ids = Vec::new();
        for new in [&young, &old, &urgent] {
            ids.push(task::insert(&mut writer, new).await.expect("kept"));
        }
        let waiting = queue::list_waiting(&mut writer).await.expect("rows");
        assert_eq!(waiting.iter().map(|task| task.id).collect::<Vec<_>>(), [ids[2], ids[1], ids[0]]);
        assert_eq!((waiting[0].owner_id, waiting[0].node_count), (mei.id.into(), 1));
        assert_eq!(task::count_waiting(&mut writer, 1).await.expect("a count"), 1);

        assert_eq!(task::admit(&mut writer, waiting[0].id, test_start()).await.expect("an answer"), Some(1));
        assert_eq!(task::admit(&mut writer, waiting[0].id, test_start()).await.expect("an answer"), None);
        assert_eq!(queue::list_waiting(&mut writer).await.expect("rows").len(), 2);
        let holding = task::list_holding(&mut writer).await.expect("rows");
        assert_eq!(holding.iter().map(|task| task.attempts).collect::<Vec<_>>(), [1]);
    }
}

#[tokio::test]
async fn a_move_from_a_state_that_was_left_does_nothing() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let id = task::insert(&mut writer, &new_task(code, mei.id, "run")).await.expect("kept");
        let mut move_to = async |from, to| {
            task::transition(&mut writer, id, from, to, Reason::UserStop, test_start())
                .await
                .expect("an answer")
        };
        assert!(move_to(TaskState::Waiting, TaskState::Stopped).await);
        assert!(!move_to(TaskState::Waiting, TaskState::Creating).await);
        task::request_stop(&mut writer, id, Some(mei.id), Reason::UserStop, test_start())
            .await
            .expect("kept");
        task::request_stop(&mut writer, id, None, Reason::AdminStop, test_start()).await.expect("ignored");
        let task = task::find(&mut writer, id).await.expect("an answer").expect("there");
        assert_eq!((task.state, task.ended_at), (TaskState::Stopped, Some(test_start())));
        assert_eq!((task.stop_requested_by, task.stop_reason), (Some(mei.id), Some(Reason::UserStop)));
    }
}

#[tokio::test]
async fn a_request_key_makes_one_task() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let new = NewTask { request_key: Some("k1".into()), ..new_task(code, mei.id, "run") };
        let id = task::insert(&mut writer, &new).await.expect("kept");
        let found = task::find_by_request_key(&mut writer, mei.id, "k1").await.expect("an answer");
        assert_eq!(found.map(|task| task.id), Some(id));
        let again = task::insert(&mut writer, &new).await;
        assert!(matches!(again, Err(Error::Taken)), "{again:?}");
    }
}

#[tokio::test]
async fn the_timeline_goes_with_its_task() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let id = task::insert(&mut writer, &new_task(code, mei.id, "run")).await.expect("kept");
        let event = NewTaskEvent {
            task_id: id,
            attempt_number: 1,
            state: TaskState::Failed,
            reason: Reason::RunExitNonzero,
            source: "agent",
            data: Facts::from([("exit_code".into(), "3".into())]),
            created_at: test_start(),
        };
        task_event::insert(&mut writer, &event).await.expect("kept");
        let listed = task_event::list(&mut writer, id, 0, 10).await.expect("rows");
        assert_eq!(listed[0].data.0["exit_code"], "3");
        task::delete(&mut writer, id).await.expect("gone");
        assert_eq!(task_event::list(&mut writer, id, 0, 10).await.expect("rows"), []);
    }
}

#[tokio::test]
async fn a_task_that_made_room_waits_again_at_its_old_place() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let id = task::insert(&mut writer, &new_task(code, mei.id, "run")).await.expect("kept");
        let later = test_start() + Duration::from_secs(60);
        assert!(!task::preempt(&mut writer, id, later).await.expect("an answer"), "it holds nothing");
        task::admit(&mut writer, id, test_start()).await.expect("an answer");
        assert!(task::preempt(&mut writer, id, later).await.expect("an answer"));
        assert!(!task::preempt(&mut writer, id, later).await.expect("an answer"), "once is enough");
        let told = task::find(&mut writer, id).await.expect("an answer").expect("there");
        assert_eq!((told.stop_reason, told.preempted_at), (Some(Reason::Preempted), Some(later)));
        let made_room = task::requeue(&mut writer, id, TaskState::Creating, Reason::Preempted, later)
            .await
            .expect("kept");
        assert!(made_room);
        let again = task::find(&mut writer, id).await.expect("an answer").expect("there");
        assert_eq!((again.state, again.queued_at), (TaskState::Waiting, Some(test_start())));
        assert_eq!((again.stop_requested_at, again.stop_reason, again.attempts), (None, None, 1));
    }
}

#[tokio::test]
async fn only_a_waiting_task_gets_another_spec_or_priority() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let id = task::insert(&mut writer, &new_task(code, mei.id, "run")).await.expect("kept");
        let request = ResourceRequest {
            spec_code: "any-2".into(),
            accelerator: None,
            cards: 2,
            card_memory_bytes: 40 << 30,
            cpus: 4,
            memory_bytes: 2 << 30,
        };
        assert!(task::change_resources(&mut writer, id, &request, test_start()).await.expect("an answer"));
        let found = task::find(&mut writer, id).await.expect("an answer").expect("there");
        assert_eq!((found.spec_code.as_str(), found.cards, found.cpus), ("any-2", 2, 4));
        assert!(task::set_priority(&mut writer, id, -3, test_start()).await.expect("an answer"));
        assert_eq!(task::find(&mut writer, id).await.expect("an answer").expect("there").priority, -3);
        task::admit(&mut writer, id, test_start()).await.expect("an answer");
        assert!(!task::change_resources(&mut writer, id, &request, test_start()).await.expect("an answer"));
        assert!(!task::set_priority(&mut writer, id, 0, test_start()).await.expect("an answer"));
    }
}

#[tokio::test]
async fn tasks_are_filtered_and_sorted_by_what_they_were_given_and_measured() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let code = insert_repository(&mut writer, &mei, "digits").await;
        let mut ids = Vec::new();
        for (rate, loss) in [("0.1", Some(0.5)), ("10", Some(f64::NAN)), ("0.02", Some(0.25)), ("auto", None)]
        {
            let given = vec![Parameter { name: "lr".into(), value: rate.into() }];
            let new = NewTask { program: Program::script("train.py", given), ..new_task(code, mei.id, rate) };
            let id = task::insert(&mut writer, &new).await.expect("kept");
            let metric =
                |last: f64| TaskMetric { task_id: id, name: "loss".into(), last, least: last, most: last };
            let metrics: Vec<TaskMetric> = loss.into_iter().map(metric).collect();
            task_value::replace_metrics(&mut writer, id, &metrics).await.expect("kept");
            task_value::replace_metrics(&mut writer, id, &metrics).await.expect("kept again");
            ids.push(id);
        }
        let listed = async |writer: &mut Writer, filter: TaskFilter| {
            let page = PageRequest::default();
            let found = task::list_of_repository(writer, code, &filter, page).await.expect("rows");
            let total = task::count_of_repository(writer, code, &filter).await.expect("a count");
            assert_eq!(found.len() as u64, total);
            found.into_iter().map(|task| task.name).collect::<Vec<_>>()
        };
        let by = |kind, name: &str, is_descending| TaskFilter {
            order: TaskOrder::Value { kind, name: name.into(), is_descending },
            ..TaskFilter::default()
        };
        let rates = by(ValueKind::Parameter, "lr", false);
        assert_eq!(listed(&mut writer, rates).await, ["0.02", "0.1", "10", "auto"]);
        let losses = by(ValueKind::Metric, "loss", true);
        assert_eq!(listed(&mut writer, losses).await, ["0.1", "0.02", "auto", "10"]);
        let oldest = TaskFilter { order: TaskOrder::OldestFirst, ..TaskFilter::default() };
        assert_eq!(listed(&mut writer, oldest).await, ["0.1", "10", "0.02", "auto"]);
        for (kind, comparison, value, expected) in [
            (ValueKind::Parameter, Comparison::Less, "1", vec!["0.02", "0.1"]),
            (ValueKind::Parameter, Comparison::Equal, "10.0", vec!["10"]),
            (ValueKind::Parameter, Comparison::Equal, "auto", vec!["auto"]),
            (ValueKind::Metric, Comparison::AtMost, "0.25", vec!["0.02"]),
            (ValueKind::Metric, Comparison::Greater, "much", vec![]),
        ] {
            let name = if kind == ValueKind::Metric { "loss" } else { "lr" };
            let condition = ValueCondition { kind, name: name.into(), comparison, value: value.into() };
            let filter = TaskFilter { conditions: vec![condition], ..TaskFilter::default() };
            assert_eq!(listed(&mut writer, filter).await, expected, "{value}");
        }
        let parameters = task_value::parameters_of(&mut writer, &ids).await.expect("rows");
        assert_eq!(parameters.iter().filter(|found| found.number.is_some()).count(), 3);
        assert_eq!(task_value::metrics_of(&mut writer, &ids).await.expect("rows").len(), 2);
    }
}

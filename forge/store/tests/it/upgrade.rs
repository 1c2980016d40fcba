//! Databases of earlier versions, upgraded with their data.

use hearth_core::{
    CommentId, IssueState, PageRequest, RepositoryId, SubscriptionReason, ThreadEventKind, ThreadKind,
    ThreadNumber, UserId,
};
use hearth_store::{
    Ask as _, Sql, Writer, assignee, comment, issue,
    issue::{Bodies, IssueFilter, IssueSort},
    label,
    repository::Viewer,
    testing::TestStore,
    thread, thread_event, thread_subscription, timeline,
    timeline::EntryKind,
    user,
};

use crate::support::{BEFORE_ORGANIZATIONS, insert_issue, test_start};

async fn run(writer: &mut Writer, sql: impl Into<Sql>) {
    writer.query(sql).execute().await.expect("a row");
}

#[tokio::test]
async fn issues_of_the_schema_before_threads_keep_everything() {
    for TestStore { store, .. } in &TestStore::all_of_version(11).await {
        let mut writer = store.write().await.expect("a transaction");
        for sql in BEFORE_ORGANIZATIONS {
            run(&mut writer, *sql).await;
        }
        for sql in [
            "INSERT INTO counters (repository_id, name, value) VALUES (1, 'issue', 2)",
            "INSERT INTO issues (repository_id, number, author_id, title, body, state, comments, version, closed_at, created_at, updated_at) \
             VALUES (1, 1, 1, 'First', 'One', 'closed', 1, 3, 7, 5, 7)",
            "INSERT INTO issues (repository_id, number, author_id, title, body, state, comments, version, created_at, updated_at) \
             VALUES (1, 2, 2, 'Second', 'Two', 'open', 0, 1, 6, 6)",
            "UPDATE repositories SET open_issues = 1, closed_issues = 1",
            "INSERT INTO issue_assignees (issue_id, user_id) VALUES (2, 1)",
            "INSERT INTO labels (repository_id, name, name_key, color, description, created_at) \
             VALUES (1, 'bug', 'bug', 'ff0000', '', 5)",
            "INSERT INTO issue_labels (issue_id, label_id) VALUES (1, 1)",
            "INSERT INTO comments (issue_id, author_id, body, version, created_at, updated_at) VALUES (1, 2, 'said', 1, 6, 6)",
            "INSERT INTO issue_events (issue_id, actor_id, kind, data, created_at) VALUES (1, 1, 'closed', '{}', 7)",
        ] {
            run(&mut writer, sql).await;
        }
        writer.commit().await.expect("kept");
        store.migrate().await.expect("an upgrade");

        let mut writer = store.write().await.expect("a transaction");
        let (mei_id, bo_id, llm) = (UserId(1), UserId(2), RepositoryId(1));
        let mei = user::find(&mut writer, mei_id).await.expect("an answer").expect("there");
        let request = PageRequest::default();
        let everything = IssueFilter::default();
        let order = (IssueSort::Oldest, Bodies::Whole);
        let issues = issue::list(&mut writer, llm, &everything, order, request).await.expect("a list");
        let [first, second] = &issues[..] else { panic!("{issues:?}") };
        assert_eq!((first.title.as_str(), first.body.as_str(), first.version), ("First", "One", 3));
        assert_eq!((first.state, first.kind, first.comments), (IssueState::Closed, ThreadKind::Issue, 1));
        assert!(first.closed_at.is_some() && first.locked_at.is_none());
        assert_eq!((second.author.as_str(), second.state), ("bo", IssueState::Open));
        let said =
            comment::find(&mut writer, llm, CommentId(1)).await.expect("an answer").expect("it is there");
        assert_eq!((said.thread_number, said.body.as_str()), (ThreadNumber(1), "said"));
        let labels = label::list_of_threads(&mut writer, &[first.id, second.id]).await.expect("labels");
        assert_eq!(labels.iter().map(|held| held.thread_id).collect::<Vec<_>>(), [first.id]);
        assert_eq!(label::count_open_issues(&mut writer, llm).await.expect("counts"), []);
        let assignees = assignee::list(&mut writer, &[second.id]).await.expect("assignees");
        assert_eq!(assignees[0].user_id, mei_id);
        let entries = timeline::list(&mut writer, first.id, Viewer::Anybody, 0, 9).await.expect("entries");
        let kinds: Vec<_> = entries.iter().map(|entry| entry.kind).collect();
        assert_eq!(kinds, [EntryKind::Comment, EntryKind::Event]);
        let events = thread_event::find_all(&mut writer, first.id, &[entries[1].id]).await.expect("events");
        assert_eq!(events[0].kind, ThreadEventKind::Closed);
        for (thread, person, reason) in [
            (first.id, mei_id, SubscriptionReason::Author),
            (first.id, bo_id, SubscriptionReason::Commented),
            (second.id, bo_id, SubscriptionReason::Author),
            (second.id, mei_id, SubscriptionReason::Assigned),
        ] {
            let found = thread_subscription::find(&mut writer, thread, person).await.expect("an answer");
            assert_eq!(found.map(|found| found.reason), Some(reason));
        }
        let third = insert_issue(&mut writer, llm, &mei, "Third").await;
        assert_eq!(third.number, ThreadNumber(3), "numbers go on");
        issue::set_state(&mut writer, second, IssueState::Closed, test_start()).await.expect("closed");
        writer.query("DELETE FROM threads WHERE id = 1").execute().await.expect("gone");
        assert_eq!(comment::find(&mut writer, llm, CommentId(1)).await.expect("an answer"), None);
        assert!(thread::find_by_id(&mut writer, second.id).await.expect("an answer").is_some());
    }
}

use hearth_core::{LineCommentId, LineSide, PageRequest, Quoted, ReviewId, ReviewVerdict, ThreadId};
use hearth_store::{
    Writer,
    line_comment::{self, LineComment, NewLineComment},
    line_comment_place::{self, LineCommentPlace},
    review,
    testing::TestStore,
    user::User,
};

use crate::support::{insert_pull_request, insert_repository, insert_review, insert_user, test_start};

async fn say(
    writer: &mut Writer,
    (review_id, thread_id): (ReviewId, ThreadId),
    author: &User,
    reply_to: Option<LineCommentId>,
    body: &str,
) -> LineComment {
    let new = NewLineComment {
        review_id,
        thread_id,
        author_id: author.id,
        reply_to,
        path: "数据/a.py".into(),
        side: LineSide::New,
        first_line: 3,
        last_line: 4,
        version: 1,
        quoted: Quoted { first_line: 2, lines: vec!["import os".into(), "x = 1".into(), "y".into()] },
        body: body.into(),
        created_at: test_start(),
    };
    line_comment::insert(writer, &new).await.expect("a comment")
}

#[tokio::test]
async fn pending_comments_are_seen_by_their_author_alone() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        let given = insert_review(&mut writer, pull, &bo, (ReviewVerdict::Comment, 1), 0).await;
        let pending = review::begin(&mut writer, pull, bo.id, 1, test_start()).await.expect("begun");
        let first = say(&mut writer, (given, pull), &bo, None, "why?").await;
        let hidden = say(&mut writer, (pending, pull), &bo, Some(first.id), "never mind").await;
        assert_eq!((first.quoted.lines.len(), hidden.first_id(), hidden.is_pending()), (3, first.id, true));
        for (viewer, expected) in
            [(None, vec![first.id]), (Some(mei.id), vec![first.id]), (Some(bo.id), vec![first.id, hidden.id])]
        {
            let seen = line_comment::list(&mut writer, pull, viewer, 9).await.expect("a list");
            assert_eq!(seen.iter().map(|said| said.id).collect::<Vec<_>>(), expected);
        }
        assert_eq!(line_comment::count(&mut writer, pull).await.expect("a count"), 1);
        let counts = line_comment::count_of_reviews(&mut writer, &[given, pending]).await.expect("counts");
        assert_eq!(counts, [(given, 1), (pending, 1)]);
        review::delete(&mut writer, pending).await.expect("discarded");
        assert_eq!(line_comment::find(&mut writer, pull, hidden.id).await.expect("an answer"), None);
        let listed = line_comment::list_of_review(&mut writer, given, PageRequest::default()).await;
        assert_eq!(listed.expect("a list"), [first]);
    }
}

#[tokio::test]
async fn line_threads_are_resolved_once_and_opened_again() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        let given = insert_review(&mut writer, pull, &mei, (ReviewVerdict::Comment, 1), 0).await;
        let first = say(&mut writer, (given, pull), &mei, None, "why?").await.id;
        let reply = say(&mut writer, (given, pull), &mei, Some(first), "so").await.id;
        assert_eq!(line_comment::count_unresolved(&mut writer, pull).await.expect("a count"), 1);
        assert!(!line_comment::resolve(&mut writer, reply, mei.id, test_start()).await.expect("an answer"));
        assert!(line_comment::resolve(&mut writer, first, mei.id, test_start()).await.expect("an answer"));
        assert!(!line_comment::resolve(&mut writer, first, mei.id, test_start()).await.expect("an answer"));
        assert_eq!(line_comment::count_unresolved(&mut writer, pull).await.expect("a count"), 0);
        let found = line_comment::find(&mut writer, pull, first).await.expect("an answer").expect("there");
        assert_eq!(found.resolved_by_name, Some(mei.name.clone()));
        assert!(line_comment::unresolve(&mut writer, first).await.expect("an answer"));
        assert!(!line_comment::unresolve(&mut writer, first).await.expect("an answer"));
        assert!(line_comment::update(&mut writer, first, 1, "how?", test_start()).await.expect("kept"));
        assert!(!line_comment::update(&mut writer, first, 1, "late", test_start()).await.expect("an answer"));
    }
}

#[tokio::test]
async fn replies_stay_where_the_first_comment_stood_when_it_is_deleted() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let bo = insert_user(&mut writer, "bo").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        let given = insert_review(&mut writer, pull, &mei, (ReviewVerdict::Comment, 1), 0).await;
        let pending = review::begin(&mut writer, pull, bo.id, 1, test_start()).await.expect("begun");
        let first = say(&mut writer, (given, pull), &mei, None, "why?").await.id;
        let hidden = say(&mut writer, (pending, pull), &bo, Some(first), "pending").await.id;
        let reply = say(&mut writer, (given, pull), &mei, Some(first), "so").await.id;
        let place = LineCommentPlace {
            line_comment_id: first,
            version: 2,
            path: Some("b.py".into()),
            side: LineSide::New,
            first_line: Some(7),
            last_line: Some(8),
        };
        line_comment_place::put(&mut writer, &place).await.expect("kept");
        line_comment::resolve(&mut writer, first, mei.id, test_start()).await.expect("resolved");
        assert!(line_comment::delete(&mut writer, first).await.expect("an answer"));
        assert!(!line_comment::delete(&mut writer, first).await.expect("an answer"));
        let left = line_comment::list(&mut writer, pull, Some(bo.id), 9).await.expect("a list");
        let short: Vec<_> = left.iter().map(|said| (said.id, said.reply_to)).collect();
        assert_eq!(short, [(hidden, Some(reply)), (reply, None)]);
        assert!(left[1].resolved_at.is_some());
        let places = line_comment_place::list(&mut writer, pull, 2).await.expect("a list");
        assert_eq!(places, [LineCommentPlace { line_comment_id: reply, ..place }]);
        assert!(line_comment::delete(&mut writer, reply).await.expect("an answer"));
        let left = line_comment::list(&mut writer, pull, Some(bo.id), 9).await.expect("a list");
        assert_eq!(left.iter().map(|said| said.id).collect::<Vec<_>>(), [hidden]);
    }
}

#[tokio::test]
async fn a_comment_gets_one_place_in_each_later_version() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let pull = insert_pull_request(&mut writer, llm, &mei, "fix").await.id;
        let given = insert_review(&mut writer, pull, &mei, (ReviewVerdict::Comment, 1), 0).await;
        let first = say(&mut writer, (given, pull), &mei, None, "why?").await.id;
        let other = say(&mut writer, (given, pull), &mei, None, "and here?").await.id;
        say(&mut writer, (given, pull), &mei, Some(first), "so").await;
        assert_eq!(line_comment_place::list_unplaced(&mut writer, pull, 1, 9).await.expect("a list"), []);
        let unplaced = line_comment_place::list_unplaced(&mut writer, pull, 2, 9).await.expect("a list");
        assert_eq!(unplaced.iter().map(|one| one.line_comment_id).collect::<Vec<_>>(), [first, other]);
        let gone = LineCommentPlace {
            line_comment_id: first,
            version: 2,
            path: None,
            side: LineSide::New,
            first_line: None,
            last_line: None,
        };
        line_comment_place::put(&mut writer, &gone).await.expect("kept");
        line_comment_place::put(&mut writer, &gone).await.expect("kept again");
        let unplaced = line_comment_place::list_unplaced(&mut writer, pull, 2, 9).await.expect("a list");
        assert_eq!(unplaced.iter().map(|one| one.line_comment_id).collect::<Vec<_>>(), [other]);
        assert_eq!(line_comment_place::list(&mut writer, pull, 2).await.expect("a list"), [gone]);
    }
}

use hearth_app::{
    Limits, comment,
    content::{self, Action, FileChange},
    issue,
    testing::{Choices, TestHearth},
};
use hearth_core::{Permission, ThreadNumber};

use super::{enter, open, references};

const FIRST: ThreadNumber = ThreadNumber(1);

#[tokio::test]
async fn what_is_named_says_so_to_those_alone_who_read_where() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        hearth.private_repository("bo/secret").await;
        hearth.user("lin").await;
        let app = &hearth.app;
        let mei = enter(hearth, "mei", "mei/llm").await;
        open(hearth, &mei, "Target", "").await;
        let bo = enter(hearth, "bo", "bo/secret").await;
        open(hearth, &bo, "Plans", "because of mei/llm#1, http://hearth.test/mei/llm/issues/1 and #1").await;
        comment::add(app, &bo, FIRST, "and again MEI/LLM#1 `mei/llm#1`").await.expect("said");
        open(hearth, &mei, "Other", "see #1 and bo/secret#1").await;
        for (name, expected) in [("mei", 1), ("lin", 1), ("bo", 3)] {
            let access = enter(hearth, name, "mei/llm").await;
            let found = references(hearth, &access, 1).await;
            assert_eq!(found.len(), expected, "{name}");
            let shown = format!("{found:?}");
            assert_eq!(shown.contains("secret"), name == "bo", "{name}: {shown}");
        }
        let secret = references(hearth, &bo, 1).await;
        assert!(secret.is_empty(), "mei cannot read it, so it does not hear of mei: {secret:?}");
        hearth.permit(&hearth.find_repository("bo/secret").await, "lin", Permission::Read).await;
        let lin = enter(hearth, "lin", "mei/llm").await;
        assert_eq!(references(hearth, &lin, 1).await.len(), 3);
    }
}

#[tokio::test]
async fn one_text_tells_so_many_and_code_tells_nobody() {
    let limits = Limits { references: 3, ..Limits::default() };
    let hearth = TestHearth::with(Choices { limits, ..Choices::default() }).await;
    hearth.repository("mei/llm").await;
    let mei = enter(&hearth, "mei", "mei/llm").await;
    for number in 1..=6 {
        open(&hearth, &mei, &number.to_string(), "").await;
    }
    open(&hearth, &mei, "Many", "#1 #2 #3 #4 #5\n\n```\n#6\n```\n").await;
    let mut told = 0;
    for number in 1..=6 {
        told += references(&hearth, &mei, number).await.len();
    }
    assert_eq!(told, 3);
    assert!(references(&hearth, &mei, 6).await.is_empty());
}

async fn commit(hearth: &TestHearth, path: &str, branch: Option<&str>, message: &str) {
    let access = enter(hearth, "mei", "mei/llm").await.write().expect("the owner");
    let change = FileChange {
        path: path.into(),
        action: Action::Create { content: b"text".to_vec() },
        branch: None,
        new_branch: branch.map(str::to_owned),
        message: Some(message.into()),
        author: None,
    };
    content::change(&hearth.app, &access, change).await.expect("committed");
    hearth.run_jobs().await;
}

#[tokio::test]
async fn a_commit_of_the_default_branch_says_so_and_closes_what_it_fixes() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        hearth.repository("bo/other").await;
        let app = &hearth.app;
        let mei = enter(hearth, "mei", "mei/llm").await;
        for title in ["One", "Two", "Three"] {
            open(hearth, &mei, title, "").await;
        }
        let bo = enter(hearth, "bo", "bo/other").await;
        open(hearth, &bo, "Far", "").await;
        commit(hearth, "a.txt", None, "Begin").await;
        commit(hearth, "b.txt", None, "Hold the rate\n\nFixes #1, see #2 and fixes bo/other#1").await;
        commit(hearth, "c.txt", Some("dev"), "closes #3").await;
        let state = async |number: i64| {
            issue::find(app, &mei, ThreadNumber(number)).await.expect("there").issue.is_open()
        };
        assert_eq!((state(1).await, state(2).await, state(3).await), (false, true, true));
        let found = references(hearth, &mei, 1).await;
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].commit_title.as_deref(), Some("Hold the rate"));
        assert_eq!(found[0].actor.as_ref().map(hearth_core::UserName::as_str), Some("mei"));
        assert_eq!(references(hearth, &mei, 2).await.len(), 1);
        assert!(references(hearth, &mei, 3).await.is_empty(), "another branch says nothing");
        let far = issue::find(app, &bo, FIRST).await.expect("there");
        assert!(far.issue.is_open(), "mei may not write there");
        assert_eq!(references(hearth, &bo, 1).await.len(), 1);
    }
}

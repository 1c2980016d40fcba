use std::time::Duration;

use hearth_app::{
    Access, Limits, Unit, access, comment, issue,
    issue::NewIssue,
    jobs,
    testing::{Choices, TestHearth},
    thread::{
        Target,
        attachment::{self, Attachment},
    },
};
use hearth_core::{Action, Error, Kind, Permission, Read, Result, ThreadNumber};
use tokio::io::AsyncReadExt as _;

use super::{enter, open};
use crate::support::code_of;

const FIRST: ThreadNumber = ThreadNumber(1);

async fn upload(hearth: &TestHearth, access: &Access<Read>, name: &str, bytes: &[u8]) -> Result<Attachment> {
    attachment::upload(&hearth.app, access, name, bytes).await
}

fn link(file: &Attachment) -> String {
    format!("![x](/mei/llm/attachments/{})", file.uuid)
}

async fn read(hearth: &TestHearth, access: &Access<Read>, uuid: &str) -> Result<Vec<u8>> {
    let (_, object) = attachment::open(&hearth.app, access, uuid).await?;
    let mut bytes = Vec::new();
    object.open().await?.read_to_end(&mut bytes).await.expect("bytes");
    Ok(bytes)
}

#[tokio::test]
async fn a_file_is_its_uploaders_until_a_text_names_it() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        hearth.user("bo").await;
        let (mei, bo) = (enter(hearth, "mei", "mei/llm").await, enter(hearth, "bo", "mei/llm").await);
        let app = &hearth.app;
        let file = upload(hearth, &bo, "loss.png", b"picture").await.expect("taken");
        let hidden = read(hearth, &mei, &file.uuid).await;
        assert!(matches!(hidden, Err(Error::NotFound(Kind::Attachment))), "{hidden:?}");
        assert_eq!(read(hearth, &bo, &file.uuid).await.expect("one's own"), b"picture");
        open(hearth, &mei, "Thief", &link(&file)).await;
        assert!(read(hearth, &mei, &file.uuid).await.is_err(), "who names it does not get it");
        let said = comment::add(app, &bo, FIRST, &link(&file)).await.expect("said");
        assert_eq!(read(hearth, &mei, &file.uuid).await.expect("placed"), b"picture");
        let of_comments = attachment::of_comments(app, &mei, &[said.id]).await.expect("files");
        assert_eq!(of_comments[&said.id][0].name, "loss.png");
        hearth.clock.advance(Duration::from_hours(48));
        jobs::enqueue(app, &jobs::RemoveWaitingAttachments {}).await.expect("enqueued");
        let waiting = upload(hearth, &bo, "other.png", b"x").await.expect("taken");
        hearth.run_jobs().await;
        assert!(read(hearth, &mei, &file.uuid).await.is_ok(), "a placed file stays");
        assert!(read(hearth, &bo, &waiting.uuid).await.is_ok(), "so does a young one");
        hearth.clock.advance(Duration::from_hours(25));
        jobs::enqueue(app, &jobs::RemoveWaitingAttachments {}).await.expect("enqueued");
        hearth.run_jobs().await;
        assert!(read(hearth, &bo, &waiting.uuid).await.is_err());
        comment::delete(app, &bo, said.id).await.expect("deleted");
        assert!(read(hearth, &mei, &file.uuid).await.is_err(), "it goes with its comment");
    }
}

#[tokio::test]
async fn a_private_file_is_not_for_strangers_in_any_repository() {
    let hearth = &TestHearth::new().await;
    hearth.private_repository("mei/secret").await;
    hearth.repository("bo/open").await;
    let mei = enter(hearth, "mei", "mei/secret").await;
    let file = upload(hearth, &mei, "loss.png", b"picture").await.expect("taken");
    open(hearth, &mei, "a", &link(&file)).await;
    let bo = enter(hearth, "bo", "bo/open").await;
    assert!(matches!(read(hearth, &bo, &file.uuid).await, Err(Error::NotFound(Kind::Attachment))));
    open(hearth, &bo, "b", &link(&file)).await;
    assert!(read(hearth, &bo, &file.uuid).await.is_err());
}

/// The name in its address is hard to guess, and still no permission.
#[tokio::test]
async fn a_file_of_an_issue_is_not_for_those_who_may_read_pull_requests_alone() {
    let hearth = &TestHearth::new().await;
    let secret = hearth.private_repository("mei/secret").await;
    let mei = enter(hearth, "mei", "mei/secret").await;
    let file = upload(hearth, &mei, "loss.png", b"picture").await.expect("taken");
    open(hearth, &mei, "a", &link(&file)).await;
    for (name, unit, is_shown) in [("bo", Unit::Pulls, false), ("cam", Unit::Issues, true)] {
        hearth.user(name).await;
        hearth.permit_in(&secret, name, unit, Permission::Read).await;
        let actor = hearth.actor(name).await;
        let entered = access::open_by_id(&hearth.app, &actor, unit, secret.id).await.expect("theirs");
        assert_eq!(read(hearth, &entered, &file.uuid).await.is_ok(), is_shown, "{name}");
    }
}

#[tokio::test]
async fn hostile_names_lose_what_is_hostile_and_kinds_are_chosen() {
    let hearth = &TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let mei = enter(hearth, "mei", "mei/llm").await;
    for (name, clean) in [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\mei\\loss.PNG", "loss.PNG"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("gnp\u{202e}exe.txt", "gnpexe.txt"),
        ("..hidden.txt..", "hidden.txt"),
        ("数据 <b>.csv", "数据 <b>.csv"),
    ] {
        let file = upload(hearth, &mei, name, b"x").await.expect("taken");
        assert_eq!(file.name, clean, "{name:?}");
    }
    let long = format!("{}.txt", "长".repeat(400));
    let file = upload(hearth, &mei, &long, b"x").await.expect("taken");
    assert!(file.name.chars().count() <= 120 && file.name.contains("长.txt"));
    for name in ["", "..", "/", "a.exe", "png", "a.png/", "a.PNG.sh"] {
        let refused = upload(hearth, &mei, name, b"x").await;
        assert_eq!(code_of(refused), Some(("files", "attachment-type")), "{name:?}");
    }
}

#[tokio::test]
async fn size_number_and_room_are_bounded() {
    let limits = Limits {
        attachment_bytes: 8,
        attachments: 2,
        waiting_attachments: 3,
        repository_attachment_bytes: 30,
        ..Limits::default()
    };
    let hearth = &TestHearth::with(Choices { limits, ..Choices::default() }).await;
    hearth.repository("mei/llm").await;
    hearth.user("bo").await;
    let mei = enter(hearth, "mei", "mei/llm").await;
    let app = &hearth.app;
    let key = |refused: Result<Attachment>| match refused {
        Err(Error::TooLarge(limit)) => limit.key,
        other => panic!("{other:?}"),
    };
    assert_eq!(key(upload(hearth, &mei, "a.txt", b"123456789").await), "limits.attachment_bytes");
    let mut text = String::new();
    for _ in 0..3 {
        text.push_str(&link(&upload(hearth, &mei, "a.txt", b"12345678").await.expect("taken")));
    }
    assert_eq!(key(upload(hearth, &mei, "a.txt", b"1").await), "limits.waiting_attachments");
    let new = NewIssue { title: "a".into(), body: text, ..NewIssue::default() };
    let refused = issue::open(app, &mei, new).await;
    assert!(matches!(refused, Err(Error::TooLarge(limit)) if limit.key == "limits.attachments"));
    let bo = enter(hearth, "bo", "mei/llm").await;
    assert_eq!(key(upload(hearth, &bo, "a.txt", b"12345678").await), "limits.repository_attachment_bytes");
    assert!(upload(hearth, &bo, "a.txt", b"123456").await.is_ok());
}

#[tokio::test]
async fn only_author_and_writers_put_files_into_a_text_that_is_there() {
    for hearth in &TestHearth::all().await {
        hearth.repository("mei/llm").await;
        hearth.user("bo").await;
        let (mei, bo) = (enter(hearth, "mei", "mei/llm").await, enter(hearth, "bo", "mei/llm").await);
        let app = &hearth.app;
        open(hearth, &mei, "a", "").await;
        let target = Target::Thread(FIRST);
        let refused = attachment::add(app, &bo, target, "a.txt", b"x".as_slice()).await;
        assert!(matches!(refused, Err(Error::Forbidden(Action::Write))), "{refused:?}");
        let file = attachment::add(app, &mei, target, "a.txt", b"x".as_slice()).await.expect("taken");
        assert_eq!(attachment::list(app, &bo, target).await.expect("a list"), std::slice::from_ref(&file));
        assert!(attachment::rename(app, &bo, target, file.id, "b.txt").await.is_err());
        assert_eq!(
            attachment::rename(app, &mei, target, file.id, "b.txt").await.expect("renamed").name,
            "b.txt"
        );
        assert!(attachment::remove(app, &bo, target, file.id).await.is_err());
        attachment::remove(app, &mei, target, file.id).await.expect("removed");
        assert!(attachment::list(app, &mei, target).await.expect("a list").is_empty());
    }
}

use std::time::Duration;

use hearth_app::blobs::BlobId;
use hearth_app::{
    Unit, access,
    content::{self, Action, FileChange},
    lfs, push,
    repository::{self, Edit, NewRepository},
    testing::TestHearth,
};
use hearth_core::{Conflict, Error, Kind, PageRequest, Read, RepositoryKind, Visibility};
use hearth_git::{BranchName, RefUpdate, StorageId};
use hearth_store::{
    event, push as pushes,
    repository::{Filter, Repository, Viewer},
};

async fn enter(hearth: &TestHearth, who: &str, row: &Repository) -> hearth_app::Access<Read> {
    let actor = hearth.actor(who).await;
    let (owner, name) = (row.owner.as_str(), row.name.as_str());
    access::open(&hearth.app, &actor, Unit::Code, row.kind, owner, name).await.expect("visible")
}

fn create(path: &str, text: &str) -> FileChange {
    let action = Action::Create { content: text.as_bytes().to_vec() };
    FileChange { path: path.into(), action, branch: None, new_branch: None, message: None, author: None }
}

#[tokio::test]
async fn a_repository_begins_with_what_was_chosen() {
    for hearth in TestHearth::all().await {
        hearth.user("mei").await;
        let mei = hearth.actor("mei").await;
        let new = NewRepository {
            description: "A model".into(),
            with_readme: true,
            gitignore: Some("Python".into()),
            licence: Some("MIT".into()),
            visibility: Visibility::Private,
            ..NewRepository::named("llm")
        };
        let made = repository::create(&hearth.app, &mei, new).await.expect("made");
        assert!(!made.is_empty);
        let access = enter(&hearth, "mei", &made).await;
        let git = repository::git(&hearth.app, &made).await.expect("files");
        let names = git
            .run(|git| {
                let head = git.head()?.expect("a commit");
                Ok(git.whole(git.files(head, 100)?)?.into_iter().map(|file| file.path).collect::<Vec<_>>())
            })
            .await
            .expect("a tree");
        assert_eq!(names, [".gitignore", "LICENSE", "README.md"]);
        assert!(content::find(&hearth.app, &access, None, "README.md").await.is_ok());
        hearth.run_jobs().await;
        assert!(hearth.read_repository(made.id).await.size_bytes > 0);
    }
}

#[tokio::test]
async fn every_mistake_of_a_form_is_told_at_once_and_leaves_nothing() {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    let mei = hearth.actor("mei").await;
    let new = NewRepository {
        default_branch: Some("-x".into()),
        licence: Some("no such".into()),
        ..NewRepository::named("a.git")
    };
    let refused = repository::create(&hearth.app, &mei, new).await;
    let Err(Error::Invalid(fields)) = refused else { panic!("{refused:?}") };
    let fields: Vec<_> = fields.iter().map(|field| field.field).collect();
    assert_eq!(fields, ["name", "default_branch", "licence"]);

    repository::create(&hearth.app, &mei, NewRepository::named("llm")).await.expect("made");
    let taken = repository::create(&hearth.app, &mei, NewRepository::named("LLM")).await;
    assert!(matches!(taken, Err(Error::Conflict(Conflict::NameTaken))), "{taken:?}");
    let model = NewRepository { kind: RepositoryKind::Model, ..NewRepository::named("llm") };
    repository::create(&hearth.app, &mei, model).await.expect("another kind is another space");
}

#[tokio::test]
async fn a_renamed_repository_is_found_by_its_old_name_and_a_deleted_one_by_none() {
    let hearth = TestHearth::new().await;
    let row = hearth.repository("mei/old").await;
    let access = enter(&hearth, "mei", &row).await.administer().expect("the owner");
    let renamed = repository::rename(&hearth.app, &access, "fresh").await.expect("free");
    let mei = hearth.actor("mei").await;
    let moved = access::locate(&hearth.app, &mei, Unit::Code, RepositoryKind::Code, "mei", "old").await;
    assert_eq!(moved.expect("a redirect").into_inner().repository().name, renamed.name);

    repository::delete(&hearth.app, &access).await.expect("deleted");
    assert!(!hearth.app.git().exists(&StorageId::from(row.id.0)).await.expect("an answer"));
    let gone = access::open(&hearth.app, &mei, Unit::Code, RepositoryKind::Code, "mei", "fresh").await;
    assert!(matches!(gone, Err(Error::NotFound(Kind::Repository))), "{gone:?}");
    repository::create(&hearth.app, &mei, NewRepository::named("fresh")).await.expect("the name is free");
}

#[tokio::test]
async fn what_a_stop_left_half_made_is_taken_back() {
    for hearth in TestHearth::all().await {
        let row = hearth.repository("mei/llm").await;
        let mut writer = hearth.app.store().write().await.expect("a transaction");
        hearth_store::repository::retire(&mut writer, row.id, hearth.app.now()).await.expect("hidden");
        writer.commit().await.expect("kept");
        assert_eq!(repository::recover(&hearth.app, Duration::ZERO).await.expect("recovered"), 1);
        assert!(!hearth.app.git().exists(&StorageId::from(row.id.0)).await.expect("an answer"));
        hearth.repository("mei/llm").await;
    }
}

#[tokio::test]
async fn editing_tells_what_cannot_be_taken() {
    let hearth = TestHearth::new().await;
    let row = hearth.repository("mei/llm").await;
    let access = enter(&hearth, "mei", &row).await.administer().expect("the owner");
    let edit = Edit {
        website: Some("javascript:alert(1)".into()),
        default_branch: Some("absent".into()),
        ..Edit::default()
    };
    let refused = repository::edit(&hearth.app, &access, edit).await;
    assert!(matches!(&refused, Err(Error::Invalid(fields)) if fields.len() == 2), "{refused:?}");
    let edit = Edit {
        description: Some(" About ".into()),
        visibility: Some(Visibility::Private),
        ..Edit::default()
    };
    let edited = repository::edit(&hearth.app, &access, edit).await.expect("edited");
    assert_eq!((edited.description.as_str(), edited.visibility), ("About", Visibility::Private));
    assert_eq!(hearth.read_repository(row.id).await, edited);
}

#[tokio::test]
async fn lists_leave_out_what_the_actor_may_not_see() {
    let hearth = TestHearth::new().await;
    hearth.private_repository("mei/secret").await;
    hearth.repository("mei/open").await;
    hearth.user("bo").await;
    let seen = |actor| {
        let app = hearth.app.clone();
        async move {
            let page = repository::list(&app, &actor, Filter::default(), PageRequest::default()).await;
            page.expect("a list").total
        }
    };
    assert_eq!(seen(hearth_app::Actor::anonymous()).await, 1);
    assert_eq!(seen(hearth.actor("bo").await).await, 1);
    assert_eq!(seen(hearth.actor("mei").await).await, 2);
}

#[tokio::test]
async fn a_file_is_changed_only_from_what_the_writer_saw() {
    let hearth = TestHearth::new().await;
    let row = hearth.repository("mei/llm").await;
    let access = enter(&hearth, "mei", &row).await;
    let writing = access.write().expect("the owner");
    let app = &hearth.app;
    content::change(app, &writing, create("src/a.py", "1\n")).await.expect("the first commit");
    let again = content::change(app, &writing, create("src/a.py", "2\n")).await;
    assert!(matches!(again, Err(Error::Conflict(Conflict::FileExists))), "{again:?}");

    let old = content::find(app, &access, None, "src/a.py").await.expect("there").entry.id;
    let update = |sha| FileChange {
        action: Action::Update { content: b"2\n".to_vec(), sha: Some(sha), from: None },
        ..create("src/a.py", "")
    };
    content::change(app, &writing, update(old)).await.expect("from the latest");
    let stale = content::change(app, &writing, update(old)).await;
    assert!(matches!(stale, Err(Error::Conflict(Conflict::StaleEdit))), "{stale:?}");
    for path in ["../x", "/x", ".git/config", "a/.GIT/x", "", "a\\b"] {
        let refused = content::change(app, &writing, create(path, "x")).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{path}: {refused:?}");
    }
    let unknown = content::find(app, &access, Some("absent"), "src/a.py").await;
    assert!(matches!(unknown, Err(Error::NotFound(Kind::Revision))), "{unknown:?}");
}

#[tokio::test]
async fn two_writers_of_two_files_both_get_through() {
    let hearth = TestHearth::new().await;
    let row = hearth.repository("mei/llm").await;
    let writing = enter(&hearth, "mei", &row).await.write().expect("the owner");
    let app = &hearth.app;
    content::change(app, &writing, create("base", "x")).await.expect("the first commit");
    let (one, other) = tokio::join!(
        content::change(app, &writing, create("one", "1")),
        content::change(app, &writing, create("other", "2")),
    );
    assert!(one.is_ok() && other.is_ok(), "{one:?} {other:?}");
    let git = repository::git(app, &row).await.expect("files");
    let files =
        git.run(|git| git.whole(git.files(git.head()?.expect("a commit"), 100)?)).await.expect("a tree");
    assert_eq!(files.len(), 3);
}

#[tokio::test]
async fn a_push_is_recorded_once_with_its_event() {
    for hearth in TestHearth::all().await {
        let row = hearth.repository("mei/llm").await;
        let writing = enter(&hearth, "mei", &row).await.write().expect("the owner");
        let made = content::change(&hearth.app, &writing, create("a", "1")).await.expect("made");
        let update = RefUpdate {
            name: BranchName::new("main").expect("a name").full(),
            old: None,
            new: Some(made.commit),
        };
        let row = hearth.read_repository(row.id).await;
        push::record(&hearth.app, &row, None, &[update]).await.expect("nothing new");
        hearth.deliver().await;
        let mut reader = hearth.app.store().read().await.expect("a reader");
        let rows = pushes::list(&mut reader, row.id, PageRequest::default()).await.expect("rows");
        assert_eq!(rows.len(), 1);
        let events =
            event::list_after(&mut reader, Viewer::Administrator, (0, 100), 100).await.expect("rows");
        assert_eq!(events.iter().filter(|event| event.kind == "push").count(), 1);
        assert!(!row.is_empty && row.pushed_at.is_some());
    }
}

#[tokio::test]
async fn a_reference_that_moved_behind_the_record_is_found_at_start() {
    let hearth = TestHearth::new().await;
    let row = hearth.repository("mei/llm").await;
    let writing = enter(&hearth, "mei", &row).await.write().expect("the owner");
    let made = content::change(&hearth.app, &writing, create("a", "1")).await.expect("made");
    let git = repository::git(&hearth.app, &row).await.expect("files");
    let lost = RefUpdate {
        name: BranchName::new("lost").expect("a name").full(),
        old: None,
        new: Some(made.commit),
    };
    git.update_references(std::slice::from_ref(&lost)).await.expect("moved");
    assert_eq!(push::reconcile(&hearth.app).await.expect("compared"), 1);
    assert_eq!(push::reconcile(&hearth.app).await.expect("compared"), 0);
    let mut reader = hearth.app.store().read().await.expect("a reader");
    let tips = pushes::list_tips(&mut reader, row.id).await.expect("rows");
    assert_eq!(tips.len(), 2);
}

#[tokio::test]
async fn the_first_branch_that_is_pushed_becomes_the_default_one() {
    let hearth = TestHearth::new().await;
    let row = hearth.repository("mei/llm").await;
    let writing = enter(&hearth, "mei", &row).await.write().expect("the owner");
    let change = FileChange { branch: Some("trunk".into()), ..create("a", "1") };
    content::change(&hearth.app, &writing, change).await.expect("made");
    assert_eq!(hearth.read_repository(row.id).await.default_branch, "trunk");
    let row = hearth.read_repository(row.id).await;
    let writing = enter(&hearth, "mei", &row).await.write().expect("the owner");
    let kept = content::delete_branch(&hearth.app, &writing, "trunk").await;
    assert!(matches!(kept, Err(Error::Forbidden(_))), "{kept:?}");
    content::create_branch(&hearth.app, &writing, "next", "trunk").await.expect("made");
    content::delete_branch(&hearth.app, &writing, "next").await.expect("deleted");
}

#[tokio::test]
async fn knowing_a_hash_gives_nobody_the_bytes() {
    let hearth = TestHearth::new().await;
    let secret = hearth.private_repository("mei/secret").await;
    let other = hearth.repository("bo/other").await;
    let mei = enter(&hearth, "mei", &secret).await;
    let bo = enter(&hearth, "bo", &other).await;
    let oid =
        BlobId::parse("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824").expect("an id");
    let app = &hearth.app;
    let writing = mei.write().expect("the owner");
    lfs::store(app, &writing, &oid, Some(5), &b"hello"[..]).await.expect("stored");
    lfs::verify(app, &mei, &oid, 5).await.expect("held");
    assert!(lfs::held(app, &bo, std::slice::from_ref(&oid)).await.expect("an answer").is_empty());
    let refused = lfs::open(app, &bo, &oid).await;
    assert!(matches!(refused, Err(Error::NotFound(Kind::Object))), "{refused:?}");
    let wrong = lfs::store(app, &bo.write().expect("the owner"), &oid, None, &b"guess"[..]).await;
    assert!(matches!(wrong, Err(Error::Conflict(Conflict::HashMismatch))), "{wrong:?}");
    assert!(lfs::open(app, &mei, &oid).await.is_ok());
}

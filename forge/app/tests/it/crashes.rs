//! Crashes at every step of every operation that has several. What a killed process leaves is simulated by
//! dropping the operation after a number of steps; then everything is reconciled as a running server does,
//! and nothing may be half done.

use std::{future::poll_fn, path::PathBuf, task::Poll, time::Duration};

use hearth_app::{
    Access, App, Unit, access,
    content::{self, Action, FileChange},
    reconcile::Reconciler,
    reference,
    repository::{self, NewRepository},
    testing::TestHearth,
};
use hearth_core::{Conflict, Error, Page, PageRequest, Read, RepositoryKind};
use hearth_git::{BranchName, TagName};
use hearth_store::{
    push,
    repository::{Filter, Repository},
};

/// More steps than any operation here has.
const MOST_STEPS: usize = 400;

/// Runs an operation up to a step; returns whether it had ended before.
pub(crate) async fn ends_within_steps<T>(step: usize, operation: impl Future<Output = T>) -> bool {
    let mut operation = Box::pin(operation);
    let mut polls = 0;
    poll_fn(|context| {
        polls += 1;
        if polls > step {
            return Poll::Ready(false);
        }
        operation.as_mut().poll(context).map(|_| true)
    })
    .await
}

/// How long nothing has to change until it counts as finished, and how often that is looked at.
const LOOK: Duration = Duration::from_millis(15);
const QUIET_LOOKS: u32 = 3;

/// A blocking thread finishes its file work even if its operation is dropped, on a busy machine a good deal later. A server
/// waits for minutes before it takes work for abandoned; here, until nothing changes any more in the repositories.
async fn until_files_rest(hearth: &TestHearth) {
    let (mut before, mut quiet) = (Vec::new(), 0);
    while quiet < QUIET_LOOKS {
        tokio::time::sleep(LOOK).await;
        let now = files_of(hearth).await;
        quiet = if now == before { quiet + 1 } else { 0 };
        before = now;
    }
}

/// Every file below the folders of the repositories.
async fn files_of(hearth: &TestHearth) -> Vec<PathBuf> {
    let git = hearth.app.git();
    let mut left: Vec<PathBuf> =
        git.list().await.expect("folders").iter().map(|storage| git.path(storage)).collect();
    let mut found = Vec::new();
    while let Some(path) = left.pop() {
        // What is being removed may be gone by now.
        let inside = std::fs::read_dir(&path).into_iter().flatten().flatten();
        left.extend(inside.map(|entry| entry.path()));
        found.push(path);
    }
    found.sort();
    found
}

/// Reconciles everything as a running server does, after twice the time that it waits for others.
pub(crate) async fn reconcile_everything(hearth: &TestHearth, reconciler: &mut Reconciler) {
    until_files_rest(hearth).await;
    hearth.clock.advance(Duration::from_mins(20));
    for _ in 0..3 {
        reconciler.round(&hearth.app).await;
    }
}

/// Every repository that the owner sees: an operation may stop at more steps than one page has rows.
async fn all(app: &App, hearth: &TestHearth) -> Vec<Repository> {
    let mei = hearth.actor("mei").await;
    let mut found = Vec::new();
    for number in 1.. {
        let request = PageRequest::new(number, PageRequest::LARGEST);
        let page: Page<Repository> =
            repository::list(app, &mei, Filter::default(), request).await.expect("a list");
        let has_next = page.has_next();
        found.extend(page.items);
        if !has_next {
            break;
        }
    }
    found
}

/// Asserts that the files of a repository match the database.
pub(crate) async fn assert_recorded(app: &App, row: &Repository, what: &str) {
    let files = repository::git(app, row).await.expect("a repository has its files");
    let (mut actual, head) = files
        .run(|git| {
            let mut all = git.references(BranchName::PREFIX)?;
            all.extend(git.references(TagName::PREFIX)?);
            Ok((all, git.default_branch()?))
        })
        .await
        .expect("references");
    actual.sort();
    let recorded =
        push::list_tips(&mut app.store().read().await.expect("a reader"), row.id).await.expect("rows");
    let actual: Vec<_> = actual.into_iter().map(|(name, id)| (name.to_string(), id.to_string())).collect();
    assert_eq!(actual, recorded, "{what}: every reference is recorded");
    assert_eq!(head.as_str(), row.default_branch, "{what}");
    assert_eq!(row.is_empty, actual.is_empty(), "{what}");
}

async fn entered(hearth: &TestHearth, name: &str) -> Access<Read> {
    let mei = hearth.actor("mei").await;
    access::open(&hearth.app, &mei, Unit::Code, RepositoryKind::Code, "mei", name).await.expect("there")
}

fn file(path: &str) -> FileChange {
    let action = Action::Create { content: b"text".to_vec() };
    FileChange { path: path.into(), action, branch: None, new_branch: None, message: None, author: None }
}

#[tokio::test]
async fn a_creation_that_stops_leaves_a_whole_repository_or_a_free_name() {
    for hearth in TestHearth::all().await {
        hearth.user("mei").await;
        let (app, mei) = (&hearth.app, hearth.actor("mei").await);
        let mut reconciler = Reconciler::default();
        let mut whole = 0;
        for step in 1..MOST_STEPS {
            let name = format!("llm-{step}");
            let new = NewRepository { with_readme: true, ..NewRepository::named(name.as_str()) };
            let has_ended =
                ends_within_steps(step, Box::pin(repository::create(app, &mei, new.clone()))).await;
            // The name is free at once, or the repository complete at once: nothing has to be reconciled
            // first.
            match repository::create(app, &mei, new).await {
                Err(Error::Conflict(Conflict::NameTaken)) => whole += 1,
                other => assert!(!has_ended && other.is_ok(), "step {step}: {other:?}"),
            }
            let access = entered(&hearth, &name).await;
            assert!(content::find(app, &access, None, "README.md").await.is_ok(), "step {step}");
            if has_ended {
                break;
            }
        }
        assert!(whole > 0, "the last one ended by itself");
        reconcile_everything(&hearth, &mut reconciler).await;
        let rows = all(app, &hearth).await;
        for row in &rows {
            assert_recorded(app, row, row.name.as_str()).await;
        }
        let folders = app.git().list().await.expect("folders");
        assert_eq!(folders.len(), rows.len(), "no folder is left behind");
    }
}

#[tokio::test]
async fn a_deletion_that_stops_frees_the_name_or_changes_nothing() {
    for hearth in TestHearth::all().await {
        hearth.user("mei").await;
        let (app, mei) = (&hearth.app, hearth.actor("mei").await);
        let mut reconciler = Reconciler::default();
        for step in 1..MOST_STEPS {
            let name = format!("llm-{step}");
            repository::create(app, &mei, NewRepository::named(name.as_str())).await.expect("made");
            let access = entered(&hearth, &name).await.administer().expect("the owner");
            let has_ended = ends_within_steps(step, repository::delete(app, &access)).await;
            let again = repository::create(app, &mei, NewRepository::named(name.as_str())).await;
            let is_there = matches!(again, Err(Error::Conflict(Conflict::NameTaken)));
            assert!(again.is_ok() || (is_there && !has_ended), "step {step}: {again:?}");
            let row = entered(&hearth, &name).await.repository().clone();
            assert_recorded(app, &row, &name).await;
            if has_ended {
                break;
            }
        }
        reconcile_everything(&hearth, &mut reconciler).await;
        let folders = app.git().list().await.expect("folders");
        assert_eq!(folders.len(), all(app, &hearth).await.len(), "no folder is left behind");
    }
}

#[tokio::test]
async fn a_change_that_stops_is_recorded_or_did_not_happen() {
    for hearth in TestHearth::all().await {
        let row = hearth.repository("mei/llm").await;
        let app = &hearth.app;
        let writing = entered(&hearth, "llm").await.write().expect("the owner");
        content::change(app, &writing, file("README.md")).await.expect("committed");
        let mut reconciler = Reconciler::default();
        for step in 1..MOST_STEPS {
            let (path, branch) = (format!("{step}.txt"), format!("b{step}"));
            let mut has_ended = ends_within_steps(step, content::change(app, &writing, file(&path))).await;
            has_ended &=
                ends_within_steps(step, content::create_branch(app, &writing, &branch, "main")).await;
            has_ended &= ends_within_steps(step, content::delete_branch(app, &writing, &branch)).await;
            reconcile_everything(&hearth, &mut reconciler).await;
            assert_recorded(app, &hearth.read_repository(row.id).await, &format!("step {step}")).await;
            if has_ended {
                break;
            }
        }
    }
}

#[tokio::test]
async fn a_rename_of_the_default_branch_that_stops_leaves_a_default_branch_that_exists() {
    for hearth in TestHearth::all().await {
        let row = hearth.repository("mei/llm").await;
        let app = &hearth.app;
        let writing = entered(&hearth, "llm").await.write().expect("the owner");
        content::change(app, &writing, file("README.md")).await.expect("committed");
        let mut reconciler = Reconciler::default();
        for step in 1..MOST_STEPS {
            let from = hearth.read_repository(row.id).await.default_branch;
            let writing = entered(&hearth, "llm").await.write().expect("the owner");
            let to = format!("b{step}");
            let renamed = reference::rename_branch(app, &writing, &from, &to);
            let has_ended = ends_within_steps(step, Box::pin(renamed)).await;
            reconcile_everything(&hearth, &mut reconciler).await;
            let after = hearth.read_repository(row.id).await;
            assert_recorded(app, &after, &format!("step {step}")).await;
            assert!(after.default_branch == from || after.default_branch == to, "step {step}");
            let access = entered(&hearth, "llm").await;
            assert!(content::find(app, &access, None, "README.md").await.is_ok(), "step {step}");
            if has_ended {
                break;
            }
        }
    }
}

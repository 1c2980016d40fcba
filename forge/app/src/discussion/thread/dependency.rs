//! What a thread waits for. Both ends may be in different repositories; whoever may not read the one does not learn that the other
//! waits for it.

use hearth_core::{
    Conflict, Error, Kind, Read, RepositoryKind, Result, ThreadEventKind, ThreadId, ThreadNumber, Unit, Write,
};
pub use hearth_store::thread_dependency::LinkedThread;
use hearth_store::{
    Ask,
    thread_dependency::{self as row, End},
    thread_event,
};
use serde_json::{Value, json};

use super::{Act, Thread, ThreadEdit, unit_of};
use crate::{Access, App, Operation, access, jobs::RefreshPullRequest, repository};

/// A thread by what people write: `#12`, or with the repository, `mei/llm#12`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadName {
    /// Owner and name; none: the repository at hand.
    pub repository: Option<(String, String)>,
    pub number: ThreadNumber,
}

impl ThreadName {
    /// Reads `12`, `#12` and `owner/name#12`; also the address of a thread's page, which people paste.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some((place, number)) = text.rsplit_once('#')
            && let Some((owner, name)) = place.split_once('/')
            && !place.contains("://")
        {
            return Self::of(owner, name, number);
        }
        if let Some((_, path)) = text.split_once("://") {
            let path = path.split(['?', '#']).next()?;
            let parts: Vec<&str> = path.trim_end_matches('/').rsplitn(5, '/').collect();
            let [number, "issues" | "pulls", name, owner, ..] = parts[..] else { return None };
            return Self::of(owner, name, number);
        }
        let number = text.trim_start_matches('#').parse().ok()?;
        Some(Self { repository: None, number })
    }

    fn of(owner: &str, name: &str, number: &str) -> Option<Self> {
        let is_whole = !owner.is_empty() && !name.is_empty() && !name.contains('/');
        let number = number.parse().ok().filter(|_| is_whole)?;
        Some(Self { repository: Some((owner.to_owned(), name.to_owned())), number })
    }
}

/// What a thread waits for and what waits for it, as far as the reader may read it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    pub blockers: Vec<LinkedThread>,
    pub blocked: Vec<LinkedThread>,
}

impl Dependencies {
    /// Whether something that it waits for is open.
    pub fn is_blocked(&self) -> bool {
        self.blockers.iter().any(LinkedThread::is_open)
    }
}

/// The dependencies of a thread of this repository.
pub async fn list(app: &App, access: &Access<Read>, thread: &Thread) -> Result<Dependencies> {
    let (viewer, most) = (repository::viewer(access.actor()), app.limits().dependencies);
    let mut reader = app.store().read().await?;
    Ok(Dependencies {
        blockers: row::list(&mut reader, thread.id, End::Blockers, viewer, most).await?,
        blocked: row::list(&mut reader, thread.id, End::Blocked, viewer, most).await?,
    })
}

/// What the thread waits for and is open, as far as the actor may know.
pub(crate) async fn open_blockers<Level>(
    ask: &mut impl Ask,
    access: &Access<Level>,
    thread: &Thread,
) -> Result<Vec<LinkedThread>> {
    let viewer = repository::viewer(access.actor());
    let mut blockers = row::list(ask, thread.id, End::Blockers, viewer, u64::MAX).await?;
    blockers.retain(LinkedThread::is_open);
    Ok(blockers)
}

/// Fails if something that the thread waits for is open, as far as the actor may know.
pub(crate) async fn check_unblocked<Level>(
    ask: &mut impl Ask,
    access: &Access<Level>,
    thread: &Thread,
) -> Result<()> {
    if open_blockers(ask, access, thread).await?.is_empty() {
        return Ok(());
    }
    Err(Error::Conflict(Conflict::Blocked))
}

/// A thread is open no longer: pull requests that wait for it, and are merged by themselves, are looked at again.
pub(crate) async fn release(operation: &mut Operation, blocker: ThreadId) -> Result<()> {
    for thread_id in row::list_scheduled(operation, blocker).await? {
        operation.enqueue(&RefreshPullRequest { thread_id }).await?;
    }
    Ok(())
}

/// Makes a thread wait for another, which the actor must be able to read.
pub async fn add_blocker(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    other: &ThreadName,
) -> Result<()> {
    let (_, other) = enter(app, access, other).await?;
    add(app, access, number, &other).await
}

/// Makes another thread wait for this one: for those who may write to the other.
pub async fn add_blocked(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    other: &ThreadName,
) -> Result<()> {
    let own = super::find(&mut app.store().read().await?, access, number).await?;
    let (entered, other) = enter(app, access, other).await?;
    add(app, &entered.write()?, other.number, &own).await
}

/// The thread waits for the other no longer; idempotent.
pub async fn remove_blocker(
    app: &App,
    access: &Access<Write>,
    number: ThreadNumber,
    other: &ThreadName,
) -> Result<()> {
    let (_, other) = enter(app, access, other).await?;
    remove(app, access, number, &other).await
}

/// The other waits for this thread no longer; idempotent.
pub async fn remove_blocked(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    other: &ThreadName,
) -> Result<()> {
    let own = super::find(&mut app.store().read().await?, access, number).await?;
    let (entered, other) = enter(app, access, other).await?;
    remove(app, &entered.write()?, other.number, &own).await
}

/// The other thread, in the part of its repository that it belongs to.
async fn enter<Level>(
    app: &App,
    access: &Access<Level>,
    name: &ThreadName,
) -> Result<(Access<Read>, Thread)> {
    for unit in [Unit::Issues, Unit::Pulls] {
        let entered = match &name.repository {
            None => access.enter_unit(unit),
            Some((owner, repository)) => {
                let kind = RepositoryKind::Code;
                access::locate(app, access.actor(), unit, kind, owner, repository)
                    .await
                    .map(access::Located::into_inner)
            }
        };
        let Some(entered) = access::if_seen(entered)? else { continue };
        let repository = entered.repository().id;
        let found =
            hearth_store::thread::find(&mut app.store().read().await?, repository, name.number).await?;
        if let Some(thread) = found.filter(|thread| unit_of(thread.kind) == unit) {
            return Ok((entered, thread));
        }
    }
    Err(Error::NotFound(Kind::Issue))
}

async fn add(app: &App, access: &Access<Write>, number: ThreadNumber, blocker: &Thread) -> Result<()> {
    let mut thread_edit = ThreadEdit::begin(app, access, number).await?;
    row::lock(&mut thread_edit.operation).await?;
    let (blocked, actor) = (thread_edit.thread.id, access.writer().id);
    let most = app.limits().dependencies;
    for (thread, end) in [(blocked, End::Blockers), (blocker.id, End::Blocked)] {
        if row::count(&mut thread_edit.operation, thread, end).await? >= most {
            return Err(Error::TooLarge(app.limits().dependencies_of_thread()));
        }
    }
    let reach = row::reach(&mut thread_edit.operation, blocker.id, blocked, MOST_FOLLOWED).await?;
    // What is too long to be followed may lead back as well.
    if reach.hits > 0 || u64::try_from(reach.threads).is_ok_and(|threads| threads >= MOST_FOLLOWED) {
        return Err(Error::Conflict(Conflict::DependencyCycle));
    }
    let now = thread_edit.now;
    if row::insert(&mut thread_edit.operation, blocked, blocker.id, actor, now).await? {
        note(
            &mut thread_edit,
            access,
            blocker,
            [ThreadEventKind::BlockerAdded, ThreadEventKind::BlockedAdded],
        )
        .await?;
        thread_edit.record(access, Act::BlockerAdded).await?;
        thread_edit.operation.commit().await?;
    }
    Ok(())
}

/// A chain of so many threads is not followed any further.
const MOST_FOLLOWED: u64 = 5_000;

async fn remove(app: &App, access: &Access<Write>, number: ThreadNumber, blocker: &Thread) -> Result<()> {
    let mut thread_edit = ThreadEdit::begin(app, access, number).await?;
    let blocked = thread_edit.thread.id;
    release(&mut thread_edit.operation, blocker.id).await?;
    if row::delete(&mut thread_edit.operation, blocked, blocker.id).await? {
        let kinds = [ThreadEventKind::BlockerRemoved, ThreadEventKind::BlockedRemoved];
        note(&mut thread_edit, access, blocker, kinds).await?;
        thread_edit.record(access, Act::BlockerRemoved).await?;
        thread_edit.operation.commit().await?;
    }
    Ok(())
}

/// Adds the change to the timelines of both threads. Neither names a thread of another repository.
async fn note(
    thread_edit: &mut ThreadEdit,
    access: &Access<Write>,
    blocker: &Thread,
    [of_blocked, of_blocker]: [ThreadEventKind; 2],
) -> Result<()> {
    let blocked = thread_edit.thread.clone();
    let (actor, now) = (access.writer().id, thread_edit.now);
    thread_edit.note(actor, of_blocked, named(&blocked, blocker)).await?;
    thread_edit.touch().await?;
    let data = named(blocker, &blocked);
    thread_event::insert(&mut thread_edit.operation, blocker.id, actor, of_blocker, data, now).await?;
    Ok(())
}

fn named(reader: &Thread, other: &Thread) -> Value {
    if reader.repository_id == other.repository_id { json!({ "number": other.number }) } else { json!({}) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_are_named_as_people_name_them() {
        let here = Some(ThreadName { repository: None, number: ThreadNumber(12) });
        let there =
            Some(ThreadName { repository: Some(("mei".into(), "llm".into())), number: ThreadNumber(12) });
        assert_eq!(ThreadName::read(" #12 "), here);
        assert_eq!(ThreadName::read("12"), here);
        assert_eq!(ThreadName::read("mei/llm#12"), there);
        assert_eq!(ThreadName::read("https://forge.example.org/mei/llm/issues/12#issuecomment-3"), there);
        assert_eq!(ThreadName::read("https://forge.example.org/root/mei/llm/pulls/12?page=2"), there);
        for text in ["", "#", "x", "mei#12", "/llm#12", "mei/#12", "mei/llm/x#12", "https://x/mei/llm/src/12"]
        {
            assert_eq!(ThreadName::read(text), None, "{text:?}");
        }
    }
}

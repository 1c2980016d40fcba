//! Due date, dependencies and pin of a thread: what stands beside it, and the forms that change it.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    thread::{
        self, Thread,
        dependency::{self, Dependencies, LinkedThread, ThreadName},
        pin,
    },
};
use hearth_core::{Error, Kind, Timestamp, urls::RepositoryUrls};
use serde::Deserialize;

use super::{AtThread, check_kind, rail::redisplay};
use crate::{
    Failure, Form, Mistakes, Page,
    repo::{RepositoryVisit, milestones::Due},
    respond::see_other,
};

/// What `components/thread.html` draws of it.
pub(crate) struct Organised {
    pub(crate) due: Option<Due>,
    /// `2026-12-31`; empty: no date.
    pub(crate) due_date: String,
    /// What it waits for.
    pub(crate) blockers: Vec<LinkRow>,
    /// What waits for it.
    pub(crate) blocked: Vec<LinkRow>,
    /// Something that it waits for is open.
    pub(crate) is_blocked: bool,
    pub(crate) is_pinned: bool,
    /// Another one can be pinned.
    pub(crate) can_pin: bool,
}

/// A thread at the other end of a dependency.
pub(crate) struct LinkRow {
    pub(crate) address: String,
    pub(crate) title: String,
    /// `#7`, or `owner/name#7` where it is in another repository.
    pub(crate) reference: String,
    /// `owner/name#7`, as the form takes it.
    pub(crate) name: String,
    pub(crate) is_open: bool,
}

impl LinkRow {
    fn new(visit: &RepositoryVisit, linked: LinkedThread) -> Self {
        let (owner, name) = (linked.owner.as_str(), linked.repository.as_str());
        let urls = RepositoryUrls::new(linked.repository_kind, owner, name);
        let is_here = linked.repository_id == visit.access.repository().id;
        let whole = format!("{owner}/{name}#{}", linked.number);
        let here = format!("#{}", linked.number);
        Self {
            address: urls.thread(linked.kind, linked.number),
            reference: if is_here { here.clone() } else { whole.clone() },
            name: if is_here { here } else { whole },
            is_open: linked.is_open(),
            title: linked.title,
        }
    }
}

impl Organised {
    pub(crate) async fn read(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        thread: &Thread,
        is_open: bool,
    ) -> Result<Self, Error> {
        let dependencies = dependency::list(app, &visit.access, thread).await?;
        let is_blocked = dependencies.is_blocked();
        let Dependencies { blockers, blocked } = dependencies;
        let rows =
            |found: Vec<LinkedThread>| found.into_iter().map(|linked| LinkRow::new(visit, linked)).collect();
        Ok(Self {
            due: thread.due_at.map(|due_at| Due::new(page, due_at, is_open)),
            due_date: thread.due_at.map(Timestamp::as_date).unwrap_or_default(),
            blockers: rows(blockers),
            blocked: rows(blocked),
            is_blocked,
            is_pinned: pin::is_pinned(app, &visit.access, thread).await?,
            can_pin: pin::has_room(app, &visit.access, thread.kind).await?,
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DueForm {
    /// `2026-12-31`; empty: no date.
    due: String,
}

/// `POST …/{number}/due`.
pub(crate) async fn due(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    Form(form): Form<DueForm>,
) -> Result<Response, Failure> {
    let (number, writing) = (at.number()?, visit.access.write()?);
    check_kind(&app, &visit, number).await?;
    let due_at = Timestamp::at_end_of_day(form.due.trim());
    if due_at.is_none() && !form.due.trim().is_empty() {
        let mistakes = Mistakes::from_error(&page, Error::field("due", "date"), "due")?;
        return redisplay(&app, page, &visit, number, mistakes).await;
    }
    thread::set_due(&app, &writing, number, due_at).await?;
    Ok(see_other(&visit.thread(number)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PinForm {
    /// `pin`, `unpin`, or a place among the pinned ones, counted from 1.
    to: String,
    /// `list`: it was asked for there.
    from: String,
}

/// `POST …/{number}/pin`.
pub(crate) async fn pin(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    Form(form): Form<PinForm>,
) -> Result<Response, Failure> {
    let (number, writing) = (at.number()?, visit.access.write()?);
    check_kind(&app, &visit, number).await?;
    match (form.to.as_str(), form.to.parse()) {
        ("unpin", _) => pin::unpin(&app, &writing, number).await?,
        (_, Ok(place)) => pin::move_to(&app, &writing, number, place).await?,
        _ => pin::pin(&app, &writing, number).await?,
    }
    let is_from_list = form.from == "list";
    let back = if is_from_list { visit.urls.threads(visit.threads) } else { visit.thread(number) };
    Ok(see_other(&back))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DependencyForm {
    /// `#7`, `owner/name#7` or an address.
    other: String,
    /// `blocked`: the other waits for this; anything else: this waits for the other.
    end: String,
    remove: bool,
}

/// `POST …/{number}/dependencies`.
pub(crate) async fn dependencies(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    Form(form): Form<DependencyForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    check_kind(&app, &visit, number).await?;
    let Err(error) = change(&app, &visit, &at, &form).await else {
        return Ok(see_other(&visit.thread(number)));
    };
    let error = match error {
        Error::NotFound(Kind::Issue | Kind::PullRequest | Kind::Repository) => {
            Error::field("dependency", "no-such-thread")
        }
        other => other,
    };
    let mistakes = Mistakes::from_error(&page, error, "dependency")?;
    redisplay(&app, page, &visit, number, mistakes).await
}

async fn change(
    app: &App,
    visit: &RepositoryVisit,
    at: &AtThread,
    form: &DependencyForm,
) -> Result<(), Error> {
    let number = at.number()?;
    let other = ThreadName::read(&form.other).ok_or(Error::NotFound(Kind::Issue))?;
    match (form.end.as_str(), form.remove) {
        ("blocked", false) => dependency::add_blocked(app, &visit.access, number, &other).await,
        ("blocked", true) => dependency::remove_blocked(app, &visit.access, number, &other).await,
        (_, false) => dependency::add_blocker(app, &visit.access.write()?, number, &other).await,
        (_, true) => dependency::remove_blocker(app, &visit.access.write()?, number, &other).await,
    }
}

//! Issues and pull requests share their numbers: what an address is about, and what it leads to.

use axum::response::Response;
use hearth_app::{Access, App, access, issue, pull_request};
use hearth_core::{Error, Kind, Read, ThreadKind, ThreadNumber, Unit};

use crate::{
    Failure, Section,
    repo::{RepositoryVisit, issues, pulls},
    respond::see_other,
};

/// The tab that threads of a kind are under.
pub(crate) fn section(kind: ThreadKind) -> &'static Section {
    match kind {
        ThreadKind::Issue => &issues::SECTION,
        ThreadKind::PullRequest => &pulls::SECTION,
    }
}

/// Whoever came for issues acts on issues alone, and whoever came for pull requests on those: what they may do was
/// asked of that part of the repository.
pub(crate) async fn check_kind(
    app: &App,
    visit: &RepositoryVisit,
    number: ThreadNumber,
) -> Result<(), Error> {
    check_is(app, &visit.access, visit.threads, number).await
}

/// Whether the thread with this number is of this kind.
async fn check_is(
    app: &App,
    access: &Access<Read>,
    kind: ThreadKind,
    number: ThreadNumber,
) -> Result<(), Error> {
    match kind {
        ThreadKind::Issue => issue::find(app, access, number).await.map(drop),
        ThreadKind::PullRequest => pull_request::find(app, access, number).await.map(drop),
    }
}

/// The page of a thread or, where that number is of the other kind, the way there: people and other sites write `/issues/`
/// and `/pulls/` for both.
pub(crate) async fn or_other_kind(
    app: &App,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    shown: Result<Response, Failure>,
) -> Result<Response, Failure> {
    let failure = match shown {
        Err(failure) if matches!(&*failure.error, Error::NotFound(Kind::Issue | Kind::PullRequest)) => {
            failure
        }
        shown => return shown,
    };
    let (kind, unit) = match visit.threads {
        ThreadKind::Issue => (ThreadKind::PullRequest, Unit::Pulls),
        ThreadKind::PullRequest => (ThreadKind::Issue, Unit::Issues),
    };
    let Some(other) = access::if_seen(visit.access.enter_unit(unit))? else { return Err(failure) };
    match access::if_seen(check_is(app, &other, kind, number).await)? {
        Some(()) => Ok(see_other(&visit.urls.thread(kind, number))),
        None => Err(failure),
    }
}

//! Issues and pull requests over all repositories that the reader may read.

use hearth_core::{Page, PageRequest, Result, Scope, ThreadKind};
use hearth_store::thread_overview::{self as row, OverviewFilter};
pub use hearth_store::thread_overview::{OverviewRow, Relation};

use crate::{Actor, App, repository, thread::query_text::parts};

/// Words beyond these are ignored: databases limit the number of conditions.
const MOST_WORDS: usize = 20;

/// What to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overview {
    pub kind: ThreadKind,
    /// What the reader has to do with it; none: anything that they may read.
    pub relation: Option<Relation>,
    /// None: open or not.
    pub is_open: Option<bool>,
    /// Words and quoted phrases of title or text.
    pub text: String,
}

/// One page, and how many there are in each state.
#[derive(Clone, Debug)]
pub struct OverviewPage {
    pub rows: Page<OverviewRow>,
    pub open: u64,
    pub closed: u64,
}

pub async fn list(
    app: &App,
    actor: &Actor,
    overview: &Overview,
    request: PageRequest,
) -> Result<OverviewPage> {
    let person = actor.signed_in()?;
    actor.require(match overview.kind {
        ThreadKind::Issue => Scope::ReadIssue,
        ThreadKind::PullRequest => Scope::ReadRepository,
    })?;
    let filter = OverviewFilter {
        kind: overview.kind,
        person: person.id,
        person_name: person.name.clone(),
        relation: overview.relation,
        is_open: overview.is_open,
        words: parts(&overview.text).into_iter().take(MOST_WORDS).collect(),
    };
    let viewer = repository::viewer(actor);
    let mut reader = app.store().read().await?;
    let items = row::list(&mut reader, &filter, viewer, request).await?;
    let of = |is_open| OverviewFilter { is_open: Some(is_open), ..filter.clone() };
    let open = row::count(&mut reader, &of(true), viewer).await?;
    let closed = row::count(&mut reader, &of(false), viewer).await?;
    let total = match overview.is_open {
        Some(true) => open,
        Some(false) => closed,
        None => open.saturating_add(closed),
    };
    Ok(OverviewPage { rows: Page { items, total, request }, open, closed })
}

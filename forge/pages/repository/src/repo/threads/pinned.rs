//! The pinned threads above a list.

use hearth_app::{App, thread::pin};
use hearth_core::{Error, ThreadNumber};

use crate::repo::RepositoryVisit;

/// A pinned thread, as `components/threads.html` draws it.
pub(crate) struct PinnedRow {
    pub(crate) number: ThreadNumber,
    pub(crate) title: String,
    pub(crate) address: String,
    /// Where its form is sent to.
    pub(crate) action: String,
    pub(crate) is_open: bool,
    /// Counted from 1.
    pub(crate) place: i64,
    pub(crate) is_last: bool,
}

/// Those of the kind that the address is about, in their order.
pub(crate) async fn pinned(app: &App, visit: &RepositoryVisit) -> Result<Vec<PinnedRow>, Error> {
    let pins = pin::list(app, &visit.access, visit.threads).await?;
    let count = i64::try_from(pins.len()).unwrap_or(i64::MAX);
    let row = |pinned: pin::Pin| PinnedRow {
        number: pinned.number,
        address: visit.thread(pinned.number),
        action: visit.thread_part(pinned.number, "pin"),
        is_open: pinned.is_open(),
        is_last: pinned.place == count,
        place: pinned.place,
        title: pinned.title,
    };
    Ok(pins.into_iter().map(row).collect())
}

//! The versions of a pull request whose commits can be compared.

use hearth_core::{Dependency, Error, Kind, Result, ThreadId};
use hearth_git::{ObjectId, Range};
use hearth_store::{
    Ask,
    pull_request_version::{self as row, PullRequestVersion},
};

/// A version that is completely known: its commits are in the repository, and where it left the base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Prepared {
    pub(crate) number: i64,
    pub(crate) range: Range,
    /// The identity of its diff; none if that is over a bound.
    pub(crate) patch_id: Option<String>,
}

/// As many of the newest versions are looked through for one that is known.
const MOST_VERSIONS: u64 = 100;

impl Prepared {
    /// None: its facts are still being found out, or it has nothing in common with its base.
    pub(crate) fn of(version: PullRequestVersion) -> Option<Self> {
        let base = id(version.merge_base_id.as_deref()?)?;
        let head = id(&version.head_id)?;
        Some(Self { number: version.number, range: Range { base, head }, patch_id: version.patch_id })
    }

    /// The newest version that is known.
    pub(crate) async fn newest(ask: &mut impl Ask, thread: ThreadId) -> Result<Option<Self>> {
        let newest = row::find_newest(ask, thread).await?.and_then(Self::of);
        if newest.is_some() {
            return Ok(newest);
        }
        Ok(row::list(ask, thread, MOST_VERSIONS).await?.into_iter().rev().find_map(Self::of))
    }

    /// The same where there has to be one: right after a pull request was opened, it is to be asked for again in a moment.
    pub(crate) async fn need_newest(ask: &mut impl Ask, thread: ThreadId) -> Result<Self> {
        Self::newest(ask, thread).await?.ok_or(Error::Unavailable(Dependency::Git))
    }

    pub(crate) async fn find(ask: &mut impl Ask, thread: ThreadId, number: i64) -> Result<Self> {
        let found = row::find(ask, thread, number).await?.ok_or(Error::NotFound(Kind::Revision))?;
        Self::of(found).ok_or(Error::Unavailable(Dependency::Git))
    }
}

/// Cannot be wrong in a row: git made it.
pub(crate) fn id(text: &str) -> Option<ObjectId> {
    text.parse().ok()
}

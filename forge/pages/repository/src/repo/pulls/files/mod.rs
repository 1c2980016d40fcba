//! What a pull request changes, file by file or commit by commit, and the review of it.

pub(crate) mod query;
mod range;
mod say;
pub(crate) mod show;
mod since;
mod threads;
mod view;

pub(crate) use query::FilesQuery;
pub(crate) use say::Draft;
pub(crate) use show::Entered;

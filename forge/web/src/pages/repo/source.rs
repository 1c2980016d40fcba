use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{App, code, code::Source};

use super::{RepositoryVisit, file, folder};
use crate::{Failure, Page};

/// The last parts of an address below a repository.
#[derive(serde::Deserialize)]
pub(crate) struct At {
    /// `branch`, `tag` or `commit`.
    pub(crate) kind: String,
    /// The revision's name and the path.
    pub(crate) rest: String,
}

/// A folder or a file, whichever lies there.
pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
) -> Result<Response, Failure> {
    match code::source(&app, &visit.access, &at.kind, &at.rest).await? {
        (place, Source::Folder(found)) => folder::show(&app, page, &visit, place, found).await,
        (place, Source::File(found)) => file::show(&app, page, &visit, place, found).await,
    }
}

//! GitHub's addresses of code, which people know by heart and links in texts use.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use hearth_app::{App, code};
use hearth_core::{Error, Kind};

use super::RepositoryVisit;
use crate::Failure;

/// `/blob/{revision}/{path}` and `/tree/{revision}/{path}`.
pub(crate) async fn get(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<Rest>,
) -> Result<Response, Failure> {
    for kind in ["branch", "tag", "commit"] {
        match code::locate(&app, &visit.access, kind, &at.rest).await {
            Ok(place) => {
                let address = visit.urls.source(&place.revision, place.path.as_str());
                return Ok(Redirect::permanent(&address).into_response());
            }
            Err(Error::NotFound(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Error::NotFound(Kind::Revision).into())
}

/// The part of the address after `blob/` or `tree/`.
#[derive(serde::Deserialize)]
pub(crate) struct Rest {
    rest: String,
}

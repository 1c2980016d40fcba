use axum::{
    body::Body,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use hearth_app::{App, GitResult as _, code, code::ArchiveFormat, repository};
use hearth_core::{Error, Kind};
use hearth_git::TreePath;
use hearth_http::download;
use tokio_util::io::ReaderStream;

use super::RepositoryVisit;
use crate::Failure;

/// `v1.0.tar.gz`: all files of a revision.
#[derive(serde::Deserialize)]
pub(crate) struct ArchiveFile {
    file: String,
}

pub(crate) async fn get(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(wanted): Path<ArchiveFile>,
) -> Result<Response, Failure> {
    let (revision, format) = ArchiveFormat::split(&wanted.file).ok_or(Error::NotFound(Kind::Revision))?;
    let place = code::resolve(&app, &visit.access, revision).await?;
    let row = visit.access.repository();
    let name = format!("{}-{}", row.name, revision.replace('/', "-"));
    let prefix = TreePath::new(row.name.as_str()).map_err(hearth_git::Error::from).map_git()?;
    let git = repository::git(&app, row).await?;
    let archive = code::archive(&app, &git, place.commit, format, prefix).await?;
    let headers = download::save(&format!("{name}{}", format.suffix()), format.content_type());
    Ok((headers, Body::from_stream(ReaderStream::new(archive))).into_response())
}

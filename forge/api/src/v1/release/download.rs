//! The bytes of a file of a release, for whoever signs in with a token: the page knows only sessions.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use hearth_app::{
    App,
    release::{self, asset},
};
use hearth_core::{Error, Kind};
use hearth_http::{download, range::Span};

use super::{asset::asset_id, release_id};
use crate::{
    at::InReleases,
    error::ApiResult,
    range,
    table::{Table, describe},
};

pub(super) fn routes(table: Table) -> Table {
    table.get(
        "/repos/{owner}/{repo}/releases/{id}/assets/{asset}/content",
        get,
        describe("Download a file of a release, or with `Range` a part of it").bytes_response(),
    )
}

async fn get(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id, file)): Path<(String, String, String, String)>,
    asked: HeaderMap,
) -> ApiResult<Response> {
    let card = release::find(&app, &access, release_id(&id)?).await?;
    let wanted = asset_id(&file)?;
    let known = card.assets.iter().find(|asset| asset.id == wanted);
    let known = known.ok_or(Error::NotFound(Kind::Attachment))?;
    let (found, object) = asset::open(&app, &access, &card.release.tag_name, &known.name).await?;
    let version = format!("\"{}\"", found.sha256);
    let from_start = Span::requested(&asked, object.size_bytes(), Some(&version))
        .is_some_and(|span| span.bytes.start == 0);
    if from_start {
        asset::note_download(&app, &found).await?;
    }
    let mut response = range::serve(&object, &asked).await?;
    response.headers_mut().extend(download::save(&found.name, download::BYTES));
    if let Ok(version) = HeaderValue::try_from(version) {
        response.headers_mut().insert(header::ETAG, version);
    }
    Ok(response)
}

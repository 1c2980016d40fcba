//! Files of releases, whole: added in one go, renamed, removed, downloaded. [`super::upload`] takes them in pieces.

use hearth_core::{
    AssetId, Conflict, Error, Kind, Read, ReleaseId, Result, Write,
    event::{ReleaseEvent, Subject},
};
pub use hearth_store::release_asset::Asset;
use hearth_store::{
    Ask, Meaning as _, blob, release as release_row,
    release::Release,
    release_asset::{self as row, NewAsset},
};
use tokio::io::AsyncRead;

use super::name;
use crate::{
    Access, App, Operation,
    blobs::{BlobId, Object, Promise, Stored},
    storage,
};

/// Adds a file to a release. What `promise` says of its size and hash must hold.
pub async fn add(
    app: &App,
    access: &Access<Write>,
    release: ReleaseId,
    file: &str,
    promise: &Promise,
    source: impl AsyncRead + Unpin,
) -> Result<Asset> {
    let name = name::checked(file)?;
    let limit = app.limits().release_asset();
    if promise.size_bytes.is_some_and(|size| size > limit.most) {
        return Err(Error::TooLarge(limit));
    }
    let mut reader = app.store().read().await?;
    let found = find_release(&mut reader, access, release).await?;
    check_room(app, &mut reader, &found, &name, promise.size_bytes.unwrap_or(0)).await?;
    drop(reader);
    let stored = app.blobs().put(source, promise, limit).await?;
    let _claim = app.blobs().claim(&stored.id).await;
    let mut operation = app.begin().await?;
    let found = find_release(&mut operation, access, release).await?;
    // Others may have added files meanwhile.
    check_room(app, &mut operation, &found, &name, stored.size_bytes).await?;
    let made = insert(app, &mut operation, access, &found, name, &stored).await?;
    operation.commit().await?;
    Ok(made)
}

/// The row of a file whose bytes are stored and claimed, with its event.
pub(super) async fn insert(
    app: &App,
    operation: &mut Operation,
    access: &Access<Write>,
    release: &Release,
    name: String,
    stored: &Stored,
) -> Result<Asset> {
    blob::clear_fault(operation, stored.id.as_str()).await?;
    let new = NewAsset {
        release_id: release.id,
        uuid: app.random().uuid(),
        name,
        size_bytes: i64::try_from(stored.size_bytes).unwrap_or(i64::MAX),
        sha256: stored.id.as_str().to_owned(),
        uploader_id: access.writer().id,
        created_at: operation.now(),
    };
    let made = row::insert(operation, &new).await.on_taken(Conflict::AssetTaken)?;
    record(operation, access, release, |release, tag| ReleaseEvent::AssetAdded {
        release,
        tag,
        name: made.name.clone(),
    })
    .await?;
    Ok(made)
}

/// Nobody hears what happens to a draft.
async fn record(
    operation: &mut Operation,
    access: &Access<Write>,
    release: &Release,
    event: impl FnOnce(ReleaseId, String) -> ReleaseEvent,
) -> Result<()> {
    if !release.is_draft() {
        let event = event(release.id, release.tag_name.clone());
        operation.record_in(access, Subject::Repository(release.repository_id), event).await?;
    }
    Ok(())
}

/// Whether another file of this name and size fits into the release and the repository.
pub(super) async fn check_room(
    app: &App,
    ask: &mut impl Ask,
    release: &Release,
    name: &str,
    more_bytes: u64,
) -> Result<()> {
    let limits = app.limits();
    if row::find_by_name(ask, release.id, name).await?.is_some() {
        return Err(Error::Conflict(Conflict::AssetTaken));
    }
    if row::count(ask, release.id).await? >= limits.release_assets {
        return Err(Error::TooLarge(limits.assets_of_release()));
    }
    let held = u64::try_from(row::total_bytes(ask, release.repository_id).await?).unwrap_or(0);
    if held.saturating_add(more_bytes) > limits.repository_release_bytes {
        return Err(Error::TooLarge(limits.releases_in_repository()));
    }
    Ok(())
}

/// The release of this repository that a writer names.
pub(super) async fn find_release(
    ask: &mut impl Ask,
    access: &Access<Write>,
    id: ReleaseId,
) -> Result<Release> {
    let found = release_row::find(ask, access.repository().id, id).await?;
    found.ok_or(Error::NotFound(Kind::Release))
}

/// Gives a file another name.
pub async fn rename(
    app: &App,
    access: &Access<Write>,
    release: ReleaseId,
    id: AssetId,
    new_name: &str,
) -> Result<Asset> {
    let name = name::checked(new_name)?;
    let mut operation = app.begin().await?;
    let of = find_release(&mut operation, access, release).await?;
    let found = row::find(&mut operation, release, id).await?.ok_or(Error::NotFound(Kind::Attachment))?;
    if found.name == name {
        return Ok(found);
    }
    row::rename(&mut operation, id, &name).await.on_taken(Conflict::AssetTaken)?;
    record(&mut operation, access, &of, |release, tag| ReleaseEvent::AssetEdited {
        release,
        tag,
        name: name.clone(),
    })
    .await?;
    operation.commit().await?;
    Ok(Asset { name, ..found })
}

/// Removes a file from its release.
pub async fn remove(app: &App, access: &Access<Write>, release: ReleaseId, id: AssetId) -> Result<Asset> {
    let mut operation = app.begin().await?;
    let of = find_release(&mut operation, access, release).await?;
    let found = row::find(&mut operation, release, id).await?.ok_or(Error::NotFound(Kind::Attachment))?;
    if !row::delete(&mut operation, id).await? {
        return Err(Error::NotFound(Kind::Attachment));
    }
    record(&mut operation, access, &of, |release, tag| ReleaseEvent::AssetRemoved {
        release,
        tag,
        name: found.name.clone(),
    })
    .await?;
    storage::request_sweep(&mut operation).await?;
    operation.commit().await?;
    Ok(found)
}

/// Opens a file by the tag of its release and its name.
pub async fn open(app: &App, access: &Access<Read>, tag: &str, file: &str) -> Result<(Asset, Object)> {
    let mut reader = app.store().read().await?;
    let release = release_row::find_by_tag(&mut reader, access.repository().id, tag).await?;
    let release = release.filter(|release| !release.is_draft() || super::sees_drafts(access));
    let release = release.ok_or(Error::NotFound(Kind::Release))?;
    let found = row::find_by_name(&mut reader, release.id, file).await?;
    drop(reader);
    let asset = found.ok_or(Error::NotFound(Kind::Attachment))?;
    let id = BlobId::parse(&asset.sha256).ok_or(Error::NotFound(Kind::LostObject))?;
    let size_bytes = u64::try_from(asset.size_bytes).unwrap_or(0);
    let object = storage::open_sound(app, &id, size_bytes).await?;
    Ok((asset, object))
}

/// Counts a download that begins at the beginning of the file.
pub async fn note_download(app: &App, asset: &Asset) -> Result<()> {
    let mut operation = app.begin().await?;
    row::note_download(&mut operation, asset.id).await?;
    operation.commit().await
}

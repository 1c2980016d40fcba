//! Large files of releases, in pieces: the size is declared first, then the bytes are appended, in as many requests as it takes.
//! What has arrived is kept when a request breaks off, and the next one goes on from there. At the end the pieces are joined, and
//! the whole must have the declared size and hash.

use hearth_core::{Conflict, Error, Kind, Read, ReleaseId, Result, Write};
pub use hearth_store::release_upload::Upload;
use hearth_store::release_upload::{self as row, NewUpload, Piece};
use tokio::io::AsyncRead;

use super::{
    asset::{self, Asset, check_room, find_release},
    name,
};
use crate::{
    Access, App,
    blobs::{BlobId, Stored},
    code::pieces::{self, UntilBroken},
    storage,
};

/// What is to be uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    pub name: String,
    pub size_bytes: u64,
    /// In hex; none: it is not known yet.
    pub sha256: Option<String>,
}

/// Begins an upload, or goes on with one that the same person has begun for the same file.
pub async fn begin(
    app: &App,
    access: &Access<Write>,
    release: ReleaseId,
    declared: Declared,
) -> Result<Upload> {
    let name = name::checked(&declared.name)?;
    let (limits, uploader) = (app.limits(), access.writer().id);
    if declared.size_bytes > limits.release_asset_bytes {
        return Err(Error::TooLarge(limits.release_asset()));
    }
    let sha256 = declared.sha256.map(|hash| hash.to_ascii_lowercase()).filter(|hash| !hash.is_empty());
    if sha256.as_deref().is_some_and(|hash| BlobId::parse(hash).is_none()) {
        return Err(Error::field("sha256", "malformed"));
    }
    app.disk().check_room_for(declared.size_bytes)?;
    let size_bytes = i64::try_from(declared.size_bytes).unwrap_or(i64::MAX);
    let mut operation = app.begin().await?;
    let found = find_release(&mut operation, access, release).await?;
    let begun = row::list(&mut operation, release, uploader).await?;
    let same = begun
        .into_iter()
        .find(|begun| begun.name == name && begun.size_bytes == size_bytes && begun.sha256 == sha256);
    if let Some(same) = same {
        return Ok(same);
    }
    check_room(app, &mut operation, &found, &name, declared.size_bytes).await?;
    if row::count_of_person(&mut operation, uploader).await? >= limits.release_uploads {
        return Err(Error::TooLarge(limits.uploads_of_person()));
    }
    let new = NewUpload {
        release_id: release,
        uuid: app.random().uuid(),
        uploader_id: uploader,
        name,
        size_bytes,
        sha256,
        created_at: operation.now(),
    };
    let made = row::insert(&mut operation, &new).await?;
    operation.commit().await?;
    Ok(made)
}

/// How far an upload of one's own has come.
pub async fn find(app: &App, access: &Access<Write>, release: ReleaseId, uuid: &str) -> Result<Upload> {
    let mut reader = app.store().read().await?;
    find_release(&mut reader, access, release).await?;
    let found = row::find(&mut reader, release, access.writer().id, uuid).await?;
    found.ok_or(Error::NotFound(Kind::Upload))
}

/// What the actor has not finished uploading to a release.
pub async fn list(app: &App, access: &Access<Read>, release: ReleaseId) -> Result<Vec<Upload>> {
    let Some(person) = access.actor().user_id() else { return Ok(Vec::new()) };
    super::find(app, access, release).await?;
    Ok(row::list(&mut app.store().read().await?, release, person).await?)
}

/// Appends what `source` yields, which must begin where the upload ended. If the client breaks off, what has arrived is kept,
/// and the error says that it did.
///
/// It goes on when nobody waits for it any more: whoever hangs up has sent these bytes.
pub async fn append(
    app: &App,
    access: &Access<Write>,
    (release, uuid): (ReleaseId, &str),
    offset_bytes: u64,
    source: impl AsyncRead + Send + Unpin + 'static,
) -> Result<Upload> {
    let (app, access, uuid) = (app.clone(), access.clone(), uuid.to_owned());
    let kept = tokio::spawn(async move { keep(&app, &access, (release, &uuid), offset_bytes, source).await });
    kept.await.map_err(Error::internal)?
}

async fn keep(
    app: &App,
    access: &Access<Write>,
    (release, uuid): (ReleaseId, &str),
    offset_bytes: u64,
    source: impl AsyncRead + Send + Unpin,
) -> Result<Upload> {
    let upload = find(app, access, release, uuid).await?;
    continues(&upload, offset_bytes)?;
    let most_pieces = app.limits().release_upload_pieces;
    if row::count_pieces(&mut app.store().read().await?, &upload).await? >= most_pieces {
        return Err(Error::TooLarge(app.limits().pieces_of_upload()));
    }
    let (source, broken) = UntilBroken::new(source);
    let stored = pieces::receive(app, source, missing(&upload), app.limits().release_asset()).await?;
    let after = if stored.size_bytes == 0 { upload } else { add(app, access, &upload, &stored).await? };
    match broken.take() {
        Some(error) => Err(Error::internal(error)),
        None => Ok(after),
    }
}

fn continues(upload: &Upload, offset_bytes: u64) -> Result<()> {
    if u64::try_from(upload.received_bytes) == Ok(offset_bytes) {
        Ok(())
    } else {
        Err(Error::Conflict(Conflict::Offset))
    }
}

/// How many bytes have not arrived.
fn missing(upload: &Upload) -> u64 {
    u64::try_from(upload.size_bytes.saturating_sub(upload.received_bytes)).unwrap_or(0)
}

async fn add(app: &App, access: &Access<Write>, upload: &Upload, stored: &Stored) -> Result<Upload> {
    let _claim = app.blobs().claim(&stored.id).await;
    let mut operation = app.begin().await?;
    let (release, person, now) = (upload.release_id, access.writer().id, operation.now());
    let locked = row::lock(&mut operation, release, person, &upload.uuid).await?;
    let locked = locked.ok_or(Error::NotFound(Kind::Upload))?;
    // Another request may have appended the same bytes meanwhile.
    if locked.received_bytes != upload.received_bytes {
        return Err(Error::Conflict(Conflict::Offset));
    }
    let piece = Piece {
        offset_bytes: locked.received_bytes,
        size_bytes: i64::try_from(stored.size_bytes).unwrap_or(i64::MAX),
        sha256: stored.id.as_str().to_owned(),
    };
    row::append(&mut operation, &locked, &piece, now).await?;
    let after = row::find(&mut operation, release, person, &upload.uuid).await?;
    operation.commit().await?;
    after.ok_or(Error::NotFound(Kind::Upload))
}

/// Makes a file of the release of what has arrived, once that is everything. If its hash is not as declared, the upload is
/// removed: going on with it would help nobody.
pub async fn finish(app: &App, access: &Access<Write>, release: ReleaseId, uuid: &str) -> Result<Asset> {
    let upload = find(app, access, release, uuid).await?;
    if missing(&upload) > 0 {
        return Err(Error::Conflict(Conflict::Offset));
    }
    let stored = match join(app, &upload).await {
        Err(Error::Conflict(Conflict::HashMismatch)) => {
            abandon(app, access, release, uuid).await?;
            return Err(Error::Conflict(Conflict::HashMismatch));
        }
        stored => stored?,
    };
    let _claim = app.blobs().claim(&stored.id).await;
    let mut operation = app.begin().await?;
    let person = access.writer().id;
    let locked = row::lock(&mut operation, release, person, uuid).await?;
    let locked = locked.ok_or(Error::NotFound(Kind::Upload))?;
    let found = find_release(&mut operation, access, release).await?;
    // Its declared size made room for it; from here on the file itself counts.
    row::delete(&mut operation, &locked).await?;
    check_room(app, &mut operation, &found, &locked.name, stored.size_bytes).await?;
    let made = asset::insert(app, &mut operation, access, &found, locked.name, &stored).await?;
    storage::request_sweep(&mut operation).await?;
    operation.commit().await?;
    Ok(made)
}

/// One object of all pieces, in order.
async fn join(app: &App, upload: &Upload) -> Result<Stored> {
    let declared = upload.sha256.as_deref().and_then(BlobId::parse);
    let size_bytes = u64::try_from(upload.size_bytes).unwrap_or(0);
    let all = row::pieces(&mut app.store().read().await?, upload).await?;
    pieces::join(app, all, declared, size_bytes, app.limits().release_asset()).await
}

/// Removes an upload with what has arrived of it.
pub async fn abandon(app: &App, access: &Access<Write>, release: ReleaseId, uuid: &str) -> Result<()> {
    let mut operation = app.begin().await?;
    let found = row::find(&mut operation, release, access.writer().id, uuid).await?;
    let found = found.ok_or(Error::NotFound(Kind::Upload))?;
    find_release(&mut operation, access, release).await?;
    row::delete(&mut operation, &found).await?;
    storage::request_sweep(&mut operation).await?;
    operation.commit().await
}

//! LFS objects that arrive in as many requests as it takes: a push that was cut goes on where it was. The pieces are those of
//! [`pieces`], and the end of the last one makes the object.

use hearth_core::{Conflict, Error, Kind, Push, RepositoryId, Result};
use hearth_store::lfs_upload::{self as row, LfsUpload, Piece};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::{
    lfs,
    lfs_room::Room,
    pieces::{self, UntilBroken},
};
use crate::{Access, App, Operation, blobs::BlobId, storage};

/// What is kept of a request even if this server is killed: whole pieces of this size.
const PIECE_BYTES: u64 = 64 << 20;

/// The part size of uploads whose pieces come one after another.
const IN_A_ROW: i64 = 0;

/// An object as the client declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    pub oid: BlobId,
    pub size_bytes: u64,
}

/// How much of an object has arrived. If that is everything, the object is there when this returns.
pub async fn offset(app: &App, access: &Access<Push>, declared: &Declared) -> Result<u64> {
    let repository = access.repository().id;
    let held = lfs::held_by(app, repository, std::slice::from_ref(&declared.oid)).await?;
    if held.values().any(|held| held.is_here) {
        lfs::need(app, repository, &declared.oid, declared.size_bytes).await?;
        return Ok(declared.size_bytes);
    }
    let Some(upload) = find(app, repository, declared, IN_A_ROW).await? else { return Ok(0) };
    if missing(&upload) > 0 {
        return Ok(unsigned(upload.received_bytes));
    }
    // Whoever sent the last bytes hung up before the pieces were joined.
    finish(app, repository, declared, IN_A_ROW).await?;
    Ok(unsigned(upload.size_bytes))
}

/// Appends what `source` yields, which must begin where the object ended, and returns where it ends now. If the client breaks off,
/// what has arrived is kept, and the error says that it did.
///
/// It goes on when nobody waits for it any more: whoever hangs up has sent these bytes.
pub async fn append(
    app: &App,
    access: &Access<Push>,
    declared: &Declared,
    offset_bytes: u64,
    source: impl AsyncRead + Send + Unpin + 'static,
) -> Result<u64> {
    let limit = app.limits().lfs_object();
    if declared.size_bytes > limit.most {
        return Err(Error::TooLarge(limit));
    }
    let (app, access, declared) = (app.clone(), access.clone(), declared.clone());
    let kept = tokio::spawn(async move { keep(&app, &access, &declared, offset_bytes, source).await });
    kept.await.map_err(Error::internal)?
}

async fn keep(
    app: &App,
    access: &Access<Push>,
    declared: &Declared,
    offset_bytes: u64,
    source: impl AsyncRead + Send + Unpin,
) -> Result<u64> {
    let repository = access.repository().id;
    let mut upload = begin(app, repository, declared, IN_A_ROW).await?;
    if unsigned(upload.received_bytes) != offset_bytes {
        return Err(Error::Conflict(Conflict::Offset));
    }
    let (mut source, broken) = UntilBroken::new(source);
    while missing(&upload) > 0 {
        let most_pieces = app.limits().lfs_upload_pieces;
        if row::count_pieces(&mut app.store().read().await?, &upload).await? >= most_pieces {
            return Err(Error::TooLarge(app.limits().pieces_of_lfs_upload()));
        }
        let next = (&mut source).take(PIECE_BYTES);
        let stored = pieces::receive(app, next, missing(&upload), app.limits().lfs_object()).await?;
        if stored.size_bytes == 0 {
            break;
        }
        let piece = Piece {
            offset_bytes: upload.received_bytes,
            size_bytes: i64::try_from(stored.size_bytes).unwrap_or(i64::MAX),
            sha256: stored.id.as_str().to_owned(),
        };
        let _claim = app.blobs().claim(&stored.id).await;
        upload = add(app, &upload, &piece).await?;
        if stored.size_bytes < PIECE_BYTES {
            break;
        }
    }
    if let Some(error) = broken.take() {
        return Err(Error::internal(error));
    }
    if missing(&upload) == 0 {
        finish(app, repository, declared, IN_A_ROW).await?;
    }
    Ok(unsigned(upload.received_bytes))
}

/// Finds the upload of an object, if it is sent in parts of this size.
pub(super) async fn find(
    app: &App,
    repository: RepositoryId,
    declared: &Declared,
    part_bytes: i64,
) -> Result<Option<LfsUpload>> {
    let found = row::find(&mut app.store().read().await?, repository, declared.oid.as_str()).await?;
    let found = found.map(|found| same(found, declared)).transpose()?;
    Ok(found.filter(|found| found.part_bytes == part_bytes))
}

/// Finds the upload, or begins it; its whole size takes room of the owner from then on. What has arrived of the object in parts of
/// another size is given up: they do not fit together.
pub(super) async fn begin(
    app: &App,
    repository: RepositoryId,
    declared: &Declared,
    part_bytes: i64,
) -> Result<LfsUpload> {
    if let Some(found) = find(app, repository, declared, part_bytes).await? {
        return Ok(found);
    }
    app.disk().check_room_for(declared.size_bytes)?;
    let size_bytes = i64::try_from(declared.size_bytes).unwrap_or(i64::MAX);
    let mut operation = app.begin().await?;
    let (room, now) = (Room::of_repository(&mut operation, repository).await?, operation.now());
    let other = row::find(&mut operation, repository, declared.oid.as_str()).await?;
    if other.is_some_and(|other| other.part_bytes != part_bytes) {
        forget(&mut operation, repository, &declared.oid).await?;
    }
    row::insert(&mut operation, repository, declared.oid.as_str(), size_bytes, part_bytes, now).await?;
    room.check(app, &mut operation).await?;
    let begun = row::find(&mut operation, repository, declared.oid.as_str()).await?;
    operation.commit().await?;
    same(begun.ok_or(Error::NotFound(Kind::Upload))?, declared)
}

fn same(upload: LfsUpload, declared: &Declared) -> Result<LfsUpload> {
    if unsigned(upload.size_bytes) == declared.size_bytes {
        Ok(upload)
    } else {
        Err(Error::Conflict(Conflict::HashMismatch))
    }
}

async fn add(app: &App, upload: &LfsUpload, piece: &Piece) -> Result<LfsUpload> {
    let mut operation = app.begin().await?;
    let now = operation.now();
    let locked = row::lock(&mut operation, upload.repository_id, &upload.oid).await?;
    let locked = locked.ok_or(Error::NotFound(Kind::Upload))?;
    // Another request may have appended the same bytes meanwhile.
    if (locked.id, locked.received_bytes) != (upload.id, upload.received_bytes) {
        return Err(Error::Conflict(Conflict::Offset));
    }
    row::append(&mut operation, &locked, piece, now).await?;
    operation.commit().await?;
    Ok(LfsUpload { received_bytes: locked.received_bytes + piece.size_bytes, ..locked })
}

/// Makes the object of what has arrived, once that is everything. If its hash is another one, the upload is removed: going on with
/// it would help nobody.
///
/// It goes on when nobody waits for it any more, and whoever asks again finds the object.
pub(super) async fn finish(
    app: &App,
    repository: RepositoryId,
    declared: &Declared,
    part_bytes: i64,
) -> Result<()> {
    let (app, declared) = (app.clone(), declared.clone());
    let made = tokio::spawn(async move { make(&app, repository, &declared, part_bytes).await });
    made.await.map_err(Error::internal)?
}

async fn make(app: &App, repository: RepositoryId, declared: &Declared, part_bytes: i64) -> Result<()> {
    let _claim = app.blobs().claim(&declared.oid).await;
    let joined = match find(app, repository, declared, part_bytes).await? {
        Some(upload) => join(app, &upload, declared).await,
        None => Err(Error::NotFound(Kind::Upload)),
    };
    match joined {
        Ok(()) => lfs::record(app, repository, &declared.oid, declared.size_bytes).await.map(drop),
        // Two requests may find that everything has arrived, and the other one may be done with it.
        Err(error) => {
            if lfs::need(app, repository, &declared.oid, declared.size_bytes).await.is_ok() {
                return Ok(());
            }
            if matches!(error, Error::Conflict(Conflict::HashMismatch) | Error::NotFound(Kind::LostObject)) {
                let mut operation = app.begin().await?;
                forget(&mut operation, repository, &declared.oid).await?;
                operation.commit().await?;
            }
            Err(error)
        }
    }
}

async fn join(app: &App, upload: &LfsUpload, declared: &Declared) -> Result<()> {
    let all = row::pieces(&mut app.store().read().await?, upload).await?;
    let limit = app.limits().lfs_object();
    pieces::join(app, all, Some(declared.oid.clone()), declared.size_bytes, limit).await.map(drop)
}

/// Removes an upload with what has arrived of it, if there is one.
pub(super) async fn forget(operation: &mut Operation, repository: RepositoryId, oid: &BlobId) -> Result<()> {
    if row::delete(operation, repository, oid.as_str()).await? {
        storage::request_sweep(operation).await?;
    }
    Ok(())
}

/// How many bytes have not arrived.
pub(super) fn missing(upload: &LfsUpload) -> u64 {
    unsigned(upload.size_bytes.saturating_sub(upload.received_bytes))
}

fn unsigned(bytes: i64) -> u64 {
    u64::try_from(bytes).unwrap_or(0)
}

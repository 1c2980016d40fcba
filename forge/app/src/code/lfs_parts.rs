//! LFS objects that arrive in parts, each in a request of its own and in any order: the transfer `multipart` of Hugging Face's
//! clients. The parts are pieces of an upload as in [`lfs_upload`](super::lfs_upload), and the last call joins them.
//!
//! These clients send no credentials with a part, so its address has a ticket, signed and not stored. It is good for one object of
//! one repository, for a day, and as far as the person who asked for it may push there.

use std::time::Duration;

use hearth_core::{Error, Kind, Push, Read, RepositoryId, Result, UserId};
use hearth_store::{
    lfs_upload::{self as row, LfsUpload, Piece},
    user,
};
use tokio::io::AsyncRead;

use super::{
    lfs,
    lfs_upload::{self, Declared},
    pieces,
};
use crate::{Access, Actor, App, Unit, access, actor::OneCode, blobs::BlobId, storage};

/// How every ticket begins.
const START: &str = "hearth-lfs-parts";
const PURPOSE: &str = "lfs-parts";
/// How long a ticket is good.
pub const TICKET_LIVES: Duration = Duration::from_hours(24);
/// About so many parts are named in one answer: their addresses are long.
const MOST_PARTS: u64 = 4_000;

/// Whether any of these objects is larger than one part.
pub fn are_large(app: &App, sizes_bytes: &[u64]) -> bool {
    sizes_bytes.iter().any(|size| *size > app.limits().lfs_part_bytes)
}

/// How the objects of one answer are cut into parts, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    user: UserId,
    repository: RepositoryId,
    part_bytes: u64,
    /// In seconds since 1970.
    end_s: i64,
}

impl Cut {
    /// How objects of these sizes are cut. None: whoever asks cannot get tickets, as they push with a deploy key or with the rights
    /// of an administrator.
    pub async fn of(app: &App, access: &Access<Read>, sizes_bytes: &[u64]) -> Result<Option<Self>> {
        let Some(user) = access.actor().user() else { return Ok(None) };
        let repository = access.repository();
        let actor = Actor::ticket(user.clone(), OneCode { repository: repository.id, may_write: true });
        let mut reader = app.store().read().await?;
        let entered = access::enter(&mut reader, &actor, Unit::Code, repository.clone()).await;
        drop(reader);
        if access::if_seen(entered)?.is_none_or(|entered| entered.push().is_err()) {
            return Ok(None);
        }
        let limits = app.limits();
        let most_parts = MOST_PARTS.min(limits.lfs_upload_pieces);
        Ok(Some(Self {
            user: user.id,
            repository: repository.id,
            part_bytes: part_bytes(limits.lfs_part_bytes, most_parts, sizes_bytes),
            end_s: (app.now() + TICKET_LIVES).as_second(),
        }))
    }

    /// This object, cut.
    pub const fn apply(&self, declared: Declared) -> InParts {
        InParts { declared, part_bytes: self.part_bytes }
    }

    /// What lets its parts in.
    pub fn ticket(&self, app: &App, declared: &Declared) -> String {
        let said = Said { cut: *self, declared: declared.clone() }.to_text();
        let signature = app.signer().sign(PURPOSE, &said);
        format!("{said}.{signature}")
    }
}

/// The size of a part: the least, doubled until there are not too many full ones.
fn part_bytes(least: u64, most_parts: u64, sizes_bytes: &[u64]) -> u64 {
    let mut part = least.max(1);
    let full = |part: u64| sizes_bytes.iter().map(|size| size / part).fold(0, u64::saturating_add);
    while full(part) > most_parts && part < u64::MAX {
        part = part.saturating_mul(2);
    }
    part
}

/// An object that arrives in parts. They are numbered from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InParts {
    pub declared: Declared,
    /// The size of each part but the last.
    pub part_bytes: u64,
}

impl InParts {
    pub const fn count(&self) -> u64 {
        self.declared.size_bytes.div_ceil(self.part_bytes)
    }

    /// Where a part begins, and its size.
    fn place(&self, number: u64) -> Result<(i64, u64)> {
        let offset = number.checked_sub(1).and_then(|before| before.checked_mul(self.part_bytes));
        let left = offset.and_then(|offset| self.declared.size_bytes.checked_sub(offset));
        let place = match (offset, left) {
            (Some(offset), Some(left)) if left > 0 => {
                i64::try_from(offset).ok().map(|offset| (offset, left.min(self.part_bytes)))
            }
            _ => None,
        };
        place.ok_or_else(|| Error::field("part", "not-one-of-them"))
    }

    fn part_size(&self) -> i64 {
        i64::try_from(self.part_bytes).unwrap_or(i64::MAX)
    }
}

/// Whom a ticket lets in, and with what. None: it is no ticket, it has expired, or the account is blocked or gone.
pub async fn authenticate(app: &App, ticket: &str) -> Result<Option<(Actor, InParts)>> {
    let Some((said, signature)) = ticket.rsplit_once('.') else { return Ok(None) };
    if !app.signer().has_signed(PURPOSE, said, signature) {
        return Ok(None);
    }
    let now_s = app.now().as_second();
    let Some(Said { cut, declared }) = Said::parse(said).filter(|said| now_s < said.cut.end_s) else {
        return Ok(None);
    };
    let found = user::find(&mut app.store().read().await?, cut.user).await?;
    Ok(found.filter(|user| !user.is_blocked).map(|user| {
        let code = OneCode { repository: cut.repository, may_write: true };
        (Actor::ticket(user, code), cut.apply(declared))
    }))
}

/// What a ticket says.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Said {
    cut: Cut,
    declared: Declared,
}

impl Said {
    fn to_text(&self) -> String {
        let Self { cut: Cut { user, repository, part_bytes, end_s }, declared } = self;
        let (oid, size_bytes) = (declared.oid.as_str(), declared.size_bytes);
        format!("{START}.{user}.{repository}.{oid}.{size_bytes}.{part_bytes}.{end_s}")
    }

    fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split('.').collect();
        let [START, user, repository, oid, size_bytes, part_bytes, end_s] = words[..] else { return None };
        let declared = Declared { oid: BlobId::parse(oid)?, size_bytes: size_bytes.parse().ok()? };
        let cut = Cut {
            user: UserId(user.parse().ok()?),
            repository: RepositoryId(repository.parse().ok()?),
            part_bytes: part_bytes.parse::<u64>().ok().filter(|bytes| *bytes > 0)?,
            end_s: end_s.parse().ok()?,
        };
        Some(Self { cut, declared })
    }
}

/// Receives a part, and returns its hash. A part that has arrived before is replaced; one that is cut is not kept.
///
/// It goes on when nobody waits for it any more: whoever hangs up has sent these bytes.
pub async fn receive(
    app: &App,
    access: &Access<Push>,
    object: &InParts,
    number: u64,
    source: impl AsyncRead + Send + Unpin + 'static,
) -> Result<BlobId> {
    let limit = app.limits().lfs_object();
    if object.declared.size_bytes > limit.most {
        return Err(Error::TooLarge(limit));
    }
    let (app, repository, object) = (app.clone(), access.repository().id, object.clone());
    let kept = tokio::spawn(async move { keep(&app, repository, &object, number, source).await });
    kept.await.map_err(Error::internal)?
}

async fn keep(
    app: &App,
    repository: RepositoryId,
    object: &InParts,
    number: u64,
    source: impl AsyncRead + Send + Unpin,
) -> Result<BlobId> {
    let (offset_bytes, size_bytes) = object.place(number)?;
    let upload = lfs_upload::begin(app, repository, &object.declared, object.part_size()).await?;
    let stored = pieces::receive(app, source, size_bytes, app.limits().lfs_object()).await?;
    if stored.size_bytes < size_bytes {
        return Err(Error::field("size", "less-than-declared"));
    }
    let piece = Piece {
        offset_bytes,
        size_bytes: i64::try_from(stored.size_bytes).unwrap_or(i64::MAX),
        sha256: stored.id.as_str().to_owned(),
    };
    let _claim = app.blobs().claim(&stored.id).await;
    add(app, &upload, &piece).await?;
    Ok(stored.id)
}

async fn add(app: &App, upload: &LfsUpload, piece: &Piece) -> Result<()> {
    let mut operation = app.begin().await?;
    let now = operation.now();
    let locked = row::lock(&mut operation, upload.repository_id, &upload.oid).await?;
    // Another request may have finished it meanwhile, or begun it anew.
    let locked = locked.filter(|locked| locked.id == upload.id).ok_or(Error::NotFound(Kind::Upload))?;
    match row::find_piece(&mut operation, &locked, piece.offset_bytes).await? {
        None => row::append(&mut operation, &locked, piece, now).await?,
        Some(before) => {
            row::replace(&mut operation, &locked, piece, now).await?;
            if before.sha256 != piece.sha256 {
                storage::request_sweep(&mut operation).await?;
            }
        }
    }
    operation.commit().await
}

/// The hash of a part that has arrived; none: it has to be sent.
pub async fn find(app: &App, access: &Access<Push>, object: &InParts, number: u64) -> Result<Option<String>> {
    let (offset_bytes, _) = object.place(number)?;
    let repository = access.repository().id;
    let upload = lfs_upload::find(app, repository, &object.declared, object.part_size()).await?;
    let Some(upload) = upload else { return Ok(None) };
    let found = row::find_piece(&mut app.store().read().await?, &upload, offset_bytes).await?;
    Ok(found.map(|piece| piece.sha256))
}

/// A part as the client says that it sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub number: u64,
    /// In hex.
    pub hash: String,
}

/// Joins the parts. It may be asked for again: an object that is there stays as it is.
pub async fn complete(app: &App, access: &Access<Push>, object: &InParts, sent: &[Sent]) -> Result<()> {
    let (repository, declared) = (access.repository().id, &object.declared);
    let held = lfs::held_by(app, repository, std::slice::from_ref(&declared.oid)).await?;
    if held.values().any(|held| held.is_here) {
        // Somebody else has sent it meanwhile.
        let mut operation = app.begin().await?;
        lfs_upload::forget(&mut operation, repository, &declared.oid).await?;
        operation.commit().await?;
        return lfs::need(app, repository, &declared.oid, declared.size_bytes).await;
    }
    let part_size = object.part_size();
    let upload = if declared.size_bytes == 0 {
        lfs_upload::begin(app, repository, declared, part_size).await?
    } else {
        let found = lfs_upload::find(app, repository, declared, part_size).await?;
        found.ok_or(Error::NotFound(Kind::Upload))?
    };
    let arrived = row::pieces(&mut app.store().read().await?, &upload).await?;
    check(object, &arrived, sent)?;
    if lfs_upload::missing(&upload) > 0 {
        return Err(Error::field("parts", "missing"));
    }
    lfs_upload::finish(app, repository, declared, part_size).await
}

/// Whether what has arrived is what the client sent.
fn check(object: &InParts, arrived: &[Piece], sent: &[Sent]) -> Result<()> {
    for part in sent {
        let (offset_bytes, _) = object.place(part.number)?;
        let found = arrived.binary_search_by_key(&offset_bytes, |piece| piece.offset_bytes);
        let found = found.ok().and_then(|at| arrived.get(at));
        match found {
            None => return Err(Error::field("parts", "missing")),
            Some(piece) if piece.sha256 != part.hash => return Err(Error::field("parts", "other-etag")),
            Some(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(size_bytes: u64, part_bytes: u64) -> InParts {
        let oid = BlobId::parse(&"a1".repeat(32)).expect("an id");
        InParts { declared: Declared { oid, size_bytes }, part_bytes }
    }

    #[test]
    fn a_ticket_says_what_was_written() {
        let cut = Cut { user: UserId(7), repository: RepositoryId(8), part_bytes: 9, end_s: 10 };
        let said = Said { cut, declared: object(11, 9).declared };
        assert_eq!(Said::parse(&said.to_text()), Some(said.clone()));
        assert_eq!(Said::parse(&format!("{}.1", said.to_text())), None);
        let none = Said { cut: Cut { part_bytes: 0, ..cut }, ..said };
        assert_eq!(Said::parse(&none.to_text()), None, "parts of no size have no number");
    }

    proptest::proptest! {
        #[test]
        fn the_parts_are_the_whole_and_not_too_many(
            sizes in proptest::collection::vec(0..1_u64 << 40, 1..9),
            least in 0..1_u64 << 30,
            most_parts in 1..5_000_u64,
        ) {
            let part = part_bytes(least, most_parts, &sizes);
            let mut parts = 0;
            for size in &sizes {
                let object = object(*size, part);
                let count = object.count();
                parts += count;
                proptest::prop_assert!(object.place(0).is_err() && object.place(count + 1).is_err());
                if count > 0 {
                    let (offset, last) = object.place(count).expect("the last part");
                    proptest::prop_assert_eq!(u64::try_from(offset).expect("a place") + last, *size);
                    proptest::prop_assert!((1..=part).contains(&last));
                }
            }
            proptest::prop_assert!(parts <= most_parts + sizes.len() as u64);
        }
    }
}

//! Objects: which are to be transferred, and their bytes, streamed from and to the store.

use hearth_app::{
    blobs::BlobId,
    lfs,
    lfs_batch::{self, Answer, Asked, Direction},
};
use hearth_core::{Action, Error, Result};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::{
    packet::{Body, malformed},
    request::Request,
    transfer::Session,
};
use crate::command::LfsPurpose;

/// The size of one line of an object: with its length, what one message of the connection holds.
const PIECE_BYTES: usize = (32 << 10) - 4;
/// As in HTTP.
const INSUFFICIENT_STORAGE: u16 = 507;

/// `batch`: which of these objects to transfer.
pub(super) async fn batch(session: &mut Session<'_>, request: &Request) -> Result<()> {
    let most = session.app.limits().lfs_batch_objects;
    let lines = request.lines(&mut session.input, most).await?;
    if request.argument("hash-algo").is_some_and(|name| name != "sha256") {
        return Err(Error::field("hash-algo", "unknown-choice"));
    }
    let direction = match session.purpose {
        LfsPurpose::Download => Direction::Download,
        LfsPurpose::Upload => Direction::Upload,
        LfsPurpose::Lock => return Err(Error::Forbidden(Action::Write)),
    };
    let asked = lines.iter().map(|line| asked(line)).collect::<Option<Vec<_>>>().ok_or_else(malformed)?;
    let answers = lfs_batch::answer(session.app, &session.access, direction, &asked).await?;
    // An object cannot be refused alone, so an upload of which a part is refused is refused as a whole.
    let refused = answers.iter().find_map(|answer| match answer {
        Answer::Refused { code, message } if direction == Direction::Upload => {
            Some((*code, (*message).to_owned()))
        }
        Answer::NoRoom(quota) => {
            Some((INSUFFICIENT_STORAGE, hearth_http::message(&Error::QuotaSpent(*quota))))
        }
        _ => None,
    });
    let output = &mut session.output;
    if let Some((code, message)) = refused {
        output.line(&format!("status {code}")).await?;
        output.delimiter().await?;
        output.line(&message).await?;
        return output.flush().await;
    }
    output.line("status 200").await?;
    output.line("hash-algo=sha256").await?;
    output.delimiter().await?;
    for (Asked { oid, size_bytes }, answer) in asked.iter().zip(answers) {
        let action = match answer {
            Answer::Download => "download",
            Answer::Upload => "upload",
            Answer::Nothing | Answer::Refused { .. } | Answer::NoRoom(_) => "noop",
        };
        output.line(&format!("{oid} {size_bytes} {action}")).await?;
    }
    output.flush().await
}

/// `oid size`, and perhaps more that is not needed.
fn asked(line: &str) -> Option<Asked> {
    let mut words = line.split(' ');
    let (oid, size) = (words.next()?, words.next()?);
    Some(Asked { oid: oid.to_owned(), size_bytes: size.parse().ok()? })
}

/// Sends an object.
pub(super) async fn send(session: &mut Session<'_>, oid: &BlobId) -> Result<()> {
    let object = lfs::open(session.app, &session.access, oid).await?;
    let mut reader = object.open().await?;
    let output = &mut session.output;
    output.line("status 200").await?;
    output.line(&format!("size={}", object.size_bytes())).await?;
    output.delimiter().await?;
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let count = reader.read(&mut piece).await.map_err(Error::internal)?;
        if count == 0 {
            break;
        }
        output.data(&piece[..count]).await?;
    }
    output.flush().await
}

/// Receives an object: whether it was stored, and whether all of it was read.
pub(super) async fn receive(
    session: &mut Session<'_>,
    oid: &BlobId,
    size_bytes: Option<u64>,
) -> Result<(Result<()>, bool)> {
    let access = session.access.push()?;
    let mut body = Body::new(&mut session.input);
    let stored = lfs::store(session.app, &access, oid, size_bytes, &mut body).await;
    let is_whole = body.skip(super::transfer::MOST_SKIPPED_BYTES).await?;
    Ok((stored.map(drop), is_whole))
}

/// Passes over the rest of a message, at most this much; whether that was all.
pub(super) async fn skip(input: &mut (impl AsyncRead + Unpin), most_bytes: u64) -> Result<bool> {
    Body::new(input).skip(most_bytes).await
}

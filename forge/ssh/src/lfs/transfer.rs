//! `git-lfs-transfer`, version 1 of its protocol: one request after another, until the client quits.

use hearth_app::{Access, App, blobs::BlobId};
use hearth_core::{Action, Error, Kind, Read, Result};
use tokio::io::BufReader;

use super::{
    lock, object,
    packet::{Writer, malformed},
    request::{Request, Verb},
};
use crate::{
    attend::Caller,
    command::{At, LfsPurpose},
    streams::{Input, Output},
};

const BUFFER_BYTES: usize = 64 << 10;
/// As much of an object that is not wanted is still read, so that the client hears why.
pub(super) const MOST_SKIPPED_BYTES: u64 = 16 << 20;

/// A session of a client that was let into the repository.
pub(super) struct Session<'a> {
    pub(super) app: &'a App,
    pub(super) access: Access<Read>,
    pub(super) purpose: LfsPurpose,
    pub(super) input: BufReader<Input>,
    pub(super) output: Writer<'a, Output>,
}

/// Whether the session goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    GoesOn,
    Ends,
}

/// Serves a session until the client quits.
pub(crate) async fn transfer(
    caller: &Caller<'_>,
    at: &At,
    purpose: LfsPurpose,
    input: Input,
    output: &mut Output,
) -> Result<()> {
    let access = at.open(caller).await?;
    if purpose == LfsPurpose::Upload {
        access.push()?;
    }
    let input = BufReader::with_capacity(BUFFER_BYTES, input);
    let app = caller.connection.app();
    let mut session = Session { app, access, purpose, input, output: Writer(output) };
    session.output.line("version=1").await?;
    session.output.line("locking").await?;
    session.output.flush().await?;
    while let Some(request) = Request::read(&mut session.input).await? {
        if session.answer(&request).await? == Next::Ends {
            break;
        }
    }
    Ok(())
}

impl Session<'_> {
    /// Answers one request. An error that the client may be told is its answer; one that leaves it unclear where the next request
    /// begins ends the session.
    async fn answer(&mut self, request: &Request) -> Result<Next> {
        let answered = match &request.verb {
            Verb::Version(number) if number == "1" => self.finish(request).await?.done("status 200").await,
            Verb::Batch => object::batch(self, request).await,
            Verb::GetObject(oid) => self.finish(request).await?.get(oid).await,
            Verb::PutObject(oid) => return self.put(request, oid).await,
            Verb::VerifyObject { oid, size_bytes } => {
                let size = request.argument("size").and_then(|size| size.parse().ok()).or(*size_bytes);
                self.finish(request).await?.verify(oid, size).await
            }
            Verb::Lock => lock::create(self.finish(request).await?, request).await,
            Verb::Unlock(id) => lock::delete(self.finish(request).await?, request, id).await,
            Verb::ListLock => lock::list(self.finish(request).await?, request).await,
            Verb::Quit => {
                self.finish(request).await?.done("status 200").await?;
                return Ok(Next::Ends);
            }
            Verb::Version(_) | Verb::Unknown => {
                self.finish(request).await?;
                Err(Error::field("request", "unknown-choice"))
            }
        };
        match answered {
            Ok(()) => Ok(Next::GoesOn),
            Err(error) => self.refuse(&error).await.map(|()| Next::GoesOn),
        }
    }

    /// Passes over what follows the arguments of a request that needs no more.
    async fn finish(&mut self, request: &Request) -> Result<&mut Self> {
        if request.goes_on && !object::skip(&mut self.input, MOST_SKIPPED_BYTES).await? {
            return Err(malformed());
        }
        Ok(self)
    }

    /// A status alone.
    pub(super) async fn done(&mut self, status: &str) -> Result<()> {
        self.output.line(status).await?;
        self.output.flush().await
    }

    async fn refuse(&mut self, error: &Error) -> Result<()> {
        hearth_http::log(error);
        if let Error::Request(broken) = error {
            return Err(Error::Request(*broken));
        }
        self.output.line(&format!("status {}", hearth_http::status(error).as_u16())).await?;
        self.output.delimiter().await?;
        self.output.line(&hearth_http::message(error)).await?;
        self.output.flush().await
    }

    async fn get(&mut self, oid: &str) -> Result<()> {
        object::send(self, &object_id(oid)?).await
    }

    async fn put(&mut self, request: &Request, oid: &str) -> Result<Next> {
        if !request.goes_on {
            return Err(malformed());
        }
        let size = request.argument("size").and_then(|size| size.parse().ok());
        let received = match (self.purpose, object_id(oid)) {
            (LfsPurpose::Upload, Ok(oid)) => object::receive(self, &oid, size).await,
            (LfsPurpose::Download | LfsPurpose::Lock, _) => {
                Ok((Err(Error::Forbidden(Action::Write)), self.skip_object().await?))
            }
            (_, Err(error)) => Ok((Err(error), self.skip_object().await?)),
        };
        let (stored, is_whole) = received?;
        match stored {
            Ok(()) => self.done("status 200").await?,
            Err(error) => self.refuse(&error).await?,
        }
        // Where the next request begins is unknown if the object was not read to its end.
        Ok(if is_whole { Next::GoesOn } else { Next::Ends })
    }

    pub(super) async fn skip_object(&mut self) -> Result<bool> {
        object::skip(&mut self.input, MOST_SKIPPED_BYTES).await
    }

    async fn verify(&mut self, oid: &str, size_bytes: Option<u64>) -> Result<()> {
        let size_bytes = size_bytes.ok_or_else(|| Error::field("size", "number"))?;
        let oid = BlobId::parse(oid).ok_or(Error::NotFound(Kind::Object))?;
        hearth_app::lfs::verify(self.app, &self.access, &oid, size_bytes).await?;
        self.done("status 200").await
    }
}

fn object_id(oid: &str) -> Result<BlobId> {
    BlobId::parse(oid).ok_or_else(|| Error::field("oid", "malformed"))
}

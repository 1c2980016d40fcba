//! git's own commands, as over HTTP.

use hearth_app::{Access, GitResult as _, access, push, repository};
use hearth_core::{Error, Read, Result, Unit};
use hearth_git::{Bounded, Protocol};
use hearth_words::t;
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use crate::{
    attend::Caller,
    command::At,
    streams::{Input, Output},
};

/// The longest line of the protocol, without its length.
const MOST_LINE_BYTES: usize = 65_516;

impl At {
    /// Enters the repository, under its old name too. What the caller may not see does not exist.
    pub(crate) async fn open(&self, caller: &Caller<'_>) -> Result<Access<Read>> {
        let (app, actor) = (caller.connection.app(), &caller.holder.actor);
        let found = access::locate(app, actor, Unit::Code, self.kind, &self.owner, &self.name).await?;
        Ok(found.into_inner())
    }
}

/// Clone and fetch.
pub(crate) async fn upload_pack(
    caller: &Caller<'_>,
    at: &At,
    protocol: Protocol,
    input: Input,
    output: &mut Output,
) -> Result<()> {
    let app = caller.connection.app();
    let access = at.open(caller).await?;
    let git = repository::git(app, access.repository()).await?;
    let limit = app.limits().fetch();
    git.upload_session(protocol, input, output, limit.most).await.map_git_within(limit)
}

/// Push.
pub(crate) async fn receive_pack(
    caller: &Caller<'_>,
    at: &At,
    protocol: Protocol,
    input: Input,
    output: &mut Output,
) -> Result<()> {
    let app = caller.connection.app();
    let access = at.open(caller).await?.push()?;
    let git = repository::git(app, access.repository()).await?;
    let limit = app.limits().push();
    let gate = caller.connection.gate();
    let ticket = || push::admit(app, gate, access, None, &git);
    let input = Bounded::new(input, limit.most);
    git.receive_session(protocol, input, output, ticket).await.map_git_within(limit)
}

/// Archives are written over HTTP. The line is git's own way to refuse one.
pub(crate) async fn refuse_archive(caller: &Caller<'_>, at: &At, output: &mut Output) -> Result<()> {
    at.open(caller).await?;
    write(output, &format!("NACK {}\n", t!(caller.words, "ssh-archive"))).await;
    Ok(())
}

/// The exit status. An error is a line that git shows to its user.
pub(crate) async fn status(done: Result<()>, output: &mut Output) -> u32 {
    let Err(error) = done else { return 0 };
    hearth_http::log(&error);
    // A client that broke off is told nothing.
    if !matches!(error, Error::Request(_)) {
        write(output, &format!("ERR {}\n", hearth_http::message(&error))).await;
    }
    1
}

/// Writes one line of git's protocol. A client that is gone misses nothing.
async fn write(output: &mut (impl AsyncWrite + Unpin), line: &str) {
    let line = &line.as_bytes()[..line.len().min(MOST_LINE_BYTES)];
    let length = format!("{:04x}", line.len() + 4);
    output.write_all(&[length.as_bytes(), line].concat()).await.ok();
    output.flush().await.ok();
}

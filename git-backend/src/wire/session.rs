//! `upload-pack` and `receive-pack` on a connection that stays open, as over SSH.
//!
//! A client's requests are served one by one, each as over HTTP: it is read completely before it takes a permit, and
//! answered from the same caches. A client that thinks, or stalls, between two requests keeps nobody waiting.

use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufReader};

use super::{
    request::Request,
    service::{BUFFER_BYTES, Protocol, SERVE_TIMEOUT, Service},
};
use crate::{Error, MAX_FRAME_BYTES, PushTicket, Repository, Result, child::ChildOutput};

impl Repository {
    /// Serves a clone or fetch until its client has no more requests, each of at most `most_bytes`.
    pub async fn upload_session(
        &self,
        protocol: Protocol,
        input: impl AsyncRead + Send + Unpin + 'static,
        output: &mut (impl AsyncWrite + Unpin),
        most_bytes: u64,
    ) -> Result<()> {
        if protocol != Protocol::V2 {
            return self.upload_in_one_process(protocol, input, output).await;
        }
        let mut announced = self.announce(Service::UploadPack, protocol).await?;
        pass_on(&mut announced, output).await?;
        let mut input = BufReader::with_capacity(BUFFER_BYTES, input);
        let most_bytes = usize::try_from(most_bytes).unwrap_or(usize::MAX);
        loop {
            if has_ended(&mut input).await? {
                return Ok(());
            }
            let request = Request::commands(&mut input, most_bytes, self.waiting()).await?;
            // An empty request says that the client has what it wanted.
            if !request.has_content() {
                return Ok(());
            }
            pass_on(&mut self.serve_fetch(protocol, request).await?, output).await?;
        }
    }

    /// Before version 2, a request refers to the earlier ones, so one process has to hear all of them.
    async fn upload_in_one_process(
        &self,
        protocol: Protocol,
        input: impl AsyncRead + Send + Unpin + 'static,
        output: &mut (impl AsyncWrite + Unpin),
    ) -> Result<()> {
        let name = Service::UploadPack.subcommand();
        let mut command = self.store.program.command(self.path(), name);
        if let Some(version) = protocol.variable() {
            command.env("GIT_PROTOCOL", version);
        }
        self.store.packs.enter(self.id(), &mut command);
        self.store.packs.tidy();
        command.arg(".");
        let permit = self.store.wire_permit().await?;
        let mut answer = ChildOutput::spawn_with_input(command, name, permit, SERVE_TIMEOUT, input)?;
        pass_on(&mut answer, output).await
    }

    /// Serves a push. The ticket is asked for once the client has said which references are to move.
    pub async fn receive_session(
        &self,
        protocol: Protocol,
        input: impl AsyncRead + Send + Unpin + 'static,
        output: &mut (impl AsyncWrite + Unpin),
        ticket: impl FnOnce() -> PushTicket,
    ) -> Result<()> {
        let mut announced = self.announce(Service::ReceivePack, protocol).await?;
        pass_on(&mut announced, output).await?;
        let mut input = BufReader::with_capacity(BUFFER_BYTES, input);
        if has_ended(&mut input).await? {
            return Ok(());
        }
        let commands = Request::commands(&mut input, MAX_FRAME_BYTES, self.waiting()).await?;
        // Everything is up to date.
        if !commands.has_content() {
            return Ok(());
        }
        // The client may compress for minutes before it sends anything.
        if commands.precedes_pack() && has_ended(&mut input).await? {
            return Err(Error::Malformed("the pack is missing"));
        }
        pass_on(&mut self.serve_push(protocol, commands, input, ticket()).await?, output).await
    }
}

/// Waits for the client's next bytes; whether there are none.
async fn has_ended(input: &mut BufReader<impl AsyncRead + Unpin>) -> Result<bool> {
    Ok(input.fill_buf().await.map_err(Error::from_io)?.is_empty())
}

async fn pass_on(
    answer: &mut (impl AsyncRead + Unpin),
    output: &mut (impl AsyncWrite + Unpin),
) -> Result<()> {
    let mut answer = BufReader::with_capacity(BUFFER_BYTES, answer);
    tokio::io::copy_buf(&mut answer, output).await.map_err(Error::from_io)?;
    output.flush().await.map_err(Error::from_io)
}

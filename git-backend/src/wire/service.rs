//! `upload-pack` and `receive-pack` for stateless transports.

use std::{io::Cursor, time::Duration};

use tokio::io::{AsyncRead, AsyncReadExt as _, BufReader};

use super::request::{Request, Waiting};
use crate::{
    Error, MAX_FRAME_BYTES, PushTicket, Repository, Result,
    child::ChildOutput,
    program::{Bounds, output},
};

/// The two services of the git protocol. There are no others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Clone and fetch.
    UploadPack,
    /// Push.
    ReceivePack,
}

impl Service {
    /// Parses the name that clients use: `git-upload-pack` or `git-receive-pack`.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "git-upload-pack" => Some(Self::UploadPack),
            "git-receive-pack" => Some(Self::ReceivePack),
            _ => None,
        }
    }

    /// The name that clients use.
    pub fn name(self) -> &'static str {
        match self {
            Self::UploadPack => "git-upload-pack",
            Self::ReceivePack => "git-receive-pack",
        }
    }

    pub(super) fn subcommand(self) -> &'static str {
        match self {
            Self::UploadPack => "upload-pack",
            Self::ReceivePack => "receive-pack",
        }
    }
}

/// The version of the protocol that the client asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Protocol {
    /// Used by old clients.
    #[default]
    V0,
    /// Version 0 with an explicit announcement.
    V1,
    /// Used by clients since 2018.
    V2,
}

impl Protocol {
    /// Parses the header `Git-Protocol` or the variable `GIT_PROTOCOL`: the highest version it names.
    /// Everything else is dropped, so nothing unchecked reaches git.
    pub fn from_header(header: Option<&str>) -> Self {
        let asked = header.unwrap_or_default().split(':').map(str::trim);
        asked
            .map(|part| match part {
                "version=2" => Self::V2,
                "version=1" => Self::V1,
                _ => Self::V0,
            })
            .max_by_key(|version| *version as u8)
            .unwrap_or_default()
    }

    pub(super) fn variable(self) -> Option<&'static str> {
        match self {
            Self::V0 => None,
            Self::V1 => Some("version=1"),
            Self::V2 => Some("version=2"),
        }
    }
}

/// Limits on git announcing its capabilities.
const CAPABILITIES: Bounds = Bounds { time: Duration::from_mins(2), bytes: 64 << 10 };
/// How long one clone, fetch or push may take.
pub(super) const SERVE_TIMEOUT: Duration = Duration::from_hours(6);
pub(super) const BUFFER_BYTES: usize = 64 << 10;

impl Repository {
    /// The answer to `GET info/refs?service=…`, including the line that names the service. There may be many
    /// references, so they are streamed.
    pub async fn advertise(
        &self,
        service: Service,
        protocol: Protocol,
    ) -> Result<Box<dyn AsyncRead + Send + Unpin>> {
        let announced = self.announce(service, protocol).await?;
        // In version 2, a fetch is announced without the line.
        if service == Service::UploadPack && protocol == Protocol::V2 {
            return Ok(announced);
        }
        let line = format!("# service={}\n", service.name());
        let line = format!("{:04x}{line}0000", line.len() + 4);
        Ok(Box::new(Cursor::new(line.into_bytes()).chain(announced)))
    }

    /// What git says first: capabilities, and references unless the client asks for them itself.
    pub(super) async fn announce(
        &self,
        service: Service,
        protocol: Protocol,
    ) -> Result<Box<dyn AsyncRead + Send + Unpin>> {
        // The capabilities of version 2 do not depend on the repository, so git is asked only once.
        if service == Service::UploadPack && protocol == Protocol::V2 {
            return Ok(Box::new(Cursor::new(self.capabilities().await?)));
        }
        let permit = self.store.wire_permit().await?;
        let command = self.advertising(service, protocol);
        let mut references = ChildOutput::spawn(command, service.subcommand(), permit, SERVE_TIMEOUT)?;
        references.must_succeed();
        references.fill().await?;
        Ok(Box::new(references))
    }

    async fn capabilities(&self) -> Result<Vec<u8>> {
        let cached = &self.store.caches.capabilities;
        if let Some(known) = cached.get() {
            return Ok(known.clone());
        }
        let _permit = self.store.command_permit().await?;
        let command = self.advertising(Service::UploadPack, Protocol::V2);
        let capabilities = output(command, Service::UploadPack.subcommand(), None, CAPABILITIES).await?;
        Ok(cached.get_or_init(|| capabilities).clone())
    }

    fn advertising(&self, service: Service, protocol: Protocol) -> tokio::process::Command {
        let mut command = self.command(service, protocol);
        command.args(["--http-backend-info-refs", "."]);
        command
    }

    /// Serves a clone or fetch: `input` is the request, which is read completely before it takes a permit;
    /// the result is the streamed answer. It returns when the answer begins, so that an earlier error can
    /// still be reported.
    pub async fn upload_pack(
        &self,
        protocol: Protocol,
        mut input: impl AsyncRead + Send + Unpin,
    ) -> Result<ChildOutput> {
        self.serve_fetch(protocol, Request::whole(&mut input, self.waiting()).await?).await
    }

    /// Answers one request of a clone or fetch.
    pub(super) async fn serve_fetch(&self, protocol: Protocol, request: Request) -> Result<ChildOutput> {
        let request = request.into_reader().await?;
        let mut command = self.command(Service::UploadPack, protocol);
        self.store.packs.enter(self.id(), &mut command);
        self.store.packs.tidy();
        self.serve(Service::UploadPack, command, request).await
    }

    /// Serves a push, which takes a permit once it is known which references are to move. The ticket says who
    /// is pushing; see [`crate::PushGate`].
    pub async fn receive_pack(
        &self,
        protocol: Protocol,
        input: impl AsyncRead + Send + Unpin + 'static,
        ticket: PushTicket,
    ) -> Result<ChildOutput> {
        let mut input = BufReader::with_capacity(BUFFER_BYTES, input);
        let commands = Request::commands(&mut input, MAX_FRAME_BYTES, self.waiting()).await?;
        self.serve_push(protocol, commands, input, ticket).await
    }

    /// Serves a push whose commands were read; `input` is what follows them.
    pub(super) async fn serve_push(
        &self,
        protocol: Protocol,
        commands: Request,
        input: impl AsyncRead + Send + Unpin + 'static,
        ticket: PushTicket,
    ) -> Result<ChildOutput> {
        let input = commands.into_reader().await?.chain(input);
        let writing = self.shared.enter_writers();
        let mut command = self.command(Service::ReceivePack, protocol);
        ticket.enter(&mut command);
        let mut answer = self.serve(Service::ReceivePack, command, input).await?;
        answer.keep(ticket, writing);
        Ok(answer)
    }

    pub(super) fn waiting(&self) -> Waiting<'_> {
        Waiting { folder: self.store.requests_folder(), places: &self.store.requests }
    }

    fn command(&self, service: Service, protocol: Protocol) -> tokio::process::Command {
        let mut command = self.store.program.command(self.path(), service.subcommand());
        command.arg("--stateless-rpc");
        if let Some(version) = protocol.variable() {
            command.env("GIT_PROTOCOL", version);
        }
        command
    }

    async fn serve(
        &self,
        service: Service,
        mut command: tokio::process::Command,
        input: impl AsyncRead + Send + Unpin + 'static,
    ) -> Result<ChildOutput> {
        let permit = self.store.wire_permit().await?;
        command.arg(".");
        let name = service.subcommand();
        let mut answer = ChildOutput::spawn_with_input(command, name, permit, SERVE_TIMEOUT, input)?;
        if service == Service::ReceivePack {
            answer.end_by_itself();
        }
        match answer.fill().await {
            Ok(()) => Ok(answer),
            Err(Error::Git { stderr, .. }) if is_refusal(&stderr) => {
                tracing::debug!(git.command = name, complaint = stderr, "git refused a request");
                Err(Error::Malformed("git does not understand the request"))
            }
            Err(error) => Err(error),
        }
    }
}

/// Whether git failed because of what the client sent. Only git's messages tell.
fn is_refusal(complaint: &str) -> bool {
    const WORDS: [&str; 9] = [
        "protocol error",
        "bad line length",
        "hung up unexpectedly",
        "not our ref",
        "unknown capability",
        "invalid command",
        "unexpected line",
        "expected flush",
        "no command specified",
    ];
    WORDS.iter().any(|words| complaint.contains(words))
}

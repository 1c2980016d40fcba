use std::{sync::Arc, time::Duration};

use hearth_app::{ClientAddress, push, ssh_key, testing::TestHearth};
use hearth_core::SystemRandomSource;
use hearth_http::patience::Pace;
use hearth_ssh::{HostKey, HostKeyKind, SshServer, SshSettings};
use russh::{
    Channel, ChannelMsg,
    client::{self, Handle, Msg},
    keys::{PrivateKey, PrivateKeyWithHashAlg, PublicKeyOrCertificate},
};
use tokio::{io::DuplexStream, sync::watch, task::JoinHandle};

const PIPE_BYTES: usize = 64 << 10;

/// The server's side of a test: Hearth, and SSH in front of it.
pub(crate) struct Site {
    pub(crate) hearth: TestHearth,
    pub(crate) stop: watch::Sender<bool>,
    server: SshServer,
    _folder: tempfile::TempDir,
}

/// A client that takes every server for the right one.
pub(crate) struct Trusting;

impl client::Handler for Trusting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _key: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        Ok(true)
    }
}

/// What a command did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) out: Vec<u8>,
    pub(crate) err: String,
    pub(crate) status: Option<u32>,
}

pub(crate) fn settings() -> SshSettings {
    let minute = Duration::from_secs(60);
    SshSettings {
        login: minute,
        login_attempts: 3,
        channels: 2,
        idle: minute,
        pace: Pace::new(minute, 1),
        window_bytes: 1 << 20,
        rekey_bytes: 1 << 20,
        rekey: minute,
        ticket: minute,
    }
}

impl Site {
    pub(crate) async fn new() -> Self {
        Self::with(settings()).await
    }

    pub(crate) async fn with(settings: SshSettings) -> Self {
        let hearth = TestHearth::new().await;
        let folder = tempfile::tempdir().expect("a folder");
        let gate = push::listen(&hearth.app, &folder.path().join("push.sock")).expect("the gate opens");
        let keys = vec![HostKey::make(HostKeyKind::Ed25519, &SystemRandomSource).expect("a key")];
        let server = SshServer::new(&hearth.app, Arc::new(gate), settings, keys);
        Self { hearth, stop: watch::channel(false).0, server, _folder: folder }
    }

    /// A connection: the client's end of it, and the task that serves it.
    pub(crate) fn connect(&self) -> (DuplexStream, JoinHandle<()>) {
        let (here, there) = tokio::io::duplex(PIPE_BYTES);
        let (server, stopping) = (self.server.clone(), self.stop.subscribe());
        let serving = tokio::spawn(async move {
            server.serve(there, ClientAddress::default(), stopping, |_| {}).await;
        });
        (here, serving)
    }

    /// A key that belongs to this person.
    pub(crate) async fn key_of(&self, name: &str) -> PrivateKey {
        let key = new_key();
        let line = key.public_key().to_openssh().expect("a line");
        let actor = self.hearth.actor(name).await;
        ssh_key::add(&self.hearth.app, &actor, "laptop", &line).await.expect("a good key");
        key
    }

    /// A client that has signed in with this key.
    pub(crate) async fn signed_in(&self, key: &PrivateKey) -> (Handle<Trusting>, JoinHandle<()>) {
        let (stream, serving) = self.connect();
        let mut client = open(stream).await;
        assert!(is_let_in(&mut client, "git", key).await, "the key is known");
        (client, serving)
    }
}

pub(crate) fn new_key() -> PrivateKey {
    let key = HostKey::make(HostKeyKind::Ed25519, &SystemRandomSource).and_then(|key| key.to_text());
    PrivateKey::from_openssh(key.expect("a key")).expect("the same key")
}

pub(crate) async fn open(stream: DuplexStream) -> Handle<Trusting> {
    client::connect_stream(Arc::default(), stream, Trusting).await.expect("a connection")
}

pub(crate) async fn is_let_in(client: &mut Handle<Trusting>, name: &str, key: &PrivateKey) -> bool {
    let key = PrivateKeyWithHashAlg::new(Arc::new(key.clone()), None);
    client.authenticate_publickey(name, key).await.is_ok_and(|result| result.success())
}

/// Runs a command that gets this input.
pub(crate) async fn run(client: &Handle<Trusting>, line: &str, input: &[u8]) -> Done {
    let channel = client.channel_open_session().await.expect("a channel");
    channel.exec(true, line).await.expect("it is sent");
    channel.data(input).await.expect("it is sent");
    channel.eof().await.expect("it is sent");
    result(channel).await
}

pub(crate) async fn result(mut channel: Channel<Msg>) -> Done {
    let mut done = Done::default();
    while let Some(message) = channel.wait().await {
        match message {
            ChannelMsg::Data { data } => done.out.extend_from_slice(&data),
            ChannelMsg::ExtendedData { data, .. } => done.err.push_str(&String::from_utf8_lossy(&data)),
            ChannelMsg::ExitStatus { exit_status } => done.status = Some(exit_status),
            _ => {}
        }
    }
    done
}

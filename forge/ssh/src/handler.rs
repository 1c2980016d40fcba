//! What the library asks while a connection is open: who is let in, and what may be done. What it does not ask about, such as
//! passwords, forwarding and agents, is refused by default.

use std::sync::Arc;

use hearth_app::key_holder;
use hearth_core::chain;
use russh::{
    Channel, ChannelId, ChannelOpenFailure, Pty,
    keys::{Algorithm, HashAlg, PublicKey},
    server::{self, Auth, ChannelOpenHandle, Msg, PublicKeyOffer, Session, VerifiedPublicKey},
};

use crate::{algorithms, attend, connection::Connection};

/// The name under which everybody comes; the key says who it is.
const NAME: &str = "git";
/// The only variable of the environment that is heard: it chooses the version of git's protocol.
pub(crate) const PROTOCOL_VARIABLE: &str = "GIT_PROTOCOL";

pub(crate) struct Handler {
    connection: Arc<Connection>,
}

type Outcome<T> = Result<T, russh::Error>;

impl Handler {
    pub(crate) fn new(connection: Arc<Connection>) -> Self {
        Self { connection }
    }

    /// Whom a proven key lets in, if anybody.
    async fn let_in(&self, key: &PublicKey) -> Auth {
        let connection = &self.connection;
        let fingerprint = key.fingerprint(HashAlg::Sha256).to_string();
        let found = key_holder::authenticate(connection.app(), &fingerprint);
        match connection.client.work(found).await {
            Ok(Some(holder)) => {
                connection.sign_in(holder);
                Auth::Accept
            }
            Ok(None) => Auth::reject(),
            Err(error) => {
                tracing::error!(error = %chain(&error), "a key could not be looked up");
                Auth::reject()
            }
        }
    }
}

fn is_possible(name: &str, key: &PublicKey, algorithm: &Algorithm) -> bool {
    name == NAME && algorithms::is_accepted(key, algorithm)
}

impl server::Handler for Handler {
    type Error = russh::Error;

    /// Every strong key may be proved: only then is it looked up, so that nobody finds out whose keys are known.
    async fn auth_publickey_offered(&mut self, name: &str, offer: PublicKeyOffer<'_>) -> Outcome<Auth> {
        let is_possible = is_possible(name, offer.public_key, offer.algorithm);
        Ok(if is_possible { Auth::Accept } else { Auth::reject() })
    }

    async fn auth_publickey(&mut self, name: &str, key: VerifiedPublicKey<'_>) -> Outcome<Auth> {
        if !is_possible(name, key.public_key, key.algorithm) {
            return Ok(Auth::reject());
        }
        Ok(self.let_in(key.public_key).await)
    }

    async fn channel_open_session(
        &mut self,
        channel: Channel<Msg>,
        reply: ChannelOpenHandle,
        session: &mut Session,
    ) -> Outcome<()> {
        let connection = Arc::clone(&self.connection);
        let place = Arc::clone(&connection.channels).try_acquire_owned();
        let (false, Ok(place)) = (connection.is_ending(), place) else {
            reply.reject(ChannelOpenFailure::ResourceShortage).await;
            return Ok(());
        };
        reply.accept().await;
        let handle = session.handle();
        let commands = connection.commands.clone();
        commands.spawn(async move {
            attend::attend(connection, channel, handle).await;
            drop(place);
        });
        Ok(())
    }

    async fn env_request(
        &mut self,
        channel: ChannelId,
        name: &str,
        _value: &str,
        session: &mut Session,
    ) -> Outcome<()> {
        if name == PROTOCOL_VARIABLE {
            session.channel_success(channel)
        } else {
            session.channel_failure(channel)
        }
    }

    async fn exec_request(&mut self, channel: ChannelId, _line: &[u8], session: &mut Session) -> Outcome<()> {
        session.channel_success(channel)
    }

    async fn shell_request(&mut self, channel: ChannelId, session: &mut Session) -> Outcome<()> {
        session.channel_success(channel)
    }

    async fn subsystem_request(
        &mut self,
        channel: ChannelId,
        _name: &str,
        session: &mut Session,
    ) -> Outcome<()> {
        session.channel_failure(channel)
    }

    async fn pty_request(
        &mut self,
        channel: ChannelId,
        _terminal: &str,
        _columns: u32,
        _rows: u32,
        _width: u32,
        _height: u32,
        _modes: &[(Pty, u32)],
        session: &mut Session,
    ) -> Outcome<()> {
        session.channel_failure(channel)
    }

    async fn x11_request(
        &mut self,
        channel: ChannelId,
        _is_single: bool,
        _protocol: &str,
        _cookie: &str,
        _screen: u32,
        session: &mut Session,
    ) -> Outcome<()> {
        session.channel_failure(channel)
    }
}

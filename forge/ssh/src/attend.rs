//! One channel: what the client asks for on it, and the command that answers.

use std::sync::Arc;

use hearth_app::key_holder;
use hearth_core::{Error, Result};
use hearth_git::{Holder, Protocol};
use hearth_http::patience::Pace;
use hearth_words::{Words, t};
use russh::{
    Channel, ChannelMsg,
    server::{Handle, Msg},
};
use tokio::time;

use crate::{
    command::{BadLine, Command},
    connection::Connection,
    git, greeting,
    handler::PROTOCOL_VARIABLE,
    lfs,
    streams::{Input, Output, Streams},
};

/// The code of the messages that `ssh` writes to its standard error.
const STANDARD_ERROR: u32 = 1;
/// A client that is silent is waited for as long as it is set; one that trickles is not waited for much longer.
const SLOWEST_INPUT_BYTES_PER_SECOND: u32 = 64;

/// What a client wants.
enum Asked {
    Line(Vec<u8>),
    /// A login without a command.
    Shell,
}

/// Who asks, and in which words they are answered.
pub(crate) struct Caller<'a> {
    pub(crate) connection: &'a Connection,
    pub(crate) holder: key_holder::KeyHolder,
    pub(crate) words: Words,
}

/// Waits for a command, and runs it.
pub(crate) async fn attend(connection: Arc<Connection>, mut channel: Channel<Msg>, handle: Handle) {
    let id = channel.id();
    let Some((asked, protocol)) = await_command(&connection, &mut channel).await else {
        handle.close(id).await.ok();
        return;
    };
    let settings = connection.settings();
    let messages = Output::new(channel.make_writer_ext(Some(STANDARD_ERROR)), settings.pace);
    let (input, output) = tokio::io::split(channel.into_stream());
    let input = Input::new(input, Pace::new(settings.idle, SLOWEST_INPUT_BYTES_PER_SECOND));
    let mut streams = Streams { input, output: Output::new(output, settings.pace), messages };
    let working = connection.work();
    let status = answer(&connection, asked, protocol, &mut streams).await;
    drop(working);
    handle.exit_status_request(id, status).await.ok();
    handle.eof(id).await.ok();
    handle.close(id).await.ok();
}

/// What is asked for; none: the client has gone, or waits for something else.
async fn await_command(connection: &Connection, channel: &mut Channel<Msg>) -> Option<(Asked, Protocol)> {
    let mut protocol = Protocol::default();
    let asked = async {
        loop {
            match channel.wait().await? {
                ChannelMsg::Exec { command, .. } => return Some(Asked::Line(command)),
                ChannelMsg::RequestShell { .. } => return Some(Asked::Shell),
                ChannelMsg::SetEnv { variable_name, variable_value, .. }
                    if variable_name == PROTOCOL_VARIABLE =>
                {
                    protocol = Protocol::from_header(Some(&variable_value));
                }
                ChannelMsg::Close => return None,
                // What was refused, and what was sent before there is anybody to hear it.
                _ => {}
            }
        }
    };
    let asked = time::timeout(connection.settings().login, asked).await.ok().flatten()?;
    Some((asked, protocol))
}

/// The exit status.
async fn answer(connection: &Connection, asked: Asked, protocol: Protocol, streams: &mut Streams) -> u32 {
    // The key may have been removed since the connection began.
    let holder = match connection.holder() {
        Some(holder) => key_holder::find(connection.app(), holder.key).await,
        None => Ok(None),
    };
    let holder = match holder {
        Ok(Some(holder)) => holder,
        Ok(None) => return refuse(streams, &Error::SignInRequired).await,
        Err(error) => return refuse(streams, &error).await,
    };
    let words = Words::of(holder.language().unwrap_or_default());
    let holders = vec![Holder::address(connection.client.network())];
    let caller = Caller { connection, holder, words };
    let work = async {
        caller.holder.actor.charge_account();
        match asked {
            Asked::Shell => {
                streams.say(&greeting::line(&caller)).await;
                0
            }
            Asked::Line(line) => match Command::parse(&line) {
                Ok(command) => caller.run_and_log(command, protocol, streams).await,
                Err(BadLine::Command) => {
                    streams.say(t!(words, "ssh-command-unknown")).await;
                    1
                }
                Err(BadLine::Path | BadLine::Rest) => {
                    streams.say(t!(words, "ssh-command-malformed")).await;
                    1
                }
            },
        }
    };
    Box::pin(connection.client.work(hearth_git::on_behalf_of(holders, work))).await
}

impl Caller<'_> {
    async fn run_and_log(&self, command: Command, protocol: Protocol, streams: &mut Streams) -> u32 {
        let begun = time::Instant::now();
        let (name, at) = (command.name(), command.at().clone());
        let status = self.run(command, protocol, streams).await;
        tracing::debug!(
            client.address = %self.connection.client,
            user.id = ?self.holder.actor.user_id().map(|id| id.0),
            repo = format!("{}/{}", at.owner, at.name),
            command = name,
            status,
            elapsed_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
            "an SSH command has ended"
        );
        status
    }

    async fn run(&self, command: Command, protocol: Protocol, streams: &mut Streams) -> u32 {
        let input = std::mem::replace(
            &mut streams.input,
            Input::new(tokio::io::empty(), self.connection.settings().pace),
        );
        let output = &mut streams.output;
        let done: Result<()> = match command {
            Command::UploadPack(at) => {
                let done = Box::pin(git::upload_pack(self, &at, protocol, input, output)).await;
                return git::status(done, output).await;
            }
            Command::ReceivePack(at) => {
                let done = Box::pin(git::receive_pack(self, &at, protocol, input, output)).await;
                return git::status(done, output).await;
            }
            Command::UploadArchive(at) => git::refuse_archive(self, &at, output).await,
            Command::LfsAuthenticate(at, purpose) => lfs::authenticate(self, &at, purpose, output).await,
            Command::LfsTransfer(at, purpose) => {
                Box::pin(lfs::transfer(self, &at, purpose, input, output)).await
            }
        };
        match done {
            Ok(()) => 0,
            Err(error) => refuse(streams, &error).await,
        }
    }
}

/// Says what is wrong, in the words that HTTP uses.
async fn refuse(streams: &mut Streams, error: &Error) -> u32 {
    hearth_http::log(error);
    streams.say(&hearth_http::message(error)).await;
    1
}

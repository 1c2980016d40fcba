//! One connection from its beginning to its end.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use hearth_app::{
    App, Change, ClientAddress,
    key_holder::{self, KeyHolder},
    push::Gate,
};
use russh::{Disconnect, server::Config};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{Semaphore, watch},
    time,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{HostKey, SshSettings, algorithms, cut::CutStream, handler::Handler};

/// Serves connections. Cheap to clone.
#[derive(Clone)]
pub struct SshServer(Arc<Inner>);

struct Inner {
    app: App,
    gate: Arc<Gate>,
    settings: SshSettings,
    config: Arc<Config>,
}

/// What the commands of a connection share.
pub(crate) struct Connection {
    server: SshServer,
    pub(crate) client: ClientAddress,
    holder: Mutex<Option<KeyHolder>>,
    is_ending: AtomicBool,
    /// The commands that run or are awaited.
    pub(crate) commands: TaskTracker,
    pub(crate) channels: Arc<Semaphore>,
    running: AtomicUsize,
    set_busy: Box<dyn Fn(bool) + Send + Sync>,
}

impl SshServer {
    /// Pushes are checked through `gate`, which is that of the pushes over HTTP.
    pub fn new(app: &App, gate: Arc<Gate>, settings: SshSettings, keys: Vec<HostKey>) -> Self {
        let config = algorithms::config(&settings, keys);
        Self(Arc::new(Inner { app: app.clone(), gate, settings, config }))
    }

    /// Serves one connection until it has ended and its commands too. Once `stopping` is true, running commands go on and new
    /// ones are refused; dropping the future cuts the connection. `set_busy` hears whether a command is running.
    pub async fn serve(
        &self,
        stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
        client: ClientAddress,
        mut stopping: watch::Receiver<bool>,
        set_busy: impl Fn(bool) + Send + Sync + 'static,
    ) {
        let Inner { app, settings, config, .. } = &*self.0;
        let cut = CancellationToken::new();
        let _cut_when_dropped = cut.clone().drop_guard();
        let connection = Arc::new(Connection {
            server: self.clone(),
            client,
            holder: Mutex::default(),
            is_ending: AtomicBool::new(false),
            commands: TaskTracker::new(),
            channels: Arc::new(Semaphore::new(settings.channels)),
            running: AtomicUsize::new(0),
            set_busy: Box::new(set_busy),
        });
        // Before the database is asked who has a key, so that no change is missed.
        let mut news = app.changes().listen();
        let stream = CutStream::new(stream, cut.clone());
        let handler = Handler::new(Arc::clone(&connection));
        let login = time::sleep(settings.login);
        tokio::pin!(login);
        let session = tokio::select! {
            begun = russh::server::run_stream(Arc::clone(config), stream, handler) => match begun {
                Ok(session) => session,
                Err(error) => return tracing::debug!(error = %error, "an SSH connection did not begin"),
            },
            () = &mut login => return tracing::debug!("an SSH client did not say who it is"),
        };
        let handle = session.handle();
        tokio::pin!(session);
        let (mut is_late, mut is_told) = (false, false);
        loop {
            tokio::select! {
                ended = &mut session => {
                    if let Err(error) = ended {
                        tracing::debug!(error = %error, "an SSH connection ended early");
                    }
                    break;
                }
                () = &mut login, if !is_late => {
                    is_late = true;
                    if !connection.is_signed_in() {
                        cut.cancel();
                    }
                }
                change = news.next() => if !connection.survives(change).await {
                    tracing::info!(client.address = %client, "an SSH connection was cut: its key is no longer valid");
                    cut.cancel();
                },
                () = stop_asked(&mut stopping), if !connection.is_ending() => {
                    connection.is_ending.store(true, Ordering::Release);
                    connection.commands.close();
                }
                () = connection.commands.wait(), if connection.is_ending() && !is_told => {
                    is_told = true;
                    handle.disconnect(Disconnect::ByApplication, "the server is stopping".into(), "en".into()).await.ok();
                }
            }
        }
        connection.is_ending.store(true, Ordering::Release);
        connection.commands.close();
        connection.commands.wait().await;
    }
}

/// Waits until the server stops. What it looks at is locked and must not be held any longer.
async fn stop_asked(stopping: &mut watch::Receiver<bool>) {
    stopping.wait_for(|is_stopping| *is_stopping).await.ok();
}

impl Connection {
    pub(crate) fn app(&self) -> &App {
        &self.server.0.app
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.server.0.gate
    }

    pub(crate) fn settings(&self) -> &SshSettings {
        &self.server.0.settings
    }

    pub(crate) fn sign_in(&self, holder: KeyHolder) {
        *self.holder.lock().unwrap_or_else(PoisonError::into_inner) = Some(holder);
    }

    /// Who has proved to have a key.
    pub(crate) fn holder(&self) -> Option<KeyHolder> {
        self.holder.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn is_signed_in(&self) -> bool {
        self.holder.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// No command begins any more.
    pub(crate) fn is_ending(&self) -> bool {
        self.is_ending.load(Ordering::Acquire)
    }

    /// Whether the key still lets its holder in after this change; none: something unknown has changed. A database that does
    /// not answer ends no connection.
    async fn survives(&self, change: Option<Change>) -> bool {
        let Some(holder) = self.holder() else { return true };
        let is_concerned = match change {
            None | Some(Change::Keys) => true,
            Some(Change::Repository(id)) => holder.repository_id() == Some(id),
            Some(_) => false,
        };
        !is_concerned || !matches!(key_holder::find(self.app(), holder.key).await, Ok(None))
    }

    /// Marks the connection as busy until the guard is dropped.
    pub(crate) fn work(&self) -> Working<'_> {
        if self.running.fetch_add(1, Ordering::AcqRel) == 0 {
            (self.set_busy)(true);
        }
        Working(self)
    }
}

/// A command that is running.
pub(crate) struct Working<'a>(&'a Connection);

impl Drop for Working<'_> {
    fn drop(&mut self) {
        if self.0.running.fetch_sub(1, Ordering::AcqRel) == 1 {
            (self.0.set_busy)(false);
        }
    }
}

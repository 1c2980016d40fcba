use std::time::{Duration, Instant};

use hearth_core::Reason;
use tokio::sync::watch;

/// A request to end the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StopRequest {
    pub(crate) reason: Reason,
    pub(crate) grace: Duration,
}

/// Shared by everyone who may end the run: the first reason counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stopper(watch::Sender<State>);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    request: Option<StopRequest>,
    is_gone: bool,
    leaving_since: Option<Instant>,
}

impl Stopper {
    pub(crate) fn request(&self, reason: Reason, grace: Duration) {
        self.0.send_if_modified(|state| {
            let is_first = state.request.is_none();
            state.request.get_or_insert(StopRequest { reason, grace });
            is_first
        });
    }

    /// The server has no use for this attempt any more: stop now, and send nothing.
    pub(crate) fn gone(&self) {
        self.0.send_modify(|state| state.is_gone = true);
    }

    /// The agent itself was asked to end on this machine: it no longer waits long for a server.
    pub(crate) fn leave(&self) {
        self.0
            .send_modify(|state| state.leaving_since = state.leaving_since.or_else(|| Some(Instant::now())));
    }

    pub(crate) fn leaving_since(&self) -> Option<Instant> {
        self.0.borrow().leaving_since
    }

    /// Waits until the agent is told to leave.
    pub(crate) async fn wait_to_leave(&self) {
        let mut news = self.0.subscribe();
        let _ = news.wait_for(|state| state.leaving_since.is_some()).await;
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.0.borrow().is_gone
    }

    pub(crate) fn requested(&self) -> Option<StopRequest> {
        self.0.borrow().request
    }

    /// Waits for a stop request, or for the attempt to be gone.
    pub(crate) async fn wait(&self) -> StopRequest {
        let mut news = self.0.subscribe();
        let state = news.wait_for(|state| state.is_gone || state.request.is_some()).await;
        let request = state.ok().and_then(|state| state.request.filter(|_| !state.is_gone));
        request.unwrap_or(StopRequest { reason: Reason::PlatformFault, grace: Duration::ZERO })
    }

    pub(crate) async fn wait_until_gone(&self) {
        let mut news = self.0.subscribe();
        let _ = news.wait_for(|state| state.is_gone).await;
    }
}

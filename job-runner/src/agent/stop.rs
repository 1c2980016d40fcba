use std::time::Duration;

use hearth_core::Reason;
use tokio::sync::watch;

/// Someone wants the program to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StopRequest {
    pub(crate) reason: Reason,
    pub(crate) grace: Duration,
}

/// Where everyone who may end the run meets: the first reason is the one that counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stopper(watch::Sender<State>);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    request: Option<StopRequest>,
    is_gone: bool,
}

impl Stopper {
    pub(crate) fn request(&self, reason: Reason, grace: Duration) {
        self.0.send_if_modified(|state| {
            let is_first = state.request.is_none();
            state.request.get_or_insert(StopRequest { reason, grace });
            is_first
        });
    }

    /// The server has no use for this attempt any more: end now, and send nothing.
    pub(crate) fn gone(&self) {
        self.0.send_modify(|state| state.is_gone = true);
    }

    pub(crate) fn is_gone(&self) -> bool {
        self.0.borrow().is_gone
    }

    pub(crate) fn requested(&self) -> Option<StopRequest> {
        self.0.borrow().request
    }

    /// Waits for a request, or for the attempt to be gone.
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

//! An operation that has started runs to completion, whatever its client does.
//!
//! A request that may change something is executed in a task of its own. A client that hangs up only loses
//! the response, and a server that stops waits for running operations. If a client leaves while its body is
//! still being sent, the body ends in an error, which the handler treats like any other. An operation holds
//! the place of its connection while it runs, so that hanging up frees nothing.

use std::{convert::Infallible, panic::AssertUnwindSafe, time::Duration};

use axum::{
    Json,
    extract::{Request, State},
    http::{Method, StatusCode, Uri},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::FutureExt as _;
use serde_json::json;
use tokio::{sync::mpsc, time};
use tokio_util::task::TaskTracker;

/// Held by every request of a connection and the operations it started; the connection's place is freed after
/// the last.
#[derive(Clone, Debug)]
pub(crate) struct Held(#[expect(dead_code, reason = "it is held, and dropped")] mpsc::Sender<Infallible>);

/// The other end of [`Held`].
#[derive(Debug)]
pub(crate) struct Released(mpsc::Receiver<Infallible>);

pub(crate) fn hold() -> (Held, Released) {
    let (sender, receiver) = mpsc::channel(1);
    (Held(sender), Released(receiver))
}

impl Released {
    /// Waits until the last one is gone.
    pub(crate) async fn wait(mut self) {
        self.0.recv().await;
    }
}

/// The running operations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Operations(TaskTracker);

impl Operations {
    /// Waits for all, at most this long. No new operation starts.
    pub(crate) async fn end(&self, grace: Duration) {
        self.0.close();
        if time::timeout(grace, self.0.wait()).await.is_err() {
            tracing::warn!(
                running = self.0.len(),
                "operations were still running at the end of the grace period"
            );
        }
    }
}

pub(crate) async fn layer(State(operations): State<Operations>, request: Request, next: Next) -> Response {
    let is_operation = may_change(request.method(), request.uri());
    let held = request.extensions().get::<Held>().cloned();
    let answer = async move {
        let response = AssertUnwindSafe(next.run(request)).catch_unwind().await;
        drop(held);
        response.unwrap_or_else(|_| refused("a handler stopped at a fault"))
    };
    if is_operation {
        operations.0.spawn(answer).await.unwrap_or_else(|_| refused("an operation was ended from outside"))
    } else {
        answer.await
    }
}

/// By the method, except for a fetch: git uses `POST` for it, but nobody needs it once its client is gone.
fn may_change(method: &Method, uri: &Uri) -> bool {
    !method.is_safe() && !uri.path().ends_with("/git-upload-pack")
}

/// The response outside of pages and API. The panic itself was logged where it happened.
fn refused(why: &str) -> Response {
    tracing::error!(why, "a request was not answered by its handler");
    let body = Json(json!({ "message": "internal error", "code": "internal" }));
    (StatusCode::INTERNAL_SERVER_ERROR, body).into_response()
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };

    use axum::{
        Router,
        body::Body,
        middleware,
        routing::{get, post},
    };
    use tokio::{sync::Semaphore, task::yield_now};
    use tower::ServiceExt as _;

    use super::*;

    const STEPS: usize = 5;

    /// A handler with several steps, each of which waits for a permit; counts the finished steps.
    fn slow(operations: &Operations, gate: &Arc<Semaphore>, done: &Arc<AtomicUsize>) -> Router {
        let (gate, done) = (Arc::clone(gate), Arc::clone(done));
        let step = move || {
            let (gate, done) = (Arc::clone(&gate), Arc::clone(&done));
            async move {
                for _ in 0..STEPS {
                    gate.acquire().await.expect("it is never closed").forget();
                    done.fetch_add(1, Ordering::SeqCst);
                }
            }
        };
        Router::new()
            .route("/act", get(step.clone()).post(step.clone()))
            .route("/mei/llm.git/git-upload-pack", post(step))
            .layer(middleware::from_fn_with_state(operations.clone(), layer))
    }

    fn asked(method: Method, path: &str) -> Request {
        Request::builder().method(method).uri(path).body(Body::empty()).expect("a request")
    }

    #[tokio::test]
    async fn who_hangs_up_at_any_step_stops_no_operation() {
        for begun in 0..STEPS {
            let operations = Operations::default();
            let (gate, done) = (Arc::new(Semaphore::new(begun)), Arc::new(AtomicUsize::new(0)));
            let router = slow(&operations, &gate, &done);
            let mut waiting = Box::pin(router.oneshot(asked(Method::POST, "/act")));
            while done.load(Ordering::SeqCst) < begun || operations.0.is_empty() {
                assert!((&mut waiting).now_or_never().is_none());
                yield_now().await;
            }
            drop(waiting);
            assert_eq!(operations.0.len(), 1, "it goes on");
            gate.add_permits(STEPS);
            operations.end(Duration::from_secs(60)).await;
            assert_eq!(done.load(Ordering::SeqCst), STEPS);
        }
    }

    #[tokio::test]
    async fn a_question_ends_with_who_asked() {
        for (method, path) in [(Method::GET, "/act"), (Method::POST, "/mei/llm.git/git-upload-pack")] {
            let operations = Operations::default();
            let (gate, done) = (Arc::new(Semaphore::new(1)), Arc::new(AtomicUsize::new(0)));
            let mut waiting = Box::pin(slow(&operations, &gate, &done).oneshot(asked(method, path)));
            assert!((&mut waiting).now_or_never().is_none());
            drop(waiting);
            gate.add_permits(STEPS);
            operations.end(Duration::from_secs(60)).await;
            assert_eq!(done.load(Ordering::SeqCst), 1, "{path}");
        }
    }

    #[tokio::test]
    async fn an_operation_holds_the_place_of_its_connection() {
        let operations = Operations::default();
        let (gate, done) = (Arc::new(Semaphore::new(0)), Arc::new(AtomicUsize::new(0)));
        let (held, released) = hold();
        let mut request = asked(Method::POST, "/act");
        request.extensions_mut().insert(held);
        let mut waiting = Box::pin(slow(&operations, &gate, &done).oneshot(request));
        assert!((&mut waiting).now_or_never().is_none());
        drop(waiting);
        let mut released = Box::pin(released.wait());
        assert!((&mut released).now_or_never().is_none(), "the client is gone, and its place is taken still");
        gate.add_permits(STEPS);
        operations.end(Duration::from_secs(60)).await;
        released.await;
    }

    #[tokio::test]
    async fn a_handler_that_stops_at_a_fault_is_answered_for() {
        let fault = || async { assert_eq!("a fault", "of ours") };
        let router = Router::new()
            .route("/act", get(fault).post(fault))
            .layer(middleware::from_fn_with_state(Operations::default(), layer));
        for method in [Method::GET, Method::POST] {
            let answer = router.clone().oneshot(asked(method, "/act")).await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert!(answer.headers()["content-type"].as_bytes().starts_with(b"application/json"));
        }
    }
}

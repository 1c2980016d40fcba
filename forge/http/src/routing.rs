//! Routes whose handlers have one type.
//!
//! Each handler is a type of its own, and the compiler proves about twenty times for each route that what it returns may move between
//! threads, which means looking through everything that the handler awaits. Behind one type it is proved once: that nearly halved the time to
//! compile the pages. At run time it is one call through a pointer.

use std::{future::Future, pin::Pin, sync::Arc};

use axum::{
    extract::Request,
    handler::Handler,
    response::Response,
    routing::{MethodFilter, MethodRouter},
};

type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Any handler for state `S`.
struct AnyHandler<S>(Arc<dyn Fn(Request, S) -> Answer + Send + Sync>);

impl<S: 'static> AnyHandler<S> {
    fn new<H: Handler<T, S>, T: 'static>(handler: H) -> Self {
        Self(Arc::new(move |request, state| Box::pin(handler.clone().call(request, state))))
    }
}

impl<S> Clone for AnyHandler<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: 'static> Handler<(), S> for AnyHandler<S> {
    type Future = Answer;

    fn call(self, request: Request, state: S) -> Answer {
        (self.0)(request, state)
    }
}

/// Answers `GET` and `HEAD`.
pub fn get<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    on(MethodFilter::GET, handler)
}

/// Answers `POST`.
pub fn post<H, T, S>(handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    on(MethodFilter::POST, handler)
}

/// Answers `GET` and `HEAD` with the first handler, and `POST` with the second: a page and the form on it.
pub fn get_and_post<G, T, P, U, S>(shown: G, taken: P) -> MethodRouter<S>
where
    G: Handler<T, S>,
    T: 'static,
    P: Handler<U, S>,
    U: 'static,
    S: Clone + Send + Sync + 'static,
{
    get(shown).on(MethodFilter::POST, AnyHandler::new(taken))
}

/// Answers the methods of the filter.
pub fn on<H, T, S>(methods: MethodFilter, handler: H) -> MethodRouter<S>
where
    H: Handler<T, S>,
    T: 'static,
    S: Clone + Send + Sync + 'static,
{
    axum::routing::on(methods, AnyHandler::new(handler))
}

//! Request and response bodies, as every handler sees them: a stalled request ends by itself.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use axum::body::Bytes;
use hearth_core::BrokenRequest;
use hearth_http::patience::{Pace, Patience};
use hyper::body::{Body, Frame, SizeHint};

use super::activity::{Activity, Working};

/// A request's body. Reading it fails with [`BrokenRequest`] and nothing else.
pub(crate) struct RequestBody<B> {
    inner: B,
    patience: Patience,
    activity: Arc<Activity>,
    has_stalled: Arc<AtomicBool>,
}

impl<B> RequestBody<B> {
    /// `has_stalled` is set when the client kept the reader waiting for too long.
    pub(crate) fn new(inner: B, pace: Pace, activity: Arc<Activity>, has_stalled: Arc<AtomicBool>) -> Self {
        Self { inner, patience: Patience::new(pace), activity, has_stalled }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for RequestBody<B> {
    type Data = Bytes;
    type Error = BrokenRequest;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BrokenRequest>>> {
        let this = &mut *self;
        let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(context) else {
            this.activity.set_awaits_body(true);
            std::task::ready!(this.patience.poll_lost(context));
            this.has_stalled.store(true, Ordering::Relaxed);
            return Poll::Ready(Some(Err(BrokenRequest::Stalled)));
        };
        this.activity.set_awaits_body(false);
        Poll::Ready(frame.map(|frame| {
            let frame = frame.map_err(|_| BrokenRequest::Cut)?;
            this.patience.moved(frame.data_ref().map_or(0, Bytes::len));
            Ok(frame)
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// A response body. The request counts as being served until it is dropped.
pub(crate) struct ResponseBody {
    pub(crate) inner: axum::body::Body,
    pub(crate) _working: Working,
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

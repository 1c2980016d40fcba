//! What happened, given to everybody who follows it.
//!
//! A subscriber is one file here and one line in [`SUBSCRIBERS`]. The dispatcher takes each event out of the outbox and enqueues one
//! delivery for each subscriber that wants its kind; a delivery is a job, so it is retried by itself, and one subscriber that fails
//! holds up no other. What a delivery writes and the end of its job are one transaction: it happens once. Whatever reaches outside
//! (a letter, a call of another server) is a job that the delivery enqueues.

mod deliver;
mod dispatcher;
mod feed;
mod stream;

use std::{future::Future, pin::Pin};

use hearth_core::Result;

pub use deliver::Deliver;
pub use dispatcher::{dispatch_all, run};
pub use hearth_store::event::EventRow;
pub use stream::{Events, MOST_EVENTS, list_after};

use crate::{App, Operation};

type Delivering<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// Somebody who follows events.
struct Subscriber {
    /// The name in the database; never changed once released.
    name: &'static str,
    /// Whether it is told of events of this kind.
    wants: fn(kind: &str) -> bool,
    /// Writes what follows from an event, and nothing else.
    deliver: for<'a> fn(&'a App, &'a mut Operation, &'a EventRow) -> Delivering<'a>,
}

/// Everybody who follows events.
const SUBSCRIBERS: &[Subscriber] = &[feed::SUBSCRIBER];

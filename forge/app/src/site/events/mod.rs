//! Delivery of events to their subscribers.
//!
//! A subscriber is one file here and one line in [`SUBSCRIBERS`]. The dispatcher takes each event out of the
//! outbox and enqueues one delivery for each subscriber that wants its kind. A delivery is a job, so it is
//! retried independently, and one failing subscriber does not hold up the others. A delivery's writes and the
//! end of its job are one transaction, so it takes effect exactly once. Anything that reaches outside (an
//! email, a call to another server) is a job that the delivery enqueues.

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

/// A subscriber to events.
struct Subscriber {
    /// The name in the database; never changed once released.
    name: &'static str,
    /// Whether it wants events of this kind.
    wants: fn(kind: &str) -> bool,
    /// Writes the effects of an event to the database, and does nothing else.
    deliver: for<'a> fn(&'a App, &'a mut Operation, &'a EventRow) -> Delivering<'a>,
}

/// All subscribers.
const SUBSCRIBERS: &[Subscriber] = &[feed::SUBSCRIBER];

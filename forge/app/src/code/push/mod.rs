//! Pushes: which references may change, and the record of what changed. All ways to change them end in
//! [`record`]: git over HTTP, the API, pages, published models.

mod answer;
mod proposal;
mod reconcile;
mod record;
mod rules;
mod updates;

pub use reconcile::{reconcile, reconcile_one};
pub use record::{Moved, Recorded, record};
pub(crate) use record::{insert_record, inspect_updates, record_allowed};
pub(crate) use rules::is_protected;
pub use rules::{Gate, Pusher, Rules, admit, listen};
pub(crate) use updates::{ReferenceUpdate, ReferenceUpdates};

//! Pushes: which references may change, and the record of what changed. All ways to change them end in
//! [`record`]: git over HTTP, the API, pages, published models.

mod answer;
mod moving;
mod reconcile;
mod record;
mod rules;

pub(crate) use moving::{Moves, Moving};
pub use reconcile::{reconcile, reconcile_one};
pub use record::{Moved, Recorded, record};
pub(crate) use record::{keep, look};
pub(crate) use rules::is_protected;
pub use rules::{Gate, Pusher, Rules, admit, listen};

//! Pushes: what may move, and the record of what moved. Every way in ends in [`record`]: git over HTTP, the API,
//! pages, published models.

mod reconcile;
mod record;
mod rules;

pub use reconcile::reconcile;
pub use record::{Moved, Recorded, record};
pub(crate) use rules::is_protected;
pub use rules::{Gate, Pusher, Rules, admit, listen};

//! Pushes: what the server is asked between the moment when git has the objects and the moment when
//! references move, and once more after they moved.
//!
//! `receive-pack` runs one helper process before references move (`pre-receive`) and one after
//! (`post-receive`). Both are the same small program, `hook/main.rs`: it sends git's input over a unix socket
//! to the [`PushGate`] of this server, prints the lines that come back (`remote: …`), and exits with the
//! verdict. It never runs once per reference.
//!
//! Why twice: before the references move, a push can still be refused but may also still fail (somebody else
//! was faster). After they moved, `receive-pack` names exactly those that did; the server stores them and
//! answers with the lines that say what was started. With the sideband, which every client of the last ten
//! years has, the client waits for that second answer, so the push is stored before the client prints its
//! last line. A server that is stopped between the two finds the difference at its next start, when it
//! compares references with its own records.

mod frame;
mod gate;
mod helper;

pub use frame::{MAX_FRAME_BYTES, Stage};
pub use gate::{Push, PushGate, PushId, PushRules, PushTicket, Verdict};
pub(crate) use helper::{PACK_CACHE, install as install_helper};

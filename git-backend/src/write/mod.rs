//! Changing a repository from within the server, without a working tree.

mod commit;
mod reference;
mod sign;
mod tag;
mod tree;

pub use commit::{Change, Content, NewCommit};
pub use reference::{RefUpdate, UpdateKind};
pub use sign::CommitSigner;
pub use tag::NewTag;

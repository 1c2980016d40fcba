//! git and Git LFS over SSH, in this process.
//!
//! A client proves that it has a key, and the key says who it is ([`hearth_app::key_holder`]). It may then ask for one of a few
//! commands, which are answered as over HTTP: by the same functions, with the same permissions, limits and sentences. There is no
//! shell, no forwarding, and no program but git's own.
//!
//! [`SshServer::serve`] serves one connection; accepting connections is up to the caller.

mod algorithms;
mod attend;
mod command;
mod connection;
mod cut;
mod git;
mod greeting;
mod handler;
mod host_key;
mod lfs;
mod settings;
mod streams;

pub use connection::SshServer;
pub use host_key::{BadHostKey, HostKey, HostKeyKind};
pub use settings::SshSettings;

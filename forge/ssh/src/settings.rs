use std::time::Duration;

use hearth_http::patience::Pace;

/// The bounds on every connection. Each has a key in the section `[ssh]` of the configuration, but for the pace, which is that of
/// `[server]`.
#[derive(Clone, Copy, Debug)]
pub struct SshSettings {
    /// From the connection to a proven key, and from there to the first command.
    pub login: Duration,
    /// Signed keys that are refused before the connection ends.
    pub login_attempts: usize,
    /// Commands at once on one connection.
    pub channels: usize,
    /// How long a client may be silent while the server waits for it, and a connection idle.
    pub idle: Duration,
    /// How slowly a client may read.
    pub pace: Pace,
    /// What a client may send on one channel before the server has taken it, in bytes.
    pub window_bytes: u32,
    /// New keys are agreed on after this many bytes in one direction, and at the latest after this time.
    pub rekey_bytes: usize,
    pub rekey: Duration,
    /// How long a ticket for large files over HTTP is good for.
    pub ticket: Duration,
}

use std::{fmt, time::Duration};

/// How the connection to the mail server is kept private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// From the first byte on; the usual port is 465.
    #[default]
    Tls,
    /// The server has to offer it; the usual port is 587.
    StartTls,
    /// Not at all. For a server on the same machine or in the same private network.
    None,
}

/// The mail server, and who writes.
#[derive(Clone, Default)]
pub struct MailSettings {
    pub host: String,
    /// 0: the usual one.
    pub port: u16,
    pub security: Security,
    /// Empty: without signing in.
    pub username: String,
    pub password: String,
    /// `Hearth <hearth@example.org>`
    pub from: String,
    /// Certificates of the authority behind the server, as PEM; empty: a well-known one.
    pub authority_pem: Vec<u8>,
    pub patience: Option<Duration>,
}

impl fmt::Debug for MailSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MailSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl MailSettings {
    pub(crate) fn port(&self) -> u16 {
        match (self.port, self.security) {
            (0, Security::Tls) => 465,
            (0, Security::StartTls) => 587,
            (0, Security::None) => 25,
            (port, _) => port,
        }
    }
}

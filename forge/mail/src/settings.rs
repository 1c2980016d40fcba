use std::{fmt, time::Duration};

/// How the connection to the mail server is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Security {
    /// TLS from the start; the usual port is 465.
    #[default]
    Tls,
    /// STARTTLS, which the server must offer; the usual port is 587.
    StartTls,
    /// Not at all. Only for a server on the same machine or in the same private network.
    None,
}

/// The mail server, and the sender.
#[derive(Clone, Default)]
pub struct MailSettings {
    pub host: String,
    /// 0: the usual port.
    pub port: u16,
    pub security: Security,
    /// Empty: no authentication.
    pub username: String,
    pub password: String,
    /// `Hearth <hearth@example.org>`
    pub from: String,
    /// PEM certificates of the CA that issued the server's certificate; empty: the well-known CAs.
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

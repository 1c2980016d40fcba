use std::net::IpAddr;

use hearth_core::chain;

pub type Result<T, E = OutboundError> = std::result::Result<T, E>;

/// Why a request failed. No variant reveals more about this machine's network than the requester already
/// knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    #[error("only http and https are supported")]
    Scheme,
    #[error("the address must not contain a user name or password")]
    Credentials,
    #[error("{host} leads to {address}, which is no public address (outbound.allow)")]
    Address { host: String, address: IpAddr },
    #[error("the host {0} is not known")]
    NoSuchHost(String),
    #[error("it redirects more than {0} times")]
    Redirects(u8),
    #[error("it redirects to an invalid address, or from https to http")]
    BadRedirect,
    #[error("the answer is larger than {most_bytes} bytes")]
    TooLarge { most_bytes: u64 },
    #[error("the answer is compressed although that was not requested")]
    Compressed,
    #[error("it took longer than {0} s")]
    TooSlow(u64),
    #[error("it does not answer: {0}")]
    Unreachable(String),
}

impl OutboundError {
    pub(crate) fn unreachable(error: reqwest::Error) -> Self {
        Self::Unreachable(chain(&error.without_url()))
    }

    /// Whether a retry may succeed.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::NoSuchHost(_) | Self::TooSlow(_) | Self::Unreachable(_))
    }
}

impl From<reqwest::Error> for OutboundError {
    fn from(error: reqwest::Error) -> Self {
        let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
        while let Some(inner) = cause {
            if let Some(ours) = inner.downcast_ref::<Self>() {
                return ours.clone();
            }
            cause = inner.source();
        }
        Self::unreachable(error)
    }
}

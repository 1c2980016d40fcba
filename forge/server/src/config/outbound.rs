use hearth_app::outbound::{Allowed, Outbound, OutboundError, OutboundSettings};
use serde::{Deserialize, Serialize};

/// Section `[outbound]`: HTTP requests that the server makes to others on behalf of users.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct OutboundConfig {
    /// Hosts, addresses and networks that may be reached although they are not public.
    pub allow: Vec<String>,
    /// A proxy for all outgoing connections; if empty none is used, whatever the environment says.
    pub proxy: String,
}

/// Why no requests can be made with this configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadOutbound {
    #[error("outbound.allow cannot be used: {0}")]
    Allow(#[from] hearth_app::outbound::BadEntry),
    #[error("the proxy in outbound.proxy is no address like http://proxy.example.org:3128")]
    Proxy,
    #[error(transparent)]
    Client(#[from] OutboundError),
}

impl OutboundConfig {
    pub(crate) fn client(&self) -> Result<Outbound, BadOutbound> {
        let proxy = match self.proxy.as_str() {
            "" => None,
            proxy => Some(proxy.parse().map_err(|_| BadOutbound::Proxy)?),
        };
        Ok(Outbound::new(OutboundSettings { allowed: Allowed::parse(&self.allow)?, proxy })?)
    }
}

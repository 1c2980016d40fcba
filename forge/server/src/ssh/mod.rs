//! SSH beside HTTP: its port, its keys, and its connections.

mod host_keys;
mod listener;

use std::{net::SocketAddr, path::Path};

use hearth_core::SshAddress;
use tokio::net::TcpListener;
use url::Url;

pub(crate) use listener::{Bounds, serve};

use crate::{config::Config, wiring::StartError};

/// A bound port.
pub(crate) struct Bound {
    pub(crate) listener: TcpListener,
    /// What clone addresses say.
    pub(crate) address: SshAddress,
}

/// Binds the port of the configuration; `site` is where the pages are. None: SSH is off, or the usual port is taken by somebody else
/// and nobody chose it.
pub(crate) async fn bind(config: &Config, site: SocketAddr) -> Result<Option<Bound>, StartError> {
    let ssh = &config.ssh;
    if !ssh.enabled {
        return Ok(None);
    }
    let address = ssh.address(site).ok_or_else(|| StartError::SshListen(ssh.listen.clone()))?;
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(source) if ssh.is_chosen() => return Err(StartError::Listen { address, source }),
        Err(error) => {
            tracing::warn!(%address, error = %error, "there is no SSH: the port cannot be used; choose one with ssh.listen");
            return Ok(None);
        }
    };
    let bound = listener.local_addr().map_err(|source| StartError::Listen { address, source })?;
    let port = if ssh.port == 0 { bound.port() } else { ssh.port };
    let host = if ssh.host.is_empty() { host_of_site(config, site) } else { ssh.host.clone() };
    Ok(Some(Bound { listener, address: SshAddress { host, port } }))
}

fn host_of_site(config: &Config, site: SocketAddr) -> String {
    let root = config.server.root_url.parse::<Url>().ok();
    let named = root.as_ref().and_then(Url::host_str).map(str::to_owned);
    named.unwrap_or_else(|| match site {
        SocketAddr::V4(address) => address.ip().to_string(),
        SocketAddr::V6(address) => format!("[{}]", address.ip()),
    })
}

/// Reads or makes the keys by which clients recognise the site, and says in the log how `ssh` will show them.
pub(crate) fn keys(folder: &Path) -> Result<Vec<hearth_ssh::HostKey>, StartError> {
    let keys = host_keys::in_folder(folder)
        .map_err(|source| StartError::Folder { folder: folder.display().to_string(), source })?;
    for key in &keys {
        tracing::info!(fingerprint = key.fingerprint(), "SSH is ready");
    }
    Ok(keys)
}

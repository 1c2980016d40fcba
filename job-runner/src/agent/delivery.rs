//! How an agent in a pod gets its launch data: the container that brings the agent finds the configuration
//! and the sealed token in its environment, opens the token with the owner's key, and writes both for the
//! container that does the work.

use std::{
    env,
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::Path,
};

use super::presence::{self, AgentConfig};
use crate::{Error, Result, bounded, error::At, seal::SealKey};

/// Environment variables of the container that brings the agent: [`AgentConfig`] as JSON, and the sealed
/// token.
pub(crate) const CONFIG_VARIABLE: &str = "HEARTH_AGENT";
pub(crate) const TOKEN_VARIABLE: &str = "HEARTH_SEALED_TOKEN";
/// The files of the owner's Secret: the key, and the operator's certificate authorities as PEM (may be
/// empty).
pub(crate) const KEY_FILE: &str = "key";
pub(crate) const AUTHORITIES_FILE: &str = "authorities.pem";

/// The size limit of a Secret.
const LARGEST_FILE: u64 = 1 << 20;

/// Writes the launch files from this process's environment and the folder of the owner.
pub(super) fn deliver(owner: &Path, launch: &Path) -> Result<()> {
    let told =
        |name: &str| env::var(name).map_err(|_| Error::MissingLaunchData(format!("there is no {name}")));
    open(&told(CONFIG_VARIABLE)?, &told(TOKEN_VARIABLE)?, owner, launch)
}

fn open(config: &str, sealed: &str, owner: &Path, launch: &Path) -> Result<()> {
    let mut config: AgentConfig = serde_json::from_str(config)
        .map_err(|source| Error::Malformed { path: CONFIG_VARIABLE.into(), source })?;
    let path = owner.join(KEY_FILE);
    let key = SealKey::from_slice(&bounded::read(&path, LARGEST_FILE).at(&path)?)
        .ok_or_else(|| Error::MissingLaunchData(format!("{} is no key", path.display())))?;
    let token = key.open(&config.name, sealed).ok_or_else(|| {
        Error::MissingLaunchData(
            "its token was sealed with another key: somebody has changed the owner's Secret".into(),
        )
    })?;
    let path = owner.join(AUTHORITIES_FILE);
    let authorities = bounded::text(&path, LARGEST_FILE).at(path)?;
    config.server_authorities = Some(authorities).filter(|text| !text.is_empty());
    presence::write_launch(launch, &config, &token)?;
    // The next container may run as any user and must read the token; it deletes the file before any program
    // starts.
    let path = launch.join(presence::TOKEN);
    fs::set_permissions(&path, Permissions::from_mode(0o444)).at(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Secret,
        sandbox::{Fence, Network},
    };

    #[test]
    fn what_was_sealed_becomes_a_launch_that_is_read_once() {
        let folder = tempfile::tempdir().unwrap();
        let key = SealKey::new([7; 32]);
        fs::write(folder.path().join(KEY_FILE), key.expose()).unwrap();
        fs::write(folder.path().join(AUTHORITIES_FILE), "certificates").unwrap();
        let config = AgentConfig {
            name: "hearth-7-1".into(),
            server: "http://10.0.0.5:3000/".parse().unwrap(),
            server_authorities: None,
            fence: Fence::Container,
            network: Network::Host,
            hidden: Vec::new(),
            folders: None,
            rendezvous: None,
            packages: None,
        };
        let text = serde_json::to_string(&config).unwrap();
        let sealed = key.seal([1; 12], "hearth-7-1", &Secret::new("a-token"));
        open(&text, &sealed, folder.path(), folder.path()).unwrap();
        let (read, token) = presence::take_launch(folder.path()).unwrap();
        assert_eq!((read.name.as_str(), token.expose()), ("hearth-7-1", "a-token"));
        assert_eq!(read.server_authorities.as_deref(), Some("certificates"));
        assert!(presence::take_launch(folder.path()).is_err(), "the token is gone");

        let other = SealKey::new([8; 32]).seal([1; 12], "hearth-7-1", &Secret::new("a-token"));
        let said = open(&text, &other, folder.path(), folder.path()).unwrap_err().to_string();
        assert!(said.contains("another key"), "{said}");
    }
}

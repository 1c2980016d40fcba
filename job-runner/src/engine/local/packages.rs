//! Whether this machine installs packages for tasks, and from where.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use url::Url;

use super::{LocalEngine, blocking};
use crate::{
    packages::{PackageConfig, PackageLimits, PackageSupport, PackagesOff},
    sandbox::{Fence, package_index},
};

/// The operator's configuration of packages.
#[derive(Clone, Debug)]
pub struct PackageOptions {
    pub mode: PackageMode,
    /// `None` for that of the machine's own pip, unless that signs in there.
    pub index_url: Option<Url>,
    /// The interpreter that is asked for it.
    pub interpreter: String,
    /// Contains the environments of every owner. Only this system user may write there.
    pub cache: PathBuf,
    pub limits: PackageLimits,
}

/// When packages are installed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackageMode {
    /// While the index answers.
    Auto,
    On,
    Off,
}

/// The answer to whether packages are installed, and when it was found.
pub(super) struct Looked {
    at: Instant,
    support: PackageSupport,
}

/// How long the index may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// The index is asked again after this.
const GOOD_FOR: Duration = Duration::from_mins(5);

impl PackageOptions {
    pub fn off(cache: PathBuf) -> Self {
        Self {
            mode: PackageMode::Off,
            index_url: None,
            interpreter: "python3".to_owned(),
            cache,
            limits: PackageLimits::default(),
        }
    }
}

impl LocalEngine {
    /// Whether packages are installed now; the index is asked at the first use, and again from time to time.
    pub async fn package_support(&self) -> PackageSupport {
        let mut looked = self.0.packages.lock().await;
        if let Some(known) = looked.as_mut() {
            if known.at.elapsed() > GOOD_FOR {
                known.at = Instant::now();
                tokio::spawn(self.clone().look_again());
            }
            return known.support.clone();
        }
        let support = self.look_for_packages().await;
        *looked = Some(Looked { at: Instant::now(), support: support.clone() });
        support
    }

    /// Nobody waits for this: until it is done, the last answer counts.
    async fn look_again(self) {
        let support = self.look_for_packages().await;
        *self.0.packages.lock().await = Some(Looked { at: Instant::now(), support });
    }

    /// For the agent of a task that wants its packages; `None` if they are not installed.
    pub(super) async fn package_config(&self) -> Option<PackageConfig> {
        let options = &self.0.options.packages;
        let PackageSupport::On { index_url } = self.package_support().await else { return None };
        let network = self.network().ok()?;
        Some(PackageConfig { cache: options.cache.clone(), index_url, network, limits: options.limits })
    }

    async fn look_for_packages(&self) -> PackageSupport {
        match self.find_index().await {
            Ok(index_url) => PackageSupport::On { index_url },
            Err(off) => PackageSupport::Off(off),
        }
    }

    async fn find_index(&self) -> Result<Url, PackagesOff> {
        let options = &self.0.options.packages;
        if options.mode == PackageMode::Off {
            return Err(PackagesOff::Operator);
        }
        if !matches!(self.fence(), Ok(Fence::Bubblewrap)) {
            return Err(PackagesOff::Sandbox);
        }
        self.network().map_err(|_| PackagesOff::Network)?;
        let index_url = match &options.index_url {
            Some(index_url) => index_url.clone(),
            None => {
                let interpreter = options.interpreter.clone();
                let found = blocking(move || package_index(&interpreter)).await;
                found.map_err(|_| PackagesOff::NoIndex).and_then(without_secret)?
            }
        };
        if options.mode == PackageMode::Auto && !answers(&index_url).await {
            return Err(PackagesOff::Unreachable);
        }
        Ok(index_url)
    }
}

/// An index that anybody may use. What the machine's own pip signs in with was not meant for the build scripts of tasks.
fn without_secret(index_url: Url) -> Result<Url, PackagesOff> {
    let is_secret = index_url.password().is_some() || !index_url.username().is_empty();
    if is_secret { Err(PackagesOff::Secret) } else { Ok(index_url) }
}

/// Whether somebody takes connections at the address of an index.
async fn answers(index_url: &Url) -> bool {
    let (Some(host), Some(port)) = (index_url.host_str(), index_url.port_or_known_default()) else {
        return false;
    };
    let host = host.trim_matches(['[', ']']);
    let connected = tokio::time::timeout(PATIENCE, tokio::net::TcpStream::connect((host, port))).await;
    matches!(connected, Ok(Ok(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_is_signed_in_to_is_not_for_tasks() {
        let look = |address: &str| without_secret(address.parse().unwrap()).err();
        assert_eq!(look("https://index.test/simple"), None);
        for address in ["https://ci:secret@index.test/simple", "https://token@index.test/simple"] {
            assert_eq!(look(address), Some(PackagesOff::Secret), "{address}");
        }
    }
}

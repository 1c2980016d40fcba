//! Packages that a task names in its `requirements.txt`, installed before its program starts.
//!
//! Installing runs code that nobody has read, so it happens in the sandbox, in one without the task's code, data
//! and variables: it sees the text, the interpreter and the network, and writes to a new folder and nothing else.
//! The folder becomes an environment of the task's owner ([`PackageCache`]), which later attempts of that owner
//! with the same image and text find, and which no program can write to.

mod cache;

use std::{fmt, path::PathBuf};

use serde::{Deserialize, Serialize};
use url::Url;

pub(crate) use self::cache::{Environment, Kept, PackageCache};
use crate::sandbox::Network;

/// The file in the root of the code that names packages.
pub const REQUIREMENTS: &str = "requirements.txt";
/// A larger one is not installed.
pub const LARGEST_REQUIREMENTS: u64 = 256 << 10;

/// Where and how an agent installs packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageConfig {
    /// Contains the environments of every owner.
    pub cache: PathBuf,
    pub index_url: Url,
    /// The network of the installation, whatever that of the program is.
    pub network: Network,
    pub limits: PackageLimits,
}

/// What installed packages may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageLimits {
    /// The time for one installation.
    pub install_seconds: u64,
    /// One environment on the disk.
    pub environment_bytes: u64,
    pub environment_files: u64,
    /// All environments of all owners; the least recently used are removed first.
    pub cache_bytes: u64,
    pub cache_environments: u64,
    /// An environment is not used for longer than this after it was installed.
    pub keep_days: u64,
}

impl Default for PackageLimits {
    fn default() -> Self {
        Self {
            install_seconds: 1_800,
            environment_bytes: 16 << 30,
            environment_files: 200_000,
            cache_bytes: 64 << 30,
            cache_environments: 100,
            keep_days: 30,
        }
    }
}

/// Whether an engine installs packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackageSupport {
    /// From this index.
    On {
        index_url: Url,
    },
    Off(PackagesOff),
}

/// Why an engine installs no packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackagesOff {
    /// The engine cannot.
    Engine,
    /// The operator does not want it.
    Operator,
    /// There is no sandbox to install in.
    Sandbox,
    /// The sandbox has no way out.
    Network,
    /// No index is configured, and the interpreter knows of none.
    NoIndex,
    /// The machine's own index asks for credentials, which every build script would read.
    Secret,
    /// The index does not answer.
    Unreachable,
}

impl PackagesOff {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Operator => "operator",
            Self::Sandbox => "sandbox",
            Self::Network => "network",
            Self::NoIndex => "no-index",
            Self::Secret => "secret",
            Self::Unreachable => "unreachable",
        }
    }
}

impl fmt::Display for PackagesOff {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.as_str())
    }
}

/// What was installed for an attempt, for its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalledPackages {
    pub requirements_sha256: String,
    /// Whether an environment of an earlier attempt was used.
    pub was_cached: bool,
    /// `name==version`, by name; what the image itself has is in its environment lock.
    pub packages: Vec<String>,
}

/// How many packages a requirements file names: the lines that are neither empty, comments nor options.
pub fn count_requirements(text: &str) -> usize {
    let is_package = |line: &&str| !line.is_empty() && !line.starts_with(['#', '-']);
    text.replace("\\\r\n", " ").replace("\\\n", " ").lines().map(str::trim).filter(is_package).count()
}

#[cfg(test)]
mod tests {
    use super::count_requirements;

    #[test]
    fn packages_are_counted_and_not_lines() {
        let text = "# ours\n--index-url https://index.test/simple\n\ntorch>=2 # fast\nnumpy \\\n  ==2.1\n-r more.txt\n";
        assert_eq!(count_requirements(text), 2);
        assert_eq!(count_requirements(""), 0);
    }
}

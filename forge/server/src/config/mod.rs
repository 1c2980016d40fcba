//! The operator's settings: defaults, then `hearth.toml`, then `HEARTH__SECTION__KEY`. One file per section;
//! unknown keys are refused. `deploy/hearth.example.toml` shows every key with its default.

mod blobs;
mod data;
mod database;
mod engine;
mod log;
mod mail;
mod metrics;
mod outbound;
mod secret;
mod server;
mod ssh;

use std::path::{Path, PathBuf};

use figment::{
    Figment,
    providers::{Env, Format as _, Serialized, Toml},
};
use hearth_app::{Limits, Registration, Settings, jobs::Workers};
use serde::{Deserialize, Serialize};

pub(crate) use blobs::{BlobStore, BlobsConfig};
pub(crate) use data::DataConfig;
pub(crate) use database::DatabaseConfig;
pub(crate) use engine::{EngineConfig, Install, LocalEngineConfig};
pub(crate) use log::{LogConfig, LogFormat};
pub(crate) use mail::{BadMail, MailConfig};
pub(crate) use metrics::MetricsConfig;
pub(crate) use outbound::{BadOutbound, OutboundConfig};
pub(crate) use secret::{SecretText, UnreadableFile};
pub(crate) use server::ServerConfig;
pub(crate) use ssh::SshConfig;

/// The whole configuration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// The folder that holds all of Hearth's data.
    pub data: DataConfig,
    pub blobs: BlobsConfig,
    pub server: ServerConfig,
    pub ssh: SshConfig,
    pub database: DatabaseConfig,
    pub site: Settings,
    pub limits: Limits,
    pub jobs: Workers,
    pub engine: EngineConfig,
    pub log: LogConfig,
    pub mail: MailConfig,
    pub metrics: MetricsConfig,
    pub outbound: OutboundConfig,
}

/// The file that is read if none is named and it exists.
const DEFAULT_FILE: &str = "hearth.toml";

impl Config {
    /// Reads defaults, the file and the environment. A named file has to exist.
    pub(crate) fn read(file: Option<&Path>) -> Result<Self, ConfigError> {
        let file = match file {
            Some(named) if !named.is_file() => return Err(ConfigError::NoFile(named.to_owned())),
            Some(named) => named.to_owned(),
            None => DEFAULT_FILE.into(),
        };
        Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(file))
            .merge(Env::prefixed("HEARTH__").split("__"))
            .extract()
            .map_err(|error| ConfigError::Bad(Box::new(error)))
    }

    /// The site's settings. Where the operator says nothing, whoever reaches a server may sign up only if that
    /// takes an account of this machine.
    pub(crate) fn settings(&self) -> Settings {
        let only_here =
            || if self.server.is_only_for_this_machine() { Registration::Open } else { Registration::Closed };
        Settings { registration: Some(self.site.registration.unwrap_or_else(only_here)), ..self.site.clone() }
    }
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("there is no configuration file {}", .0.display())]
    NoFile(PathBuf),
    #[error("the configuration cannot be used: {0}")]
    Bad(Box<figment::Error>),
}

#[cfg(test)]
mod tests {
    use super::{engine::KubernetesEngineConfig, *};

    const EXAMPLE: &str = include_str!("../../../../deploy/hearth.example.toml");

    #[test]
    fn the_example_shows_every_key_with_its_default() {
        let uncommented: String = EXAMPLE
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(setting) if setting.contains(" = ") => setting,
                _ => line,
            })
            .flat_map(|line| [line, "\n"])
            .collect();
        let written: toml::Table = toml::from_str(&uncommented).expect("the example is TOML");
        let known = toml::Table::try_from(Config::default()).expect("the configuration is TOML");
        assert_eq!(keys(&written), keys(&known));
        let read: Config = Figment::from(Toml::string(&uncommented)).extract().expect("the example is good");
        assert_eq!(toml::Table::try_from(read).expect("TOML"), known);
    }

    #[test]
    fn the_example_shows_every_key_of_a_cluster_with_its_default() {
        let uncommented: String = EXAMPLE
            .lines()
            .filter_map(|line| line.strip_prefix("#% "))
            .flat_map(|line| [line, "\n"])
            .collect();
        let read: Config = Figment::from(Toml::string(&uncommented)).extract().expect("the example is good");
        let [cluster] = read.engine.kubernetes.as_slice() else { panic!("one cluster is shown") };
        let shown =
            toml::from_str::<toml::Table>(&uncommented).expect("TOML")["engine"]["kubernetes"][0].clone();
        let known = toml::Table::try_from(KubernetesEngineConfig::default()).expect("TOML");
        assert_eq!(keys(shown.as_table().expect("a table")), keys(&known));
        assert_eq!(toml::Table::try_from(cluster).expect("TOML"), known);
    }

    /// `section.key` of every value, sorted.
    fn keys(table: &toml::Table) -> Vec<String> {
        let mut keys: Vec<String> = table
            .iter()
            .flat_map(|(name, value)| match value {
                toml::Value::Table(inner) => keys(inner).iter().map(|key| format!("{name}.{key}")).collect(),
                _ => vec![name.clone()],
            })
            .collect();
        keys.sort();
        keys
    }

    #[test]
    fn a_server_that_others_reach_starts_closed_unless_the_operator_says_otherwise() {
        let starts = |text: &str| {
            let config: Config = Figment::from(Serialized::defaults(Config::default()))
                .merge(Toml::string(text))
                .extract()
                .expect("the configuration is good");
            config.settings().registration
        };
        for here in [
            "",
            "[server]\nlisten = \"127.0.0.2:80\"",
            "[server]\nlisten = \"[::1]:80\"\nroot_url = \"http://localhost:80/\"",
            "[server]\nroot_url = \"http://127.0.0.1:3000\"\nhosts = [\"localhost\"]",
        ] {
            assert_eq!(starts(here), Some(Registration::Open), "{here}");
        }
        for elsewhere in [
            "[server]\nlisten = \"0.0.0.0:3000\"",
            "[server]\nlisten = \"[::]:3000\"",
            "[server]\nlisten = \"192.168.1.7:3000\"\nroot_url = \"http://localhost:3000\"",
            "[server]\nroot_url = \"https://forge.example.org\"",
            "[server]\nroot_url = \"http://localhost.example.org\"",
            "[server]\nhosts = [\"forge.lan\"]",
            "[server]\ntrusted_proxies = [\"127.0.0.1\"]",
        ] {
            assert_eq!(starts(elsewhere), Some(Registration::Closed), "{elsewhere}");
            let said = format!("[site]\nregistration = \"open\"\n{elsewhere}");
            assert_eq!(starts(&said), Some(Registration::Open), "{said}");
        }
        assert_eq!(starts("[site]\nregistration = \"invite\""), Some(Registration::Invite));
    }

    #[test]
    fn unknown_keys_are_refused_by_name() {
        let refused = Figment::from(Serialized::defaults(Config::default()))
            .merge(Toml::string("[server]\nlisten_on = \"127.0.0.1:1\""))
            .extract::<Config>()
            .expect_err("there is no such key");
        assert!(refused.to_string().contains("listen_on"), "{refused}");
    }
}

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

use std::path::{Path, PathBuf};

use figment::{
    Figment,
    providers::{Env, Format as _, Serialized, Toml},
};
use hearth_app::{Limits, Settings, jobs::Workers};
use serde::{Deserialize, Serialize};

pub(crate) use blobs::{BlobStore, BlobsConfig};
pub(crate) use data::DataConfig;
pub(crate) use database::DatabaseConfig;
pub(crate) use engine::EngineConfig;
pub(crate) use log::{LogConfig, LogFormat};
pub(crate) use mail::{BadMail, MailConfig};
pub(crate) use metrics::MetricsConfig;
pub(crate) use outbound::{BadOutbound, OutboundConfig};
pub(crate) use secret::{SecretText, UnreadableFile};
pub(crate) use server::ServerConfig;

/// The whole configuration.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// The folder that holds all of Hearth's data.
    pub data: DataConfig,
    pub blobs: BlobsConfig,
    pub server: ServerConfig,
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
    fn unknown_keys_are_refused_by_name() {
        let refused = Figment::from(Serialized::defaults(Config::default()))
            .merge(Toml::string("[server]\nlisten_on = \"127.0.0.1:1\""))
            .extract::<Config>()
            .expect_err("there is no such key");
        assert!(refused.to_string().contains("listen_on"), "{refused}");
    }
}

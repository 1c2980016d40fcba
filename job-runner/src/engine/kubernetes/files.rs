//! Files provided by the operator: reread whenever needed, so a changed file needs no restart.

use std::{
    io,
    path::{Path, PathBuf},
};

use serde_json::Value;

use super::KubernetesOptions;
use crate::{
    agent::trust::{self, BadAuthorities},
    bounded,
};

/// The size limit of a Secret.
const MOST_BYTES: u64 = 1 << 20;

/// An operator's file that cannot be used, described without its content.
#[derive(Debug, thiserror::Error)]
#[error("the file {} in {key} {fault}", path.display())]
pub struct BadFile {
    key: &'static str,
    path: PathBuf,
    fault: FileFault,
}

/// What is wrong with it, as the end of a sentence.
#[derive(Debug, thiserror::Error)]
enum FileFault {
    #[error("cannot be read: {0}")]
    Unreadable(#[from] io::Error),
    #[error("is larger than {} KiB", MOST_BYTES >> 10)]
    TooLarge,
    #[error("is not JSON")]
    NotJson,
    #[error("names no registry in \"auths\"")]
    NoAuths,
    #[error("{0}")]
    NoAuthorities(#[from] BadAuthorities),
    #[error(
        "has no password for {0}: log in without a credentials store, whose passwords stay on its machine"
    )]
    NoPassword(String),
}

impl KubernetesOptions {
    /// Checks every file, at server start.
    pub fn check_files(&self) -> Result<(), BadFile> {
        self.registries()?;
        self.authorities().map(drop)
    }

    /// Certificate authorities that agents trust in addition to the well-known ones, if any.
    pub(super) fn authorities(&self) -> Result<Option<String>, BadFile> {
        let Some(path) = &self.server_ca_file else { return Ok(None) };
        let found = read(path).and_then(|text| {
            trust::read(&text)?;
            // There may be other text around the certificates.
            Ok(String::from_utf8_lossy(&text).into_owned())
        });
        found.map(Some).map_err(|fault| BadFile { key: "server_ca_file", path: path.clone(), fault })
    }

    /// Credentials with which kubelets pull private images, without the rest of the file. `None` if none are
    /// configured.
    pub(super) fn registries(&self) -> Result<Option<String>, BadFile> {
        let Some(path) = &self.image_pull_secret_file else { return Ok(None) };
        let found = read(path).and_then(|text| registries(&text));
        let key = "image_pull_secret_file";
        found.map(Some).map_err(|fault| BadFile { key, path: path.clone(), fault })
    }
}

fn read(path: &Path) -> Result<Vec<u8>, FileFault> {
    bounded::read(path, MOST_BYTES).map_err(|error| match error.kind() {
        io::ErrorKind::FileTooLarge => FileFault::TooLarge,
        _ => FileFault::Unreadable(error),
    })
}

/// The `auths` of a docker config; each entry must be usable by a kubelet.
fn registries(text: &[u8]) -> Result<String, FileFault> {
    let config: Value = serde_json::from_slice(text).map_err(|_| FileFault::NotJson)?;
    let auths = config["auths"].as_object().filter(|auths| !auths.is_empty()).ok_or(FileFault::NoAuths)?;
    match auths.iter().find(|(_, entry)| !has_password(entry)) {
        Some((registry, _)) => Err(FileFault::NoPassword(registry.clone())),
        None => Ok(serde_json::json!({ "auths": auths }).to_string()),
    }
}

fn has_password(entry: &Value) -> bool {
    let says = |key: &str| entry[key].as_str().is_some_and(|text| !text.is_empty());
    says("auth") || says("username") && says("password")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::kubernetes::sample;

    #[test]
    fn only_the_registries_leave_a_docker_config() {
        let config =
            r#"{"auths": {"registry.example": {"auth": "bWVpOnNlY3JldA=="}}, "proxies": {"x": "y"}}"#;
        assert_eq!(
            registries(config.as_bytes()).unwrap(),
            r#"{"auths":{"registry.example":{"auth":"bWVpOnNlY3JldA=="}}}"#
        );
        let named = br#"{"auths": {"a": {"username": "mei", "password": "secret"}}}"#;
        assert!(registries(named).is_ok());
    }

    #[test]
    fn a_file_that_cannot_be_used_is_said_without_what_is_in_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("registries.json");
        let mut options = sample::options();
        assert!(options.registries().unwrap().is_none());
        options.image_pull_secret_file = Some(path.clone());
        let said = |text: Option<&str>| {
            if let Some(text) = text {
                std::fs::write(&path, text).unwrap();
            }
            let said = options.check_files().unwrap_err().to_string();
            let begin = format!("the file {} in image_pull_secret_file ", path.display());
            said.strip_prefix(&begin).expect("file and key are named").to_owned()
        };
        assert!(said(None).starts_with("cannot be read: "));
        for no_json in ["", "secret", "{\"auths\": {\"a\": \"secret"] {
            assert_eq!(said(Some(no_json)), "is not JSON");
        }
        for no_auths in ["[]", "{}", "{\"auths\": {}}", "{\"auths\": \"secret\"}"] {
            assert_eq!(said(Some(no_auths)), "names no registry in \"auths\"");
        }
        let elsewhere = said(Some("{\"auths\": {\"a.example\": {}}, \"credsStore\": \"pass\"}"));
        assert!(elsewhere.starts_with("has no password for a.example: "), "{elsewhere}");
        assert_eq!(said(Some(&" ".repeat(2 << 20))), "is larger than 1024 KiB");
        options.image_pull_secret_file = None;
        options.server_ca_file = Some(path.clone());
        std::fs::write(&path, "secret").unwrap();
        let said = options.check_files().unwrap_err().to_string();
        assert_eq!(said, format!("the file {} in server_ca_file has no certificate, as PEM", path.display()));
    }
}

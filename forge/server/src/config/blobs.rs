use std::path::PathBuf;

use hearth_app::blobs::{S3Settings, s3::Timeouts};
use serde::{Deserialize, Serialize};

use super::{SecretText, UnreadableFile, secret};

/// Section `[blobs]`: where large files are stored.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct BlobsConfig {
    pub store: BlobStore,
    pub s3: S3Config,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BlobStore {
    /// `blobs` in the data folder.
    #[default]
    Folder,
    S3,
}

/// Section `[blobs.s3]`: a bucket, for `store = "s3"`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct S3Config {
    /// `https://s3.example.org`; empty for Amazon's own in the region.
    pub endpoint: String,
    pub bucket: String,
    /// The prefix of all object names.
    pub prefix: String,
    pub region: String,
    /// Empty for the role of the machine it runs on.
    pub access_key: String,
    pub secret_key: SecretText,
    /// A file that holds the secret key instead.
    pub secret_key_file: PathBuf,
    /// `{endpoint}/{bucket}` instead of `{bucket}.{endpoint}`.
    pub path_style: bool,
    /// Certificate authority of the endpoint, as PEM; empty if it is well known.
    pub ca_file: PathBuf,
}

impl Default for S3Config {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            bucket: String::new(),
            prefix: String::new(),
            region: "us-east-1".to_owned(),
            access_key: String::new(),
            secret_key: SecretText::default(),
            secret_key_file: PathBuf::new(),
            path_style: true,
            ca_file: PathBuf::new(),
        }
    }
}

impl S3Config {
    /// Includes values read from files.
    pub(crate) fn settings(&self) -> Result<S3Settings, UnreadableFile> {
        let authority = secret::read_file(&self.ca_file);
        Ok(S3Settings {
            endpoint: self.endpoint.clone(),
            bucket: self.bucket.clone(),
            prefix: self.prefix.clone(),
            region: self.region.clone(),
            access_key: self.access_key.clone(),
            secret_key: self
                .secret_key
                .or_file(&self.secret_key_file)
                .map_err(|source| UnreadableFile { key: "blobs.s3.secret_key_file", source })?,
            is_path_style: self.path_style,
            authority_pem: authority
                .map_err(|source| UnreadableFile { key: "blobs.s3.ca_file", source })?
                .into_bytes(),
            timeouts: Timeouts::default(),
        })
    }
}

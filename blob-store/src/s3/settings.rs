use std::{fmt, time::Duration};

use object_store::{
    BackoffConfig, Certificate, ClientOptions, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
};
use url::Url;

use super::S3Error;

/// The bucket's location and credentials.
#[derive(Clone, Default)]
pub struct S3Settings {
    /// `https://s3.example.org`; empty: Amazon's endpoint for the region.
    pub endpoint: String,
    pub bucket: String,
    /// A prefix of all keys, for a bucket that is shared with others.
    pub prefix: String,
    pub region: String,
    /// Empty: the IAM role of the machine.
    pub access_key: String,
    pub secret_key: String,
    /// `{endpoint}/{bucket}/…` instead of `{bucket}.{endpoint}/…`.
    pub is_path_style: bool,
    /// PEM certificates of the CA that issued the endpoint's certificate; empty: the well-known CAs.
    pub authority_pem: Vec<u8>,
    pub timeouts: Timeouts,
}

impl fmt::Debug for S3Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("S3Settings")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// Timeouts.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    pub connect: Duration,
    /// The longest time without any data.
    pub stall: Duration,
    /// A small request with its response, including all retries.
    pub answer: Duration,
    /// A small request is not retried after this long.
    pub retry: Duration,
    /// One part of an upload, including all retries: an outage of a minute does not end an upload of hours.
    pub part: Duration,
    /// Completing a multipart upload.
    pub completion: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(3),
            stall: Duration::from_secs(20),
            answer: Duration::from_secs(15),
            retry: Duration::from_secs(5),
            part: Duration::from_secs(90),
            completion: Duration::from_mins(10),
        }
    }
}

const RETRIES: usize = 4;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PREFIX: usize = 200;

impl S3Settings {
    /// The prefix as put before names: empty, or with a trailing slash.
    pub(super) fn prefix(&self) -> Result<String, S3Error> {
        let prefix = self.prefix.trim_matches('/');
        let is_part = |part: &str| {
            !part.is_empty()
                && part != "."
                && part != ".."
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        };
        if prefix.is_empty() {
            Ok(String::new())
        } else if prefix.len() <= LONGEST_PREFIX && prefix.split('/').all(is_part) {
            Ok(format!("{prefix}/"))
        } else {
            Err(S3Error::Settings(
                "the prefix may have letters, digits and the signs - _ . between slashes".into(),
            ))
        }
    }

    /// The bucket's location, as shown to people.
    pub(super) fn place(&self) -> String {
        let host = if self.endpoint.is_empty() { "Amazon S3" } else { self.endpoint.as_str() };
        format!("bucket {} of {host}", self.bucket)
    }

    pub(super) fn client(&self) -> Result<AmazonS3, S3Error> {
        let wrong = |what: &str| Err(S3Error::Settings(what.to_owned()));
        if self.bucket.is_empty() {
            return wrong("the bucket has no name");
        }
        if self.access_key.is_empty() != self.secret_key.is_empty() {
            return wrong("an access key and a secret key go together");
        }
        let mut options = ClientOptions::new()
            .with_timeout_disabled()
            .with_connect_timeout(self.timeouts.connect)
            .with_read_timeout(self.timeouts.stall);
        let certificates = Certificate::from_pem_bundle(&self.authority_pem);
        for certificate in certificates.map_err(|error| S3Error::Settings(hearth_core::chain(&error)))? {
            options = options.with_root_certificate(certificate);
        }
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&self.bucket)
            .with_region(&self.region)
            .with_virtual_hosted_style_request(!self.is_path_style)
            .with_disable_bulk_delete(true)
            .with_retry(RetryConfig {
                backoff: BackoffConfig { init_backoff: FIRST_PAUSE, max_backoff: LONGEST_PAUSE, base: 2.0 },
                max_retries: RETRIES,
                retry_timeout: self.timeouts.retry,
            });
        if !self.endpoint.is_empty() {
            let endpoint = self.endpoint.trim_end_matches('/');
            match Url::parse(endpoint).map(|url| (url.scheme().to_owned(), url.has_host())) {
                Ok((scheme, true)) if scheme == "https" => {}
                Ok((scheme, true)) if scheme == "http" => options = options.with_allow_http(true),
                _ => return wrong("the endpoint is no address that begins with https:// or http://"),
            }
            builder = builder.with_endpoint(endpoint);
        }
        if !self.access_key.is_empty() {
            builder = builder.with_access_key_id(&self.access_key).with_secret_access_key(&self.secret_key);
        }
        let client = builder.with_client_options(options).build();
        client.map_err(|error| S3Error::Settings(hearth_core::chain(&error)))
    }
}

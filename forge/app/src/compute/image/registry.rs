//! Resolves an image reference to its current digest, following the OCI distribution specification.
//!
//! Only hosts derived from what an administrator entered are contacted: the registry of the reference, and
//! for a token a host of the same domain. Requests go through the guarded outbound client, which refuses
//! internal addresses that the operator has not allowed. Responses are bounded in time and size, redirects
//! are not followed, and a digest is always the hash of what was received.

use std::{fmt::Write as _, str::FromStr, time::Duration};

use hearth_core::Error;
use hearth_outbound::{
    Outbound, OutboundError, OutboundResponse, StatusCode, Url,
    header::{ACCEPT, HeaderValue, WWW_AUTHENTICATE},
};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

/// Timeout for a whole response.
const PATIENCE: Duration = Duration::from_secs(15);
const LARGEST_MANIFEST: usize = 4 << 20;
const LARGEST_TOKEN: usize = 64 << 10;
const MANIFESTS: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
    application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

/// `host[:port]/path[:tag][@digest]`. There is no default host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    host: String,
    path: String,
    /// The digest if there is one, else the tag.
    version: String,
}

impl FromStr for Reference {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (host, rest) = text.split_once('/').ok_or(())?;
        let (name, digest) = match rest.split_once('@') {
            Some((name, digest)) => (name, Some(digest)),
            None => (rest, None),
        };
        let (path, tag) = match name.rsplit_once(':') {
            Some((path, tag)) => (path, Some(tag)),
            None => (name, None),
        };
        let is_host = host == "localhost"
            || (host.contains(['.', ':'])
                && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:".contains(&byte)));
        let is_part = |part: &str| {
            !part.is_empty()
                && !part.starts_with('.')
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte))
        };
        let is_tag = |tag: &str| {
            !tag.is_empty()
                && tag.len() <= 128
                && !tag.starts_with(['.', '-'])
                && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
        };
        let is_good = text.len() <= 500
            && is_host
            && path.split('/').all(is_part)
            && tag.is_none_or(is_tag)
            && digest.is_none_or(is_digest);
        let version = digest.or(tag).unwrap_or("latest").to_owned();
        is_good.then(|| Self { host: host.to_owned(), path: path.to_owned(), version }).ok_or(())
    }
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| {
        hex.len() == 64 && hex.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

impl Reference {
    fn manifest(&self) -> Result<Url, RegistryError> {
        // Registries on this machine are contacted without TLS, as container engines do.
        let name = self.host.split(':').next().unwrap_or_default();
        let scheme = if name == "localhost" || name == "127.0.0.1" { "http" } else { "https" };
        let text = format!("{scheme}://{}/v2/{}/manifests/{}", self.host, self.path, self.version);
        text.parse().map_err(|_| RegistryError::Unexpected("the address cannot be read".to_owned()))
    }
}

/// Why a reference could not be resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryError {
    /// The registry does not answer, or not in time.
    Unreachable(String),
    /// Its address is not public, and the operator has not allowed it.
    NotPublic(String),
    /// It requires credentials.
    Refused,
    /// It has no such image.
    Missing,
    /// It gave an unexpected answer.
    Unexpected(String),
}

impl RegistryError {
    /// As a form field error.
    pub fn into_error(self) -> Error {
        let (code, detail) = match self {
            Self::Unreachable(detail) => ("registry-away", detail),
            Self::NotPublic(detail) => ("registry-inside", detail),
            Self::Refused => ("registry-refused", String::new()),
            Self::Missing => ("registry-missing", String::new()),
            Self::Unexpected(detail) => ("registry-odd", detail),
        };
        Error::Invalid(vec![hearth_core::FieldError::new("reference", code).with("detail", detail)])
    }
}

impl From<OutboundError> for RegistryError {
    fn from(error: OutboundError) -> Self {
        match error {
            OutboundError::Address { host, .. } => Self::NotPublic(host),
            OutboundError::TooLarge { .. } => Self::Unexpected("an answer that is too large".to_owned()),
            error if error.is_transient() => Self::Unreachable(error.to_string()),
            error => Self::Unexpected(error.to_string()),
        }
    }
}

/// The digest that a reference currently resolves to.
pub async fn resolve(outbound: &Outbound, reference: &Reference) -> Result<String, RegistryError> {
    let url = reference.manifest()?;
    let ask = |token: Option<String>| {
        let manifests = HeaderValue::from_static(MANIFESTS);
        let request = outbound.get(url.clone()).within(PATIENCE).header(ACCEPT, manifests);
        match token {
            Some(token) => request.bearer(&token),
            None => request,
        }
    };
    let mut answer = ask(None).send().await?;
    if answer.status() == StatusCode::UNAUTHORIZED {
        let token = token(outbound, &url, &answer).await?;
        answer = ask(Some(token)).send().await?;
    }
    match answer.status() {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Err(RegistryError::Refused),
        StatusCode::NOT_FOUND => return Err(RegistryError::Missing),
        other => return Err(RegistryError::Unexpected(other.to_string())),
    }
    let manifest = answer.bytes(LARGEST_MANIFEST).await?;
    let is_manifest = serde_json::from_slice::<Manifest>(&manifest).is_ok_and(|found| found.version == 2);
    if !is_manifest {
        return Err(RegistryError::Unexpected("no image manifest".to_owned()));
    }
    let mut digest = "sha256:".to_owned();
    for byte in Sha256::digest(&manifest) {
        write!(digest, "{byte:02x}").expect("writing into a string cannot fail");
    }
    if is_digest(&reference.version) && digest != reference.version {
        return Err(RegistryError::Unexpected("another content than its digest names".to_owned()));
    }
    Ok(digest)
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(rename = "schemaVersion")]
    version: u32,
}

#[derive(Deserialize)]
struct Token {
    #[serde(alias = "access_token")]
    token: String,
}

/// Fetches an anonymous token for reading, from where the registry says.
async fn token(
    outbound: &Outbound,
    registry: &Url,
    refused: &OutboundResponse,
) -> Result<String, RegistryError> {
    let challenge = refused.headers().get(WWW_AUTHENTICATE).and_then(|value| value.to_str().ok());
    let parameters = challenge.and_then(|text| text.strip_prefix("Bearer ")).ok_or(RegistryError::Refused)?;
    let value = |name: &str| {
        let (_, rest) = parameters.split_once(&format!("{name}=\""))?;
        rest.split_once('"').map(|(value, _)| value)
    };
    let mut realm: Url = value("realm").and_then(|text| text.parse().ok()).ok_or(RegistryError::Refused)?;
    if !is_related(registry, &realm) {
        return Err(RegistryError::Unexpected("it refers to another domain for a token".to_owned()));
    }
    for name in ["service", "scope"] {
        if let Some(value) = value(name) {
            realm.query_pairs_mut().append_pair(name, value);
        }
    }
    let answer = outbound.get(realm).within(PATIENCE).send().await?;
    if answer.status() != StatusCode::OK {
        return Err(RegistryError::Refused);
    }
    let body = answer.bytes(LARGEST_TOKEN).await?;
    let token: Token =
        serde_json::from_slice(&body).map_err(|_| RegistryError::Unexpected("no token".to_owned()))?;
    Ok(token.token)
}

/// The same host and port, or a host of the same domain over TLS.
fn is_related(registry: &Url, realm: &Url) -> bool {
    let (Some(registry_host), Some(realm_host)) = (registry.domain(), realm.domain()) else {
        return registry.origin() == realm.origin();
    };
    let domain = |host: &str| -> Option<String> {
        let parts: Vec<&str> = host.rsplit('.').take(2).collect();
        (parts.len() == 2).then(|| parts.join("."))
    };
    registry.origin() == realm.origin()
        || (realm.scheme() == "https"
            && domain(registry_host).is_some()
            && domain(registry_host) == domain(realm_host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_names_its_registry() {
        let read = |text: &str| text.parse::<Reference>();
        let full = read("images.example.org:5000/team/torch:2.8-cuda12").expect("a reference");
        assert_eq!(
            (full.host.as_str(), full.path.as_str(), full.version.as_str()),
            ("images.example.org:5000", "team/torch", "2.8-cuda12")
        );
        assert_eq!(read("images.example.org/torch").map(|found| found.version), Ok("latest".into()));
        let digest = format!("sha256:{}", "a".repeat(64));
        assert_eq!(
            read(&format!("images.example.org/torch:2@{digest}")).map(|found| found.version),
            Ok(digest)
        );
        for bad in [
            "torch",
            "torch:2",
            "team/torch",
            "images.example.org/",
            "images.example.org/../x",
            "images.example.org/Torch",
            "images.example.org/torch:",
            "images.example.org/torch@sha256:00",
            "https://images.example.org/torch",
            "user@images.example.org/torch",
            "images.example.org/torch x",
        ] {
            assert_eq!(read(bad), Err(()), "{bad}");
        }
    }

    #[test]
    fn tokens_are_fetched_from_the_same_domain_alone() {
        let registry: Url = "https://registry.example.org/v2/".parse().expect("an address");
        for (realm, is_good) in [
            ("https://auth.example.org/token", true),
            ("https://registry.example.org/token", true),
            ("http://auth.example.org/token", false),
            ("https://auth.example.com/token", false),
            ("https://10.0.0.1/token", false),
            ("http://169.254.169.254/latest", false),
        ] {
            assert_eq!(is_related(&registry, &realm.parse().expect("an address")), is_good, "{realm}");
        }
        let single: Url = "https://localhost/v2/".parse().expect("an address");
        assert!(!is_related(&single, &"https://elsewhere/token".parse().expect("an address")));
    }
}

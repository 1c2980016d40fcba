use std::error::Error as _;

use hearth_core::{Dependency, Error, Kind, chain};
use object_store::client::HttpError;

/// Why a bucket rejects or fails a request. Each message says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum S3Error {
    #[error("there is no such object")]
    Missing,
    #[error("it does not answer: {0}")]
    Unreachable(String),
    #[error(
        "it refuses the access key ({0}): look at blobs.s3.access_key, the secret and what the key is allowed"
    )]
    Refused(String),
    #[error("there is no such bucket: make it, or look at blobs.s3.bucket, region and path_style")]
    NoBucket,
    #[error("it answers something else: {0}")]
    Odd(String),
    #[error("{0}")]
    Settings(String),
    /// A local file to be sent.
    #[error("a file cannot be read: {0}")]
    File(#[source] std::io::Error),
    /// An operation that is not permitted, for an operator.
    #[error("it cannot {what}: {error}")]
    Cannot { what: &'static str, error: Box<S3Error> },
}

/// More of a response is of no use.
const LONGEST_DETAIL: usize = 300;

impl S3Error {
    /// Whether a retry may succeed.
    pub(super) fn is_unreachable(&self) -> bool {
        matches!(self, Self::Unreachable(_))
    }
}

impl From<object_store::Error> for S3Error {
    fn from(error: object_store::Error) -> Self {
        let text = chain(&error);
        let detail = || code(&text).map_or_else(|| shortened(&text), str::to_owned);
        // For listings, only the text says what went wrong.
        let is_refused = text.contains("status code: 403") || text.contains("status code: 401");
        match &error {
            _ if text.contains("NoSuchBucket") => Self::NoBucket,
            object_store::Error::NotFound { .. } => Self::Missing,
            object_store::Error::PermissionDenied { .. } | object_store::Error::Unauthenticated { .. } => {
                Self::Refused(detail())
            }
            _ if is_refused => Self::Refused(detail()),
            _ if is_connection(&error) || text.contains("status code: 5") => {
                Self::Unreachable(shortened(&text))
            }
            _ => Self::Odd(shortened(&text)),
        }
    }
}

/// Users are told that large files are unavailable; the operator finds the cause in the log.
impl From<S3Error> for Error {
    fn from(error: S3Error) -> Self {
        match error {
            S3Error::Missing => Self::NotFound(Kind::Object),
            S3Error::File(error) => crate::disk::of_disk(error),
            other => {
                tracing::warn!(error = &other as &dyn std::error::Error, "the store of large files fails");
                Self::Unavailable(Dependency::BlobStore)
            }
        }
    }
}

/// Whether there was no response at all.
fn is_connection(error: &object_store::Error) -> bool {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if inner.downcast_ref::<HttpError>().is_some() {
            return true;
        }
        cause = inner.source();
    }
    false
}

/// The `<Code>` of an S3 error document.
fn code(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("<Code>")?;
    rest.split_once("</Code>").map(|(code, _)| code)
}

fn shortened(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(LONGEST_DETAIL).collect()
}

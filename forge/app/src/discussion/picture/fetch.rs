use std::time::Duration;

use hearth_outbound::{
    Outbound, OutboundError, Url,
    header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue},
};

const PATIENCE: Duration = Duration::from_secs(10);
const REDIRECTS: u8 = 3;

/// The content types that are passed on. Browsers run nothing in the first ones, and nothing in the last as it is
/// served.
const KINDS: &[&str] = &[
    "image/apng",
    "image/avif",
    "image/bmp",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/vnd.microsoft.icon",
    "image/webp",
    "image/x-icon",
    "image/svg+xml",
];

/// Why a host gave no picture.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    #[error("the answer has the status {0}")]
    Status(u16),
    #[error("the answer is no picture")]
    Kind,
}

/// Fetches a picture: its content type and its bytes. No header says for whom.
pub(super) async fn fetch(
    outbound: &Outbound,
    address: Url,
    most_bytes: u64,
) -> Result<(&'static str, Vec<u8>), Refusal> {
    let request = outbound.get(address).within(PATIENCE).redirects(REDIRECTS);
    let response = request.header(ACCEPT, HeaderValue::from_static("image/*")).send().await?;
    if !response.status().is_success() {
        return Err(Refusal::Status(response.status().as_u16()));
    }
    let kind = kind(response.headers()).ok_or(Refusal::Kind)?;
    let bytes = response.bytes(usize::try_from(most_bytes).unwrap_or(usize::MAX)).await?;
    Ok((kind, bytes))
}

fn kind(headers: &HeaderMap) -> Option<&'static str> {
    known(headers.get(CONTENT_TYPE)?.to_str().ok()?.split(';').next()?)
}

/// One of the content types that are passed on.
pub(super) fn known(kind: &str) -> Option<&'static str> {
    KINDS.iter().copied().find(|known| known.eq_ignore_ascii_case(kind.trim()))
}

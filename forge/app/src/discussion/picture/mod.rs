//! Pictures of other hosts in users' texts. This site fetches them and passes them on, so that no reader's browser
//! contacts a host that a writer has chosen: such a host learns nothing about who reads.
//!
//! Only addresses that this site has signed are fetched, when it rendered a text that names them.

mod cache;
mod fetch;

use std::{fs::File, path::Path, sync::Arc, time::Duration};

use data_encoding::BASE64URL_NOPAD;
use hearth_core::Timestamp;
use hearth_git::{Shares, current_holders};
use hearth_outbound::Url;
use moka::future::Cache;
use sha2::{Digest as _, Sha256};

use self::cache::{Download, Kept, PictureCache};
use crate::App;

/// Longer addresses are those of no picture.
pub(crate) const MOST_ADDRESS_BYTES: usize = 2_000;
/// What addresses of pictures are signed for.
pub(crate) const PURPOSE: &str = "picture";

/// How long a picture is passed on before it is fetched again.
const FRESH: Duration = Duration::from_secs(24 * 60 * 60);
/// How long an address that gave no picture is left alone.
const FAILED: Duration = Duration::from_mins(1);
/// Pictures fetched at once, so that slow hosts do not hold up other requests, and those for one reader.
const AT_ONCE: usize = 8;
const AT_ONCE_FOR_ONE: usize = 4;
/// How long a reader waits for others' pictures.
const PATIENCE: Duration = Duration::from_secs(20);
const MOST_REMEMBERED: u64 = 10_000;

/// The pictures that this server has fetched lately.
pub(crate) struct Pictures {
    cache: Arc<PictureCache>,
    /// Attempts that are being made, which several readers wait for, and those that failed lately.
    attempts: Cache<[u8; 32], bool>,
    places: Shares,
}

/// A picture of another host.
#[derive(Debug)]
pub struct Picture {
    /// One of few content types, all of them pictures.
    pub kind: &'static str,
    /// Its bytes, from where the file is.
    pub file: File,
    pub size_bytes: u64,
    pub fetched_at: Timestamp,
    /// How long it may be kept by a browser.
    pub fresh_for: Duration,
}

/// Why there is no picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoPicture {
    /// This site has not made the address, or passes on no pictures.
    Unsigned,
    /// The host gave no picture; trying again helps after this time.
    Failed { retry_after: Duration },
}

impl Pictures {
    /// Kept in this folder, in no more than `most_bytes`.
    pub(crate) fn in_folder(folder: &Path, most_bytes: u64) -> Self {
        Self {
            cache: Arc::new(PictureCache::new(folder.join("pictures"), most_bytes)),
            attempts: Cache::builder().max_capacity(MOST_REMEMBERED).time_to_live(FAILED).build(),
            places: Shares::new(AT_ONCE, AT_ONCE_FOR_ONE),
        }
    }
}

/// The picture at an encoded address that this site has signed.
pub async fn get(app: &App, signature: &str, encoded: &str) -> Result<Picture, NoPicture> {
    let address = signed(app, signature, encoded).ok_or(NoPicture::Unsigned)?;
    let key: [u8; 32] = Sha256::digest(address.as_str().as_bytes()).into();
    let known = match open(app, key).await {
        Some(kept) if kept.is_fresh(app.now()) => return Ok(kept.into_picture(app.now())),
        known => known,
    };
    let attempt = app.pictures().attempts.try_get_with(key, fetch_and_keep(app, key, address)).await;
    let newest = if attempt.as_ref().is_ok_and(|is_there| *is_there) {
        app.pictures().attempts.invalidate(&key).await;
        open(app, key).await
    } else {
        None
    };
    // Where the host fails, the last picture that it gave is better than none. Whoever had to wait for others may try
    // again soon.
    let picture = newest.or(known).map(|kept| kept.into_picture(app.now()));
    picture.ok_or(NoPicture::Failed { retry_after: if attempt.is_err() { PATIENCE } else { FAILED } })
}

fn signed(app: &App, signature: &str, encoded: &str) -> Option<Url> {
    let address = String::from_utf8(BASE64URL_NOPAD.decode(encoded.as_bytes()).ok()?).ok()?;
    let is_ours = app.settings().external_pictures && app.signer().has_signed(PURPOSE, &address, signature);
    Url::parse(&address).ok().filter(|_| is_ours)
}

async fn open(app: &App, key: [u8; 32]) -> Option<Kept> {
    let cache = Arc::clone(&app.pictures().cache);
    let most_bytes = app.limits().picture_bytes;
    tokio::task::spawn_blocking(move || cache.open(&key, most_bytes)).await.ok().flatten()
}

/// Too many pictures are being fetched, for this reader or at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Busy;

/// Whether the host gave a picture, which is then kept.
async fn fetch_and_keep(app: &App, key: [u8; 32], address: Url) -> Result<bool, Busy> {
    let pictures = app.pictures();
    let host = address.host_str().unwrap_or_default().to_owned();
    let _place = pictures.places.acquire_within(PATIENCE, &current_holders()).await.ok_or(Busy)?;
    Ok(match fetch::fetch(app.outbound(), address, app.limits().picture_bytes).await {
        Ok((kind, bytes)) => {
            let stored = Download { kind, bytes, fetched_at: app.now() };
            let cache = Arc::clone(&pictures.cache);
            let kept = tokio::task::spawn_blocking(move || cache.keep(&key, &stored)).await;
            if let Ok(Err(error)) = &kept {
                tracing::warn!(error = error as &dyn std::error::Error, "a picture could not be kept");
            }
            matches!(kept, Ok(Ok(())))
        }
        Err(refusal) => {
            tracing::debug!(%host, error = &refusal as &dyn std::error::Error, "a picture could not be fetched");
            false
        }
    })
}

impl Kept {
    fn is_fresh(&self, now: Timestamp) -> bool {
        !self.fresh_for(now).is_zero()
    }

    fn into_picture(self, now: Timestamp) -> Picture {
        let fresh_for = self.fresh_for(now).max(FAILED);
        let Self { kind, file, size_bytes, fetched_at } = self;
        Picture { kind, file, size_bytes, fetched_at, fresh_for }
    }

    fn fresh_for(&self, now: Timestamp) -> Duration {
        FRESH.saturating_sub(now.since(self.fetched_at))
    }
}

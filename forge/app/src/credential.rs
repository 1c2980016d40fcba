//! From a secret that a program shows to the one who acts.

use data_encoding::HEXLOWER;
use hearth_core::{Result, Scopes, Timestamp};
use hearth_store::{access_token, access_token::AccessToken, user};
use sha2::{Digest as _, Sha256};

use crate::{Actor, App};

/// A token's last use is noted at most this often, so that reading through the API writes nothing.
const NOTE_EVERY_SECONDS: u64 = 60;

/// What is kept of a token: its SHA-256 in hex.
pub fn hash(token: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(token.as_bytes()))
}

/// The person of an access token; none when it is no token, has expired, or its owner may not sign in.
pub async fn by_token(app: &App, token: &str) -> Result<Option<Actor>> {
    if token.len() != 40 || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Ok(None);
    }
    let now = app.now();
    let mut reader = app.store().read().await?;
    let Some(token) = access_token::find_by_hash(&mut reader, &hash(token), now).await? else {
        return Ok(None);
    };
    let Some(user) = user::find(&mut reader, token.user_id).await?.filter(|user| !user.is_blocked) else {
        return Ok(None);
    };
    drop(reader);
    note_use(app, &token, now).await?;
    // A word that a newer version wrote is not understood here: then the token is good for nothing.
    Ok(token.scopes.parse::<Scopes>().ok().map(|scopes| Actor::token(user, scopes)))
}

async fn note_use(app: &App, token: &AccessToken, now: Timestamp) -> Result<()> {
    if token.last_used_at.is_some_and(|last| now.since(last).as_secs() < NOTE_EVERY_SECONDS) {
        return Ok(());
    }
    let mut writer = app.store().write().await?;
    access_token::touch(&mut writer, token.id, now).await?;
    writer.commit().await?;
    Ok(())
}

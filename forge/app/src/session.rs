//! Sessions of browsers. What they hold is the pages' business; here they end.

use data_encoding::HEXLOWER;
use hearth_core::Result;
use hearth_store::session;
use sha2::{Digest as _, Sha256};

use crate::{Actor, App};

/// How a session's id is kept: hashed, so that who reads the table can sign in as nobody.
pub fn key(id: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(id.as_bytes()))
}

/// Ends every session of the person who asks, the present one too; the page makes that one anew.
pub async fn end_all(app: &App, actor: &Actor) -> Result<u64> {
    let user = actor.signed_in()?.id;
    let mut operation = app.begin().await?;
    let ended = session::delete_of(&mut operation, user).await?;
    operation.commit().await?;
    Ok(ended)
}

/// How many browsers the person who asks is signed in with.
pub async fn count(app: &App, actor: &Actor) -> Result<u64> {
    let user = actor.signed_in()?.id;
    Ok(session::count_of(&mut app.store().read().await?, user, app.now()).await?)
}

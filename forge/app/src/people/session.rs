//! Browser sessions. Their contents are the pages' business; here they are stored and ended.

use std::time::Duration;

use data_encoding::HEXLOWER;
use hearth_core::{Action, Error, Kind, Result, Scope, Timestamp, UserId};
use hearth_store::{
    session,
    user::{self, User},
};
use serde::Serialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

pub use hearth_store::session::Data;

use crate::{Actor, App, Operation, audit, audit::Fact};

/// How a session's id is stored: hashed, so that whoever reads the table can sign in as nobody.
fn key(id: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(id.as_bytes()))
}

/// A session's row with its full lifetime, measured by the site's clock.
fn row(app: &App, id: &str, user_id: Option<UserId>, data: Data) -> session::Session {
    let life = Duration::from_secs(u64::from(app.settings().session_days) * 24 * 3600);
    session::Session { id: key(id), user_id, data: data.into(), expires_at: app.now() + life }
}

/// Stores a new session. With a user it is a sign-in, which they see in their security log. `false`: the id is
/// taken.
pub async fn create(app: &App, id: &str, user: Option<UserId>, data: Data) -> Result<bool> {
    let mut operation = app.begin().await?;
    let is_new = session::insert(&mut operation, &row(app, id, user, data)).await?;
    if let Some(user) = user.filter(|_| is_new) {
        let user = user::find(&mut operation, user).await?.ok_or(Error::NotFound(Kind::User))?;
        note::<()>(&mut operation, &user, "signed-in", None).await?;
    }
    operation.commit().await?;
    Ok(is_new)
}

/// Notes what somebody did with their own sessions.
async fn note<T: Serialize>(
    operation: &mut Operation,
    user: &User,
    action: &'static str,
    after: Option<&T>,
) -> Result<()> {
    let fact = Fact { kind: "session", subject: user.name.as_str(), action, before: None, after };
    audit::note_of_account(operation, Some(user.id), user.id, fact).await
}

/// Updates a session and extends its lifetime. One that has ended stays ended.
pub async fn save(app: &App, id: &str, user: Option<UserId>, data: Data) -> Result<()> {
    let mut operation = app.begin().await?;
    session::update(&mut operation, &row(app, id, user, data)).await?;
    operation.commit().await
}

/// A session's data and when it expires. None: it has ended.
pub async fn load(app: &App, id: &str) -> Result<Option<(Data, Timestamp)>> {
    let found = session::find(&mut app.store().read().await?, &key(id), app.now()).await?;
    Ok(found.map(|row| (row.data.0, row.expires_at)))
}

/// Ends a session.
pub async fn end(app: &App, id: &str) -> Result<()> {
    let mut operation = app.begin().await?;
    session::delete(&mut operation, &key(id)).await?;
    operation.commit().await
}

/// The person a session belongs to. None: the account is gone or blocked.
pub async fn person(app: &App, id: UserId) -> Result<Option<User>> {
    let found = user::find(&mut app.store().read().await?, id).await?;
    Ok(found.filter(|user| !user.is_blocked))
}

/// Lets the actor act as a site administrator in this session, in everybody's repositories and organisations;
/// returns until when.
pub async fn begin_administering(app: &App, actor: &Actor) -> Result<Timestamp> {
    let admin = in_person(actor)?;
    let until = app.now() + Duration::from_secs(u64::from(app.settings().administering_minutes) * 60);
    let mut operation = app.begin().await?;
    note(&mut operation, admin, "administration-begun", Some(&json!({ "until": until }))).await?;
    operation.commit().await?;
    Ok(until)
}

/// Stops acting as an administrator before the time is up.
pub async fn end_administering(app: &App, actor: &Actor) -> Result<()> {
    let admin = in_person(actor)?;
    let mut operation = app.begin().await?;
    note::<()>(&mut operation, admin, "administration-ended", None).await?;
    operation.commit().await
}

/// An administrator, by a session: programs have tokens with scopes instead.
fn in_person(actor: &Actor) -> Result<&User> {
    let admin = actor.administrator(Scope::WriteAdmin)?;
    if actor.is_in_person() { Ok(admin) } else { Err(Error::Forbidden(Action::Scope)) }
}

/// Ends all the actor's sessions, including the current one, which the page then recreates.
pub async fn end_all(app: &App, actor: &Actor) -> Result<u64> {
    let user = actor.signed_in()?;
    let mut operation = app.begin().await?;
    let ended = session::delete_of(&mut operation, user.id).await?;
    note(&mut operation, user, "sessions-ended", Some(&json!({ "sessions": ended }))).await?;
    operation.commit().await?;
    Ok(ended)
}

/// How many sessions the actor has.
pub async fn count(app: &App, actor: &Actor) -> Result<u64> {
    let user = actor.signed_in()?.id;
    Ok(session::count_of(&mut app.store().read().await?, user, app.now()).await?)
}

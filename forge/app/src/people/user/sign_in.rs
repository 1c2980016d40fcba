use hearth_core::{Action, Error, Result};
use hearth_store::user::{self, User};

use crate::{
    Actor, App, ClientAddress,
    password::{self, Password},
};

/// The account with this name (or email address) and this password.
///
/// An unknown name and a wrong password give the same error and take the same time. Only somebody who knows
/// the password learns that the account is blocked.
pub async fn sign_in(app: &App, login: &str, password: &Password, from: ClientAddress) -> Result<User> {
    match check(app, login, password, from).await? {
        Some(user) => Ok(user),
        None => Err(Error::field("password", "sign-in-wrong")),
    }
}

/// The same for programs: HTTP Basic.
pub async fn authenticate(app: &App, login: &str, password: &Password, from: ClientAddress) -> Result<Actor> {
    check(app, login, password, from).await?.map(Actor::person).ok_or(Error::SignInRequired)
}

async fn check(app: &App, login: &str, password: &Password, from: ClientAddress) -> Result<Option<User>> {
    let login = login.trim();
    if login.len() > hearth_core::Email::LONGEST {
        return Ok(None);
    }
    app.guesses().count(login, from, app.monotonic())?;
    let mut reader = app.store().read().await?;
    let user = if login.contains('@') {
        user::find_by_email(&mut reader, login).await?
    } else {
        user::find_by_name(&mut reader, login).await?
    };
    let kept = match &user {
        Some(user) => user::find_password_hash(&mut reader, user.id).await?,
        None => None,
    };
    drop(reader);
    if !password::verify(password, kept).await? {
        return Ok(None);
    }
    app.guesses().forgive(login, from);
    match user {
        Some(user) if user.is_blocked => Err(Error::Forbidden(Action::SignInBlocked)),
        user => Ok(user),
    }
}

//! Password recovery: a link sent by email.

use std::time::Duration;

use hearth_core::{Action, Email, Error, Result, Timestamp, UserId, urls};
use hearth_store::{
    Ask, setting,
    user::{self, User},
};
use subtle::ConstantTimeEq as _;

use super::password_change::keep_password;
use crate::{
    App, ClientAddress,
    jobs::{self, SendReset},
    mail::{self, EmailKind},
    password::{self, Password},
    secret,
};

/// How long a link works.
const LIFE: Duration = Duration::from_hours(1);
/// At most one email per account in this time, so that repeated requests cannot flood an inbox.
const PAUSE: Duration = Duration::from_mins(5);

/// Requests a reset email to the owner of the account with this name or address. The answer does not reveal
/// whether it exists.
pub async fn ask_for_reset(app: &App, login: &str, from: ClientAddress) -> Result<()> {
    if !mail::is_configured(app) {
        return Err(Error::Forbidden(Action::SendMail));
    }
    let login = login.trim();
    if login.is_empty() || login.len() > Email::LONGEST {
        return Err(Error::field("name", "required"));
    }
    app.guesses().count(login, from, app.monotonic())?;
    jobs::enqueue(app, &SendReset { login: login.to_owned() }).await
}

/// Sends the email if there is an account to send it to.
pub(crate) async fn send_reset(app: &App, login: &str) -> Result<()> {
    let mut reader = app.store().read().await?;
    let user = if login.contains('@') {
        user::find_by_email(&mut reader, login).await?
    } else {
        user::find_by_name(&mut reader, login).await?
    };
    let Some(user) = user.filter(|user| !user.is_blocked) else { return Ok(()) };
    let kept = find(&mut reader, user.id).await?;
    drop(reader);
    if kept.is_some_and(|kept| kept.made_at + PAUSE > app.now()) {
        return Ok(());
    }
    let (made, hash) = make(app, user.id);
    let kept = Kept { hash, made_at: app.now() };
    keep(app, user.id, &kept).await?;
    let link = app.urls().absolute(&urls::reset(&made));
    let kind = EmailKind::Reset { user: user.name.as_str(), link: &link, minutes: LIFE.as_secs() / 60 };
    let language = user.language.unwrap_or_default();
    let sent = mail::hand_over(app, &user.email, &kind, language).await;
    if !matches!(sent, Ok(true)) {
        // Nobody has the link: the next attempt creates another.
        forget(app, user.id, &kept).await?;
    }
    sent.map(drop)
}

/// The person whose password the link resets, while it works.
pub async fn find_reset(app: &App, given: &str) -> Result<User> {
    Ok(open(app, &mut app.store().read().await?, given).await?.0)
}

/// Sets a new password for the account. The link works once; all sessions end.
pub async fn reset_by_link(app: &App, given: &str, new: &Password) -> Result<User> {
    let (user, kept) = open(app, &mut app.store().read().await?, given).await?;
    if let Err(error) = password::check(new, user.name.as_str(), "password") {
        return Err(Error::Invalid(vec![error]));
    }
    let hash = password::hash(app, new).await?;
    let mut operation = app.begin().await?;
    if !setting::take(&mut operation, &name_of(user.id), &kept.to_text()).await? {
        return Err(refused());
    }
    keep_password(&mut operation, Some(user.id), &user, &hash).await?;
    operation.commit().await?;
    Ok(user)
}

/// What is stored of a link. Each account has at most one.
#[derive(Debug, PartialEq, Eq)]
struct Kept {
    hash: String,
    made_at: Timestamp,
}

impl Kept {
    fn to_text(&self) -> String {
        format!("{} {}", self.hash, self.made_at.as_microsecond())
    }

    fn parse(text: &str) -> Option<Self> {
        let (hash, made_at) = text.split_once(' ')?;
        Some(Self { hash: hash.to_owned(), made_at: Timestamp::from_microsecond(made_at.parse().ok()?) })
    }
}

/// The token for the link, and the hash to store.
fn make(app: &App, user: UserId) -> (String, String) {
    let made = secret::make(app.random());
    let hash = secret::hash(&made);
    (format!("{user}-{made}"), hash)
}

async fn find(ask: &mut impl Ask, user: UserId) -> Result<Option<Kept>> {
    Ok(setting::find(ask, &name_of(user)).await?.as_deref().and_then(Kept::parse))
}

async fn keep(app: &App, user: UserId, kept: &Kept) -> Result<()> {
    let mut operation = app.begin().await?;
    setting::put(&mut operation, &name_of(user), &kept.to_text()).await?;
    operation.commit().await?;
    Ok(())
}

async fn forget(app: &App, user: UserId, kept: &Kept) -> Result<()> {
    let mut operation = app.begin().await?;
    setting::take(&mut operation, &name_of(user), &kept.to_text()).await?;
    operation.commit().await?;
    Ok(())
}

async fn open(app: &App, ask: &mut impl Ask, given: &str) -> Result<(User, Kept)> {
    let (id, made) = given.split_once('-').ok_or_else(refused)?;
    let id: UserId = id.parse().map_err(|_| refused())?;
    if !secret::is_possible(made) {
        return Err(refused());
    }
    let kept = find(ask, id).await?.ok_or_else(refused)?;
    let is_right: bool = kept.hash.as_bytes().ct_eq(secret::hash(made).as_bytes()).into();
    if !is_right || app.now() > kept.made_at + LIFE {
        return Err(refused());
    }
    let user = user::find(ask, id).await?.filter(|user| !user.is_blocked).ok_or_else(refused)?;
    Ok((user, kept))
}

fn refused() -> Error {
    Error::Forbidden(Action::SignInLink)
}

fn name_of(user: UserId) -> String {
    format!("reset_link.{user}")
}

//! Access tokens: they let a program in, for what their scopes name.

use std::time::Duration;

use hearth_core::{
    Action, Conflict, Error, FieldError, FieldErrors, Kind, Result, Scope, Scopes, TokenId, UserId,
    event::{AccountEvent, TokenReference},
};
use hearth_store::{
    Meaning as _,
    access_token::{self, NewAccessToken},
    user::{self, User},
};
use serde_json::json;

pub use hearth_store::access_token::AccessToken;

use crate::{Actor, App, Operation, audit, audit::Fact, secret};

const LONGEST_NAME: usize = 100;
const LONGEST_LIFE_DAYS: u32 = 3650;
/// The use of a token is recorded at most this often.
const TOUCH_EVERY: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// What a person asks for.
#[derive(Clone, Debug, Default)]
pub struct NewToken {
    pub name: String,
    /// Names of [`Scope`]s; an empty list is an error.
    pub scopes: Vec<String>,
    /// None: the site's default.
    pub days: Option<u32>,
}

/// A token and its secret, which is shown only this once.
#[derive(Debug)]
pub struct Minted {
    pub token: AccessToken,
    pub secret: String,
}

/// Creates a token for the actor, who must be here in person: a token cannot create another.
pub async fn mint(app: &App, actor: &Actor, new: NewToken) -> Result<Minted> {
    let user = in_person(actor)?;
    insert(app, Some(user.id), user, new).await
}

/// Creates a token for any user, on behalf of the operator.
pub async fn mint_for(app: &App, user: &User, new: NewToken) -> Result<Minted> {
    insert(app, None, user, new).await
}

/// `by`: who creates it; none: the operator.
async fn insert(app: &App, by: Option<UserId>, user: &User, new: NewToken) -> Result<Minted> {
    let name = new.name.trim();
    let mut errors = FieldErrors::default();
    if name.is_empty() {
        errors.add("name", "required");
    } else if name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        errors.add("name", "too-long");
    }
    let scopes = match Scopes::try_from(new.scopes) {
        Err(bad) if bad.0.is_empty() => {
            errors.add("scopes", "scope-none");
            None
        }
        Err(bad) => {
            errors.push(FieldError::new("scopes", "scope-unknown").with("scope", bad.0));
            None
        }
        Ok(scopes) if scopes.allow(Scope::ReadAdmin) && !user.is_admin => {
            errors.add("scopes", "scope-admin");
            None
        }
        Ok(scopes) => Some(scopes),
    };
    let days = match new.days.or_else(|| Some(app.settings().token_days).filter(|days| *days > 0)) {
        Some(0 | LONGEST_LIFE_DAYS..) => {
            errors.push(FieldError::new("days", "token-days").with("most", u64::from(LONGEST_LIFE_DAYS)));
            None
        }
        days => days,
    };
    errors.into_result()?;
    let scopes = scopes.ok_or_else(|| Error::internal("bad scopes make an error"))?;

    let made = secret::make(app.random());
    let now = app.now();
    let row = NewAccessToken {
        user_id: user.id,
        name: name.to_owned(),
        hash: secret::hash(&made),
        last_eight: made[32..].to_owned(),
        scopes: scopes.to_string(),
        expires_at: days.map(|days| now + DAY * days),
        created_at: now,
    };
    let mut operation = app.begin().await?;
    if access_token::count(&mut operation, user.id).await? >= app.limits().tokens {
        return Err(Error::TooLarge(app.limits().tokens_of_person()));
    }
    let token = access_token::insert(&mut operation, &row).await.on_taken(Conflict::NameTaken)?;
    let event = AccountEvent::TokenCreated { token: token.name.clone() };
    operation.record_of_account(by, user.id, event).await?;
    note(&mut operation, by, &token, "created").await?;
    operation.commit().await?;
    Ok(Minted { token, secret: made })
}

/// The actor's tokens, newest first; without their secrets, which are not stored.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<AccessToken>> {
    let user = in_person(actor)?;
    Ok(access_token::list(&mut app.store().read().await?, user.id).await?)
}

/// Revokes a token immediately.
pub async fn revoke(app: &App, actor: &Actor, id: TokenId) -> Result<()> {
    let user = in_person(actor)?;
    let mut operation = app.begin().await?;
    let revoked = access_token::delete(&mut operation, user.id, id).await?;
    end(operation, revoked, TokenReference::Number(id)).await
}

/// Revokes the token of this name immediately.
pub async fn revoke_by_name(app: &App, actor: &Actor, name: &str) -> Result<()> {
    let user = in_person(actor)?;
    let mut operation = app.begin().await?;
    let revoked = access_token::delete_by_name(&mut operation, user.id, name).await?;
    end(operation, revoked, TokenReference::Name(name.to_owned())).await
}

async fn end(mut operation: Operation, revoked: Option<AccessToken>, named: TokenReference) -> Result<()> {
    let token = revoked.ok_or(Error::NotFound(Kind::Token))?;
    let user = token.user_id;
    operation.record_of_account(Some(user), user, AccountEvent::TokenDeleted { token: named }).await?;
    note(&mut operation, Some(user), &token, "deleted").await?;
    operation.commit().await
}

/// Notes what the token lets in; never its secret, of which not even the hash is noted.
async fn note(
    operation: &mut Operation,
    by: Option<UserId>,
    token: &AccessToken,
    action: &'static str,
) -> Result<()> {
    let covers = json!({ "scopes": token.scopes, "expires": token.expires_at });
    let (before, after) = if action == "created" { (None, Some(&covers)) } else { (Some(&covers), None) };
    let fact = Fact { kind: "token", subject: &token.name, action, before, after };
    audit::note_of_account(operation, by, token.user_id, fact).await
}

/// Who holds this secret. `None`: it is not a token, or one that was revoked or has expired.
pub async fn authenticate(app: &App, secret: &str) -> Result<Option<Actor>> {
    if !secret::is_possible(secret) {
        return Ok(None);
    }
    let now = app.now();
    let mut reader = app.store().read().await?;
    let Some(token) = access_token::find_by_hash(&mut reader, &secret::hash(secret), now).await? else {
        return Ok(None);
    };
    let owner = user::find(&mut reader, token.user_id).await?.ok_or(Error::NotFound(Kind::User))?;
    drop(reader);
    if owner.is_blocked {
        return Err(Error::Forbidden(Action::SignInBlocked));
    }
    let scopes = token.scopes.parse::<Scopes>().map_err(Error::internal)?;
    if token.last_used_at.is_none_or(|last| now.since(last) >= TOUCH_EVERY) {
        let mut operation = app.begin().await?;
        access_token::touch(&mut operation, token.id, now).await?;
        operation.commit().await?;
    }
    Ok(Some(Actor::token(owner, scopes)))
}

/// Whether this secret is a token of the actor that works now. Asking does not count as use.
pub async fn is_own(app: &App, actor: &Actor, secret: &str) -> Result<bool> {
    if !secret::is_possible(secret) {
        return Ok(false);
    }
    let mut reader = app.store().read().await?;
    let found = access_token::find_by_hash(&mut reader, &secret::hash(secret), app.now()).await?;
    Ok(found.is_some_and(|token| actor.user_id() == Some(token.user_id)))
}

fn in_person(actor: &Actor) -> Result<&User> {
    let user = actor.signed_in()?;
    if actor.is_in_person() { Ok(user) } else { Err(Error::Forbidden(Action::Scope)) }
}

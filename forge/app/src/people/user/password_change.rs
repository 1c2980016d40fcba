use hearth_core::{Action, Error, FieldErrors, Kind, Result, UserId, event::AccountEvent};
use hearth_store::{
    session,
    user::{self, User},
};

use crate::{
    Actor, App, ClientAddress, Operation,
    password::{self, Password},
};

/// Changes one's own password. All sessions end; the page recreates the current one.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    current: &Password,
    new: &Password,
    from: ClientAddress,
) -> Result<()> {
    let mut errors = FieldErrors::default();
    if let Err(error) = password::check(new, actor.signed_in()?.name.as_str(), "new_password") {
        errors.push(error);
    }
    let user = errors.merge(confirm(app, actor, current, from).await)?;
    replace(app, Some(user.id), user, new).await
}

/// Sets an account's password from the command line. All sessions end.
pub async fn reset_password(app: &App, name: &str, new: &Password) -> Result<()> {
    let found = user::find_by_name(&mut app.store().read().await?, name).await?;
    let user = found.ok_or(Error::NotFound(Kind::User))?;
    if let Err(error) = password::check(new, user.name.as_str(), "password") {
        return Err(Error::Invalid(vec![error]));
    }
    replace(app, None, &user, new).await
}

/// The actor, once they have confirmed their password.
pub(super) async fn confirm<'a>(
    app: &App,
    actor: &'a Actor,
    current: &Password,
    from: ClientAddress,
) -> Result<&'a User> {
    let user = actor.signed_in()?;
    if !actor.is_in_person() {
        return Err(Error::Forbidden(Action::Scope));
    }
    app.guesses().count(user.name.as_str(), from, app.monotonic())?;
    let kept = user::find_password_hash(&mut app.store().read().await?, user.id).await?;
    if !password::verify(current, kept).await? {
        return Err(Error::field("current_password", "password-wrong"));
    }
    app.guesses().forgive(user.name.as_str(), from);
    Ok(user)
}

async fn replace(app: &App, by: Option<UserId>, user: &User, new: &Password) -> Result<()> {
    let hash = password::hash(app, new).await?;
    let mut operation = app.begin().await?;
    keep_password(&mut operation, by, user, &hash).await?;
    operation.commit().await?;
    Ok(())
}

/// Stores a new password, ends all sessions, and records the event. `by`: who sets it; none: the operator.
pub(super) async fn keep_password(
    operation: &mut Operation,
    by: Option<UserId>,
    user: &User,
    hash: &str,
) -> Result<()> {
    user::set_password_hash(operation, user.id, hash).await?;
    session::delete_of(operation, user.id).await?;
    let event = AccountEvent::PasswordChanged { user: user.name.clone() };
    operation.record_of_account(by, user.id, event).await?;
    Ok(())
}

use hearth_core::{
    Action, Conflict, Error, Kind, Page, PageRequest, Result, Scope, UserName, event::AccountEvent,
};
use hearth_store::{
    repository::{self, Filter, Viewer},
    session,
    user::{self, User},
};
use serde_json::json;

use crate::{Actor, App, Operation, audit, audit::Fact};

/// How much there is on this site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    pub users: u64,
    pub admins: u64,
    pub repositories: u64,
}

/// All accounts, including blocked ones, oldest first.
pub async fn list_all(app: &App, actor: &Actor, text: &str, request: PageRequest) -> Result<Page<User>> {
    actor.administrator(Scope::ReadAdmin)?;
    super::page(app, text, true, request).await
}

pub async fn counts(app: &App, actor: &Actor) -> Result<Counts> {
    actor.administrator(Scope::ReadAdmin)?;
    let mut reader = app.store().read().await?;
    let everything = Filter { viewer: Viewer::Administrator, ..Filter::default() };
    Ok(Counts {
        users: user::count(&mut reader, &user::Filter { text: None, with_blocked: true }).await?,
        admins: user::count_admins(&mut reader).await?,
        repositories: repository::count(&mut reader, &everything).await?,
    })
}

/// Locks somebody out: their sessions end now; tokens and keys are refused.
pub async fn block(app: &App, actor: &Actor, name: &str) -> Result<User> {
    let (mut operation, user) = begin(app, actor, name).await?;
    user::set_blocked(&mut operation, user.id, true).await?;
    end(actor, operation, user, |user| AccountEvent::Blocked { user }).await
}

pub async fn unblock(app: &App, actor: &Actor, name: &str) -> Result<User> {
    let (mut operation, user) = begin(app, actor, name).await?;
    user::set_blocked(&mut operation, user.id, false).await?;
    end(actor, operation, user, |user| AccountEvent::Unblocked { user }).await
}

/// Makes somebody an administrator from their next sign-in on.
pub async fn make_admin(app: &App, actor: &Actor, name: &str) -> Result<User> {
    let (mut operation, user) = begin(app, actor, name).await?;
    user::set_admin(&mut operation, user.id, true).await?;
    end(actor, operation, user, |user| AccountEvent::MadeAdministrator { user }).await
}

pub async fn unmake_admin(app: &App, actor: &Actor, name: &str) -> Result<User> {
    let (mut operation, user) = begin(app, actor, name).await?;
    user::set_admin(&mut operation, user.id, false).await?;
    end(actor, operation, user, |user| AccountEvent::UnmadeAdministrator { user }).await
}

/// The account to be changed. Nobody changes their own rights, and whoever changes another's must still have
/// theirs: so an administrator always remains, even when two revoke each other's rights at once.
async fn begin(app: &App, actor: &Actor, name: &str) -> Result<(Operation, User)> {
    let admin = actor.administrator(Scope::WriteAdmin)?.id;
    let mut operation = app.begin().await?;
    let found = user::find_by_name(&mut operation, name).await?.ok_or(Error::NotFound(Kind::User))?;
    if found.id == admin {
        return Err(Error::Conflict(Conflict::State));
    }
    // Always locked in the same order, so that nothing deadlocks.
    let first = user::lock(&mut operation, admin.min(found.id)).await?;
    let second = user::lock(&mut operation, admin.max(found.id)).await?;
    let (admin, user) = if admin < found.id { (first, second) } else { (second, first) };
    if !admin.is_some_and(|admin| admin.is_admin && !admin.is_blocked) {
        return Err(Error::Forbidden(Action::AdministerSite));
    }
    Ok((operation, user.ok_or(Error::NotFound(Kind::User))?))
}

/// Ends the account's sessions: its rights changed, so it has to sign in again.
async fn end(
    actor: &Actor,
    mut operation: Operation,
    user: User,
    happened: fn(UserName) -> AccountEvent,
) -> Result<User> {
    session::delete_of(&mut operation, user.id).await?;
    operation.record_of_account(actor.user_id(), user.id, happened(user.name.clone())).await?;
    let changed = user::find(&mut operation, user.id).await?.ok_or(Error::NotFound(Kind::User))?;
    let rights = |user: &User| json!({ "is_admin": user.is_admin, "is_blocked": user.is_blocked });
    let (before, after) = (rights(&user), rights(&changed));
    let fact = Fact {
        kind: "user",
        subject: user.name.as_str(),
        action: "changed",
        before: Some(&before),
        after: Some(&after),
    };
    audit::note_of_account(&mut operation, actor.user_id(), user.id, fact).await?;
    operation.commit().await?;
    Ok(changed)
}

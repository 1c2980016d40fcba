use hearth_core::{Action, Conflict, Error, Kind, Result, Scope, UserName, event::AccountEvent};
use hearth_store::{
    Meaning as _, departed,
    repository::{self, Viewer},
    task,
    task_filter::TaskFilter,
    user,
};
use serde_json::{Value, json};

use crate::{Actor, App, audit, audit::Fact, task::active_states};

/// Deletes an account, for site administrators. What its person wrote stays, under a name that says nothing; their
/// name is free for others.
///
/// Refused while they own repositories, are the last owner of an organisation, or have tasks that have not ended.
pub async fn delete(app: &App, actor: &Actor, name: &str) -> Result<()> {
    let administrator = actor.administrator(Scope::WriteAdmin)?.id;
    let mut operation = app.begin().await?;
    let found = user::find_by_name(&mut operation, name).await?.ok_or(Error::NotFound(Kind::User))?;
    if found.id == administrator {
        return Err(Error::Conflict(Conflict::State));
    }
    // In the order in which rights are changed as well.
    user::lock(&mut operation, administrator.min(found.id)).await?;
    user::lock(&mut operation, administrator.max(found.id)).await?;
    let still = user::find(&mut operation, administrator).await?;
    if !still.is_some_and(|still| still.is_admin && !still.is_blocked) {
        return Err(Error::Forbidden(Action::AdministerSite));
    }
    if repository::count_of_owner(&mut operation, found.id.into()).await? > 0 {
        return Err(Error::Conflict(Conflict::OwnsRepositories));
    }
    if departed::is_last_owner(&mut operation, found.id).await? {
        return Err(Error::Conflict(Conflict::LastOwner));
    }
    let active = TaskFilter { states: active_states(), ..TaskFilter::default() };
    if task::count_of_creator(&mut operation, found.id, Viewer::Administrator, &active).await? > 0 {
        return Err(Error::Conflict(Conflict::State));
    }
    let nobody: UserName = format!("deleted-{}", found.id).parse().map_err(Error::internal)?;
    let address = format!("{nobody}@noreply.localhost").parse().map_err(Error::internal)?;
    let now = operation.now();
    let erased = departed::erase(&mut operation, found.id, &nobody, &address, now).await;
    erased.on_taken(Conflict::NameTaken)?;
    let deleted = AccountEvent::Deleted { user: found.name.clone() };
    operation.record_of_account(Some(administrator), found.id, deleted).await?;
    let before = json!({ "is_admin": found.is_admin, "is_blocked": found.is_blocked });
    let fact = Fact::<Value> {
        kind: "user",
        subject: found.name.as_str(),
        action: "deleted",
        before: Some(&before),
        after: None,
    };
    audit::note_of_account(&mut operation, Some(administrator), found.id, fact).await?;
    operation.commit().await
}

//! Assignees of a thread.

use hearth_core::{
    Error, Permission, Read, Result, SubscriptionReason, ThreadEventKind, Unit, UserName, Write,
};
use hearth_store::{assignee as row, grant, user};
use serde_json::json;

use super::{Act, ThreadEdit, User, may_read};
use crate::{Access, App, Operation};

/// At most this many people are offered.
const MOST_CANDIDATES: u64 = 500;

impl ThreadEdit {
    /// Sets the assignees to exactly these people, by name.
    pub(crate) async fn set_assignees(&mut self, access: &Access<Write>, names: &[String]) -> Result<()> {
        let actor = access.writer().id;
        let wanted = readers(&mut self.operation, access, names).await?;
        let mut is_changed = false;
        for assigned in row::list(&mut self.operation, &[self.thread.id]).await? {
            if !wanted.iter().any(|person| person.id == assigned.user_id) {
                row::delete(&mut self.operation, self.thread.id, assigned.user_id).await?;
                self.note(actor, ThreadEventKind::Unassigned, json!({ "name": assigned.name })).await?;
                self.record(access, Act::Unassigned(assigned.name)).await?;
                is_changed = true;
            }
        }
        for person in wanted {
            if row::insert(&mut self.operation, self.thread.id, person.id).await? {
                self.note(actor, ThreadEventKind::Assigned, json!({ "name": person.name })).await?;
                self.follow(person.id, SubscriptionReason::Assigned).await?;
                self.record(access, Act::Assigned(person.name)).await?;
                is_changed = true;
            }
        }
        if is_changed { self.touch().await } else { Ok(()) }
    }
}

/// The accounts of these names. Each must be able to read the repository: anybody else would learn that it
/// exists.
pub(crate) async fn readers<Level>(
    operation: &mut Operation,
    access: &Access<Level>,
    names: &[String],
) -> Result<Vec<User>> {
    let mut people = Vec::new();
    for name in names {
        let found = user::find_by_name(operation, name.trim().trim_start_matches('@')).await?;
        let person = found.ok_or(Error::field("assignees", "unknown-person"))?;
        if !may_read(operation, access, &person).await {
            return Err(Error::field("assignees", "unknown-person"));
        }
        people.push(person);
    }
    Ok(people)
}

/// The people offered as assignees, by name: for those who may assign, everybody with a grant in the
/// repository; for others, who may not know them, those who are assigned to something in it.
pub async fn candidates(app: &App, access: &Access<Read>) -> Result<Vec<UserName>> {
    let mut reader = app.store().read().await?;
    let id = access.repository().id;
    Ok(if access.can_in(Unit::Issues, Permission::Write) {
        grant::list_people(&mut reader, id, MOST_CANDIDATES).await?
    } else {
        row::list_assigned(&mut reader, id, MOST_CANDIDATES).await?
    })
}

/// The people who work on what is discussed in a repository, by name: those who may write in `unit`. Only for those
/// who may write there themselves; others get the [`candidates`] that they may know.
pub async fn writers(app: &App, access: &Access<Read>, unit: Unit) -> Result<Vec<UserName>> {
    if !access.can_in(unit, Permission::Write) {
        return candidates(app, access).await;
    }
    let mut reader = app.store().read().await?;
    let id = access.repository().id;
    Ok(grant::list_people_who_may(&mut reader, id, unit, Permission::Write, MOST_CANDIDATES).await?)
}

/// The accounts of some of the [`candidates`].
pub async fn candidate_users(app: &App, _access: &Access<Read>, names: &[UserName]) -> Result<Vec<User>> {
    let mut reader = app.store().read().await?;
    let mut users = Vec::with_capacity(names.len());
    for name in names {
        users.extend(user::find_by_name(&mut reader, name.as_str()).await?);
    }
    Ok(users)
}

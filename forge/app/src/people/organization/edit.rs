use hearth_core::{
    Administer, BadName, Conflict, Error, FieldErrors, Kind, Result, UserName, Visibility,
    event::{Audience, OrganizationEvent, Subject},
};
use hearth_store::{
    Meaning as _, organization as row, owner as owner_row,
    owner::OwnerProfile,
    repository::{self, Filter, Viewer},
};
use serde_json::json;

use super::{Organization, lock, record};
use crate::{
    Access, App,
    audit::{self, Fact},
    user::{is_web_address, line},
};

const LONGEST_DESCRIPTION: usize = 1_000;

/// Changes to an organisation; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub display_name: Option<String>,
    pub description: Option<String>,
    pub website: Option<String>,
    pub location: Option<String>,
    pub visibility: Option<Visibility>,
}

/// Validates an organisation's profile.
pub(super) fn profile(
    errors: &mut FieldErrors,
    display_name: &str,
    description: &str,
    website: &str,
    location: &str,
) -> OwnerProfile {
    let description = description.trim().replace("\r\n", "\n");
    if description.chars().count() > LONGEST_DESCRIPTION {
        errors.add("description", "too-long");
    }
    let website = website.trim().to_owned();
    if !website.is_empty() && !is_web_address(&website) {
        errors.add("website", "web-address");
    }
    let display_name = line(errors, "display_name", display_name);
    OwnerProfile { display_name, description, website, location: line(errors, "location", location) }
}

/// Changes an organisation's profile and visibility. It cannot become private while it has public
/// repositories.
pub async fn edit(app: &App, access: &Access<Administer, Organization>, edit: &Edit) -> Result<Organization> {
    let id = access.organization().id;
    let mut operation = app.begin().await?;
    let before = lock(&mut operation, id).await?;
    let mut errors = FieldErrors::default();
    let profile = profile(
        &mut errors,
        edit.display_name.as_ref().unwrap_or(&before.display_name),
        edit.description.as_ref().unwrap_or(&before.description),
        edit.website.as_ref().unwrap_or(&before.website),
        edit.location.as_ref().unwrap_or(&before.location),
    );
    errors.into_result()?;
    owner_row::set_profile(&mut operation, id.into(), &profile, app.now()).await?;
    let visibility = edit.visibility.unwrap_or(before.visibility);
    if visibility != before.visibility {
        let public = Filter { owner: Some(id.into()), viewer: Viewer::Anybody, ..Filter::default() };
        if visibility.is_private() && repository::count(&mut operation, &public).await? > 0 {
            return Err(Error::Conflict(Conflict::PublicRepositories));
        }
        row::set_visibility(&mut operation, id, visibility).await?;
        let said = |visibility: Visibility| json!({ "visibility": visibility });
        let (was, is) = (said(before.visibility), said(visibility));
        let fact = Fact {
            kind: "organization",
            subject: before.name.as_str(),
            action: "changed",
            before: Some(&was),
            after: Some(&is),
        };
        audit::note(&mut operation, access.actor(), fact).await?;
    }
    let event = OrganizationEvent::Edited { organization: before.name, visibility };
    record(&mut operation, access.actor().user_id(), id, event).await?;
    finish(operation, id).await
}

/// Renames an organisation. The old name leads to it until somebody takes it.
pub async fn rename(
    app: &App,
    access: &Access<Administer, Organization>,
    name: &str,
) -> Result<Organization> {
    let name: UserName = name.trim().parse().map_err(|bad: BadName| Error::field("name", bad.code()))?;
    let id = access.organization().id;
    let mut operation = app.begin().await?;
    lock(&mut operation, id).await?;
    let owner = owner_row::lock(&mut operation, id.into()).await?;
    let owner = owner.ok_or(Error::NotFound(Kind::Organization))?;
    if owner.name != name {
        owner_row::rename(&mut operation, &owner, &name, app.now()).await.on_taken(Conflict::NameTaken)?;
        let event = OrganizationEvent::Renamed { from: owner.name, to: name };
        record(&mut operation, access.actor().user_id(), id, event).await?;
    }
    finish(operation, id).await
}

async fn finish(mut operation: crate::Operation, id: hearth_core::OrganizationId) -> Result<Organization> {
    let after = row::find(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Organization))?;
    operation.commit().await?;
    Ok(after)
}

/// Deletes an organisation, with its teams and invitations, once it owns no repository.
pub async fn delete(app: &App, access: &Access<Administer, Organization>) -> Result<()> {
    let id = access.organization().id;
    let mut operation = app.begin().await?;
    let row = lock(&mut operation, id).await?;
    // This includes those whose files are still being removed: by the next attempt they will be gone.
    if repository::count_of_owner(&mut operation, id.into()).await? > 0 {
        return Err(Error::Conflict(Conflict::OwnsRepositories));
    }
    owner_row::delete(&mut operation, id.into()).await?;
    let by = access.administrator().id;
    // What its members could read is deleted with it; this event stays, for whoever deleted it.
    let event = OrganizationEvent::Deleted { organization: row.name };
    operation.record(Some(by), Subject::Organization(id), Audience::Account(by), event).await?;
    operation.commit().await
}

//! Labels of an organisation, with which its repositories begin.
//!
//! A repository that is created, generated or forked into the organisation gets copies, which are its own from then on: changing or
//! deleting the organisation's label leaves them as they are. A repository that is transferred keeps its own labels; like all
//! others, it gets those that it lacks when somebody asks for that.

use hearth_core::{
    Administer, Conflict, Error, Kind, OrganizationId, OrganizationLabelId, OwnerId, Read, RepositoryId,
    Result, event::OrganizationEvent,
};
use hearth_store::{Meaning as _, organization_label as row};

pub use hearth_store::organization_label::OrganizationLabel;

use super::{Organization, lock, record};
use crate::{
    Access, App, Operation,
    jobs::AddOrganizationLabels,
    label::{LabelEdit, LabelInput, checked},
};

/// How many repositories get labels in one operation.
const REPOSITORIES_AT_ONCE: u64 = 20;

pub async fn create(
    app: &App,
    access: &Access<Administer, Organization>,
    input: &LabelInput,
) -> Result<OrganizationLabel> {
    let LabelInput { name, color, description, is_exclusive } = checked(input)?;
    let mut operation = app.begin().await?;
    // Locked, so that the limit holds.
    let organization = lock(&mut operation, access.organization().id).await?;
    if row::count(&mut operation, organization.id).await? >= app.limits().organization_labels {
        return Err(Error::TooLarge(app.limits().labels_of_organization()));
    }
    let (organization_id, created_at) = (organization.id, operation.now());
    let new =
        row::NewOrganizationLabel { organization_id, name, color, description, is_exclusive, created_at };
    let label = row::insert(&mut operation, &new).await.on_taken(Conflict::LabelTaken)?;
    let event =
        OrganizationEvent::LabelCreated { organization: organization.name, label: label.name.clone() };
    record(&mut operation, access.actor().user_id(), organization_id, event).await?;
    operation.commit().await?;
    Ok(label)
}

pub async fn edit(
    app: &App,
    access: &Access<Administer, Organization>,
    id: OrganizationLabelId,
    edit: LabelEdit,
) -> Result<OrganizationLabel> {
    let (mut operation, organization, old) = begin(app, access, id).await?;
    let OrganizationLabel { id, organization_id, name, color, description, is_exclusive } = old;
    let input = edit.applied_to(LabelInput { name, color, description, is_exclusive })?;
    let LabelInput { name, color, description, is_exclusive } = input;
    let new = OrganizationLabel { id, organization_id, name, color, description, is_exclusive };
    row::update(&mut operation, &new).await.on_taken(Conflict::LabelTaken)?;
    let event = OrganizationEvent::LabelEdited { organization: organization.name, label: new.name.clone() };
    record(&mut operation, access.actor().user_id(), organization_id, event).await?;
    operation.commit().await?;
    Ok(new)
}

/// Deletes a label; repositories keep their copies.
pub async fn delete(
    app: &App,
    access: &Access<Administer, Organization>,
    id: OrganizationLabelId,
) -> Result<OrganizationLabel> {
    let (mut operation, organization, label) = begin(app, access, id).await?;
    row::delete(&mut operation, id).await?;
    let event =
        OrganizationEvent::LabelDeleted { organization: organization.name, label: label.name.clone() };
    record(&mut operation, access.actor().user_id(), organization.id, event).await?;
    operation.commit().await?;
    Ok(label)
}

/// Begins an operation that locks the organisation, and finds its label.
async fn begin(
    app: &App,
    access: &Access<Administer, Organization>,
    id: OrganizationLabelId,
) -> Result<(Operation, Organization, OrganizationLabel)> {
    let mut operation = app.begin().await?;
    let organization = lock(&mut operation, access.organization().id).await?;
    let found = row::find(&mut operation, organization.id, id).await?;
    Ok((operation, organization, found.ok_or(Error::NotFound(Kind::Label))?))
}

/// For everybody who may see the organisation.
pub async fn find(
    app: &App,
    access: &Access<Read, Organization>,
    id: OrganizationLabelId,
) -> Result<OrganizationLabel> {
    let found = row::find(&mut app.store().read().await?, access.organization().id, id).await?;
    found.ok_or(Error::NotFound(Kind::Label))
}

/// All labels of the organisation, by name, for everybody who may see it.
pub async fn list(app: &App, access: &Access<Read, Organization>) -> Result<Vec<OrganizationLabel>> {
    Ok(row::list(&mut app.store().read().await?, access.organization().id).await?)
}

/// Soon adds the labels to all repositories of the organisation that do not have them and are not archived. Labels of the same
/// name stay as they are.
pub async fn add_to_all(app: &App, access: &Access<Administer, Organization>) -> Result<()> {
    let mut operation = app.begin().await?;
    operation.enqueue(&AddOrganizationLabels::of(access.organization().id)).await?;
    operation.commit().await
}

/// Adds the labels to the next few repositories after `after`. Returns the last of them; none: there are no more.
pub(crate) async fn add_to_next(
    app: &App,
    operation: &mut Operation,
    organization: OrganizationId,
    after: RepositoryId,
) -> Result<Option<RepositoryId>> {
    let next = row::list_repositories_after(operation, organization, after, REPOSITORIES_AT_ONCE).await?;
    for repository in &next {
        add_to(app, operation, organization.into(), *repository).await?;
    }
    Ok(next.last().copied())
}

/// Adds the labels of a repository's owner that it does not have, up to `limits.labels`. A person has none.
pub(crate) async fn add_to(
    app: &App,
    operation: &mut Operation,
    owner: OwnerId,
    repository: RepositoryId,
) -> Result<()> {
    let now = operation.now();
    // People and organisations share one sequence of ids, so that a person's is no organisation's.
    row::copy_missing(operation, OrganizationId(owner.0), repository, app.limits().labels, now).await?;
    Ok(())
}

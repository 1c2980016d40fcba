//! Repositories: created, edited, renamed, deleted, listed.

pub mod archive_state;
pub mod collaborator;
mod create;
pub mod fork;
pub mod interest;
mod owner;
mod recover;
mod starter;
pub mod template;
pub mod topic;
pub mod transfer;

use hearth_core::{
    Administer, BadName, Conflict, Error, FieldErrors, Kind, OwnerKind, Page, PageRequest, Permission, Read,
    RepositoryId, RepositoryName, Result, Roles, Scope, Unit, Visibility,
    event::{Audience, RepositoryEvent, Subject},
};
use hearth_git::{BranchName, StorageId};
use hearth_store::{
    Meaning as _, grant,
    repository::{self, Viewer},
    repository_contents, task,
    task_filter::TaskFilter,
};
use serde_json::json;

use crate::{
    Access, Actor, App, GitResult as _, Operation,
    audit::{self, Fact},
    organization, pull_request,
    task::active_states,
};
pub use create::{NewRepository, create};
pub use hearth_store::repository::{Filter, Order, Repository};
pub use hearth_store::repository_contents::Contents;
pub use owner::{Owned, enter_all, of_owner, owner_of};
pub use recover::recover;
use recover::remove_pending;
pub use starter::{GITIGNORES, LICENCES, Licence};

const LONGEST_DESCRIPTION: usize = 2_000;
const LONGEST_WEBSITE: usize = 500;

/// The files of a repository.
pub async fn git(app: &App, repository: &Repository) -> Result<hearth_git::Repository> {
    match app.git().open(&StorageId::from(repository.id.0)).await {
        // The row exists but the files do not: an internal error, not the caller's mistake.
        Err(hearth_git::Error::RepositoryNotFound) => {
            Err(Error::internal(format!("repository {} has no files", repository.id)))
        }
        other => other.map_git(),
    }
}

/// Changes to a repository; `None` leaves a field as it is.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub name: Option<String>,
    pub description: Option<String>,
    pub website: Option<String>,
    pub visibility: Option<Visibility>,
    pub default_branch: Option<String>,
    pub is_template: Option<bool>,
}

/// Changes a repository's name, description, visibility or default branch, which must exist. Only the given
/// fields are written, so that concurrent edits do not undo each other. An old name leads here until somebody
/// takes it.
pub async fn edit(app: &App, access: &Access<Administer>, edit: Edit) -> Result<Repository> {
    let (edit, name) = checked(app, access.repository(), edit).await?;
    let (id, now) = (access.repository().id, app.now());
    let mut operation = app.begin().await?;
    let before = repository::lock(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    if let Some(visibility) = edit.visibility {
        organization::check_visibility(&mut operation, before.owner_id, visibility).await?;
        fork::check_visibility(&mut operation, &before, visibility).await?;
    }
    if edit != repository::Changes::default() {
        repository::update(&mut operation, id, &edit, now).await?;
        let edited = RepositoryEvent::Edited {
            visibility: edit.visibility.unwrap_or(before.visibility),
            default_branch: edit.default_branch.as_ref().unwrap_or(&before.default_branch).clone(),
        };
        operation.record_in(access, Subject::Repository(id), edited).await?;
        note_visibility(&mut operation, access.actor(), &before, edit.visibility).await?;
    }
    if let Some(name) = name.filter(|name| *name != before.name) {
        repository::rename(&mut operation, &before, &name, now).await.on_taken(Conflict::NameTaken)?;
        let renamed = RepositoryEvent::Renamed { from: before.name.clone(), to: name };
        operation.record_in(access, Subject::Repository(id), renamed).await?;
    }
    let after = repository::find(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    operation.commit().await?;
    if after.default_branch != before.default_branch {
        update_head(app, id).await?;
    }
    Ok(after)
}

/// Who may read a repository is audited, with what it was before.
async fn note_visibility(
    operation: &mut Operation,
    actor: &Actor,
    before: &Repository,
    after: Option<Visibility>,
) -> Result<()> {
    let Some(after) = after.filter(|after| *after != before.visibility) else { return Ok(()) };
    let said = |visibility: Visibility| json!({ "visibility": visibility });
    let (was, is) = (said(before.visibility), said(after));
    let subject = &audit::repository_path(before);
    let fact = Fact { kind: "repository", subject, action: "changed", before: Some(&was), after: Some(&is) };
    audit::note(operation, actor, fact).await
}

/// Reports all mistakes at once.
async fn checked(
    app: &App,
    row: &Repository,
    edit: Edit,
) -> Result<(repository::Changes, Option<RepositoryName>)> {
    let mut errors = FieldErrors::default();
    let name = edit.name.and_then(|name| errors.take("name", name.trim().parse(), BadName::code));
    let description = edit.description.map(|text| text.trim().to_owned());
    if description.as_ref().is_some_and(|text| text.len() > LONGEST_DESCRIPTION) {
        errors.add("description", "too-long");
    }
    let website = edit.website.map(|text| text.trim().to_owned());
    if let Some(Err(code)) = website.as_deref().map(check_website) {
        errors.add("website", code);
    }
    let default_branch = edit.default_branch;
    // The current default branch need not exist: an empty repository has no branch.
    if let Some(name) = default_branch.as_ref().filter(|name| **name != row.default_branch) {
        match BranchName::new(name.clone()) {
            Err(_) => errors.add("default_branch", "ref-name"),
            Ok(name) => {
                let files = git(app, row).await?;
                if files.run(move |git| git.branch(&name)).await.map_git()?.is_none() {
                    errors.add("default_branch", "branch-unknown");
                }
            }
        }
    }
    errors.into_result()?;
    let (visibility, is_template) = (edit.visibility, edit.is_template);
    Ok((repository::Changes { description, website, visibility, default_branch, is_template }, name))
}

/// How many times to read the row again if somebody changed it meanwhile.
const TRIES: u32 = 5;

/// Points `HEAD` to the default branch in the row, which is authoritative: the last change to the row wins.
pub(crate) async fn update_head(app: &App, id: RepositoryId) -> Result<()> {
    let mut pointed = None;
    for _ in 0..TRIES {
        let row = repository::find(&mut app.store().read().await?, id).await?;
        let Some(row) = row.filter(|row| pointed.as_ref() != Some(&row.default_branch)) else {
            return Ok(());
        };
        let branch = BranchName::new(row.default_branch.clone()).map_err(Error::internal)?;
        git(app, &row).await?.set_default_branch(&branch).await.map_git()?;
        pointed = Some(row.default_branch);
    }
    Ok(())
}

fn check_website(text: &str) -> Result<(), &'static str> {
    if text.len() > LONGEST_WEBSITE {
        return Err("too-long");
    }
    let is_fine = text.is_empty() || text.starts_with("https://") || text.starts_with("http://");
    if is_fine && !text.chars().any(|c| c.is_control() || c.is_whitespace()) {
        Ok(())
    } else {
        Err("web-address")
    }
}

/// Counts what the tabs of a repository show.
pub async fn contents(app: &App, access: &Access<Read>) -> Result<Contents> {
    let (id, reader) = (access.repository().id, access.actor().user_id());
    Ok(repository_contents::count(&mut app.store().read().await?, id, reader).await?)
}

/// Renames a repository.
pub async fn rename(app: &App, access: &Access<Administer>, name: &str) -> Result<Repository> {
    edit(app, access, Edit { name: Some(name.to_owned()), ..Edit::default() }).await
}

/// Deletes a repository with everything in it, once none of its tasks is waiting or running. It disappears at
/// once, and its name is free; files that remain after a stop or an error are removed by [`recover`].
pub async fn delete(app: &App, access: &Access<Administer>) -> Result<()> {
    let row = access.repository();
    let mut operation = app.begin().await?;
    repository::lock(&mut operation, row.id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    let active = TaskFilter { states: active_states(), ..TaskFilter::default() };
    if task::count_of_repository(&mut operation, row.id, &active).await? > 0 {
        return Err(Error::Conflict(Conflict::State));
    }
    repository::retire(&mut operation, row.id, app.now()).await?;
    pull_request::repository_gone(&mut operation, row.id).await?;
    // The repository's events are deleted with it; this one stays, for its owner. Of a private one, not every
    // member of an organisation knew.
    let by = access.administrator().id;
    let subject = Subject::Repository(row.id);
    let audience = match row.visibility {
        Visibility::Private if row.owner_kind == OwnerKind::Organization => Audience::Account(by),
        _ => Audience::of_owner(row.owner_id, row.owner_kind),
    };
    let (kind, owner, name) = (row.kind, row.owner.clone(), row.name.clone());
    let deleted = RepositoryEvent::Deleted { kind, owner, name };
    operation.record(access.actor().user_id(), subject, audience, deleted).await?;
    operation.commit().await?;
    remove_pending(app, row.id).await;
    Ok(())
}

/// Whoever brings a repository to an organisation administers it even if none of their teams does.
async fn ensure_administrator(operation: &mut Operation, actor: &Actor, id: RepositoryId) -> Result<()> {
    let user = actor.signed_in()?.id;
    let acts = actor.administration() == Some(Permission::Administer);
    let roles = grant::find_roles(operation, id, user).await?;
    if !acts && roles.of(Unit::Settings) < Some(Permission::Administer) {
        let now = operation.now();
        grant::set_roles(operation, id, user, &Roles::whole(Permission::Administer), now).await?;
    }
    Ok(())
}

/// Which repositories the actor may see.
pub fn viewer(actor: &Actor) -> Viewer {
    match actor.user() {
        None => Viewer::Anybody,
        Some(_) if actor.administration().is_some() => Viewer::Administrator,
        Some(user) => Viewer::Person(user.id),
    }
}

/// The repositories that match and that the actor may see. `filter.viewer` is set here.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: Filter,
    request: PageRequest,
) -> Result<Page<Repository>> {
    actor.require(Scope::ReadRepository)?;
    let filter = Filter { viewer: viewer(actor), ..filter };
    let mut reader = app.store().read().await?;
    let items = repository::list(&mut reader, &filter, request).await?;
    Ok(Page::of(items, request, repository::count(&mut reader, &filter)).await?)
}

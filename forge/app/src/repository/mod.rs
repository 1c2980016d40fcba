//! Repositories: made, described, renamed, deleted, listed.

mod create;
mod starter;

use hearth_core::{
    Administer, Conflict, Error, FieldErrors, Kind, Page, PageRequest, Read, RepositoryKind, RepositoryName,
    Result, Scope, TaskState, Visibility,
};
use hearth_git::{BranchName, StorageId};
use hearth_store::{
    Meaning as _,
    event::{self, NewEvent},
    repository::{self, Filter, Repository, Viewer},
    task::{self, TaskFilter},
};
use serde_json::json;

use crate::{Access, Actor, App, Area, Change, GitResult as _, access};
pub use create::{NewRepository, create, recover};
pub use starter::{GITIGNORES, LICENCES, Licence};

const LONGEST_DESCRIPTION: usize = 2_000;
const LONGEST_WEBSITE: usize = 500;

/// The files of a repository.
pub async fn git(app: &App, repository: &Repository) -> Result<hearth_git::Repository> {
    match app.git().open(&StorageId::from(repository.id.0)).await {
        // The row is there and the files are not: a fault of ours, not a mistake of the caller.
        Err(hearth_git::Error::RepositoryNotFound) => {
            Err(Error::internal(format!("repository {} has no files", repository.id)))
        }
        other => other.map_git(),
    }
}

/// Enters the repository that had this name before it was renamed.
pub async fn open_moved(
    app: &App,
    actor: &Actor,
    area: Area,
    kind: RepositoryKind,
    owner: &str,
    name: &str,
) -> Result<Access<Read>> {
    let mut reader = app.store().read().await?;
    let found = repository::find_redirect(&mut reader, kind, owner, name).await?;
    access::enter(&mut reader, actor, area, found.ok_or(Error::NotFound(Kind::Repository))?).await
}

/// What of a repository changes; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    pub description: Option<String>,
    pub website: Option<String>,
    pub visibility: Option<Visibility>,
    pub default_branch: Option<String>,
}

/// Changes what is said of a repository, who sees it, and its default branch, which must exist.
pub async fn edit(app: &App, access: &Access<Administer>, edit: Edit) -> Result<Repository> {
    let mut row = access.repository().clone();
    let mut errors = FieldErrors::default();
    if let Some(description) = edit.description {
        description.trim().clone_into(&mut row.description);
        if row.description.len() > LONGEST_DESCRIPTION {
            errors.add("description", "too-long");
        }
    }
    if let Some(website) = edit.website {
        website.trim().clone_into(&mut row.website);
        if let Err(code) = check_website(&row.website) {
            errors.add("website", code);
        }
    }
    let files = git(app, &row).await?;
    let mut branch = None;
    if let Some(name) = edit.default_branch.filter(|name| *name != row.default_branch) {
        match BranchName::new(name) {
            Err(_) => errors.add("default_branch", "ref-name"),
            Ok(name) => {
                let wanted = name.clone();
                if files.run(move |git| git.branch(&wanted)).await.map_git()?.is_none() {
                    errors.add("default_branch", "branch-unknown");
                }
                branch = Some(name);
            }
        }
    }
    errors.into_result()?;
    row.visibility = edit.visibility.unwrap_or(row.visibility);
    row.updated_at = app.now();
    if let Some(branch) = branch {
        files.set_default_branch(&branch).await.map_git()?;
        row.default_branch = branch.into();
    }
    let data = json!({ "visibility": row.visibility, "default_branch": row.default_branch });
    let mut writer = app.store().write().await?;
    repository::update(&mut writer, &row).await?;
    event::insert(&mut writer, &happened(app, access, "repository.edited", data)).await?;
    writer.commit().await?;
    app.live().tell(Change::Repository(row.id));
    Ok(row)
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

/// Gives a repository another name; the old one leads to it until somebody takes it.
pub async fn rename(app: &App, access: &Access<Administer>, name: &str) -> Result<Repository> {
    let row = access.repository();
    let name: RepositoryName =
        name.parse().map_err(|bad: hearth_core::BadName| Error::field("name", bad.code()))?;
    let data = json!({ "from": row.name, "to": name });
    let mut writer = app.store().write().await?;
    repository::rename(&mut writer, row, &name, app.now()).await.on_taken(Conflict::NameTaken)?;
    event::insert(&mut writer, &happened(app, access, "repository.renamed", data)).await?;
    let renamed = repository::find(&mut writer, row.id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    writer.commit().await?;
    app.live().tell(Change::Repository(row.id));
    Ok(renamed)
}

/// Deletes a repository with everything in it, once no task of it waits or runs. It is out of sight at once; a stop in
/// between is made good by [`recover`].
pub async fn delete(app: &App, access: &Access<Administer>) -> Result<()> {
    let row = access.repository();
    let mut writer = app.store().write().await?;
    let states = TaskState::ALL.iter().copied().filter(|state| !state.is_terminal()).collect();
    let active = TaskFilter { states, ..TaskFilter::default() };
    if task::count_of_repository(&mut writer, row.id, &active).await? > 0 {
        return Err(Error::Conflict(Conflict::State));
    }
    repository::retire(&mut writer, row.id).await?;
    let data = json!({ "kind": row.kind, "owner": row.owner, "name": row.name });
    // The repository's own events go with it; this one stays.
    let gone = NewEvent { repository_id: None, ..happened(app, access, "repository.deleted", data) };
    event::insert(&mut writer, &gone).await?;
    writer.commit().await?;
    create::remove(app, row.id).await?;
    app.live().tell(Change::Repository(row.id));
    Ok(())
}

fn happened<Level>(
    app: &App,
    access: &Access<Level>,
    kind: &'static str,
    data: serde_json::Value,
) -> NewEvent {
    NewEvent {
        actor_id: access.actor().user_id(),
        repository_id: Some(access.repository().id),
        kind,
        data,
        created_at: app.now(),
    }
}

/// What of all repositories the actor may see.
pub fn viewer(actor: &Actor) -> Viewer {
    match actor.user() {
        None => Viewer::Anybody,
        Some(user) if user.is_admin => Viewer::Administrator,
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
    let total = repository::count(&mut reader, &filter).await?;
    Ok(Page { items, total, request })
}

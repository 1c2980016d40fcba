use hearth_core::{
    BadName, Conflict, Error, FieldErrors, Kind, RepositoryId, RepositoryKind, RepositoryName, Result, Scope,
    Visibility,
};
use hearth_git::{BranchName, Change, Content, EntryKind, NewCommit, RefUpdate, StorageId, TreePath};
use hearth_store::{
    Meaning as _,
    event::{self, NewEvent},
    repository::{self, Filter, Repository, Viewer},
    user::User,
};
use serde_json::json;

use super::{LONGEST_DESCRIPTION, starter};
use crate::{Actor, App, GitResult as _, content::signature, push, storage};

/// A repository to make.
#[derive(Clone, Debug)]
pub struct NewRepository {
    pub kind: RepositoryKind,
    pub name: String,
    pub description: String,
    pub visibility: Visibility,
    /// `main` when none.
    pub default_branch: Option<String>,
    /// Begins with a README of the name and the description.
    pub with_readme: bool,
    /// A name of [`super::GITIGNORES`].
    pub gitignore: Option<String>,
    /// A SPDX id of [`super::LICENCES`].
    pub licence: Option<String>,
}

impl NewRepository {
    /// Public, empty code.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            kind: RepositoryKind::Code,
            name: name.into(),
            description: String::new(),
            visibility: Visibility::Public,
            default_branch: None,
            with_readme: false,
            gitignore: None,
            licence: None,
        }
    }
}

/// Makes a repository of the person who asks.
///
/// First the row, pending, which holds the name; then the files; then the row becomes real. A stop in between leaves a
/// pending row, which [`recover`] takes back.
pub async fn create(app: &App, actor: &Actor, new: NewRepository) -> Result<Repository> {
    let owner = actor.signed_in()?.clone();
    actor.require(Scope::WriteRepository)?;
    let mut errors = FieldErrors::default();
    let name = errors.take("name", new.name.trim().parse::<RepositoryName>(), BadName::code);
    let description = new.description.trim().to_owned();
    if description.len() > LONGEST_DESCRIPTION {
        errors.add("description", "too-long");
    }
    let branch = new.default_branch.filter(|name| !name.is_empty()).unwrap_or_else(|| "main".into());
    let branch = errors.take("default_branch", BranchName::new(branch), |_| "ref-name");
    let chosen = starter::Choice {
        with_readme: new.with_readme,
        gitignore: new.gitignore.filter(|name| !name.is_empty()),
        licence: new.licence.filter(|name| !name.is_empty()),
    };
    let text = starter::Text {
        name: name.as_ref().map_or("", RepositoryName::as_str),
        description: &description,
        holder: owner.shown_name(),
        year: app.now().as_jiff().to_zoned(jiff::tz::TimeZone::UTC).year(),
    };
    let files = starter::files(&chosen, &text, &mut errors);
    errors.into_result()?;
    let (Some(name), Some(branch)) = (name, branch) else {
        return Err(Error::internal("bad names make an error"));
    };

    let row = repository::NewRepository {
        owner_id: owner.id,
        kind: new.kind,
        name,
        description,
        visibility: new.visibility,
        default_branch: branch.to_string(),
        created_at: app.now(),
    };
    let id = reserve(app, &row).await?;
    match fill(app, &owner, id, &branch, files).await {
        Ok(update) => finish(app, &owner, id, &row, update).await,
        Err(error) => {
            // What cannot be taken back now is taken back at the next start.
            if let Err(error) = remove(app, id).await {
                tracing::warn!(repo.id = %id, error = &error as &dyn std::error::Error, "a repository stays half made");
            }
            Err(error)
        }
    }
}

async fn reserve(app: &App, row: &repository::NewRepository) -> Result<RepositoryId> {
    let mut writer = app.store().write().await?;
    let owned = Filter { viewer: Viewer::Administrator, owner: Some(row.owner_id), ..Filter::default() };
    if repository::count(&mut writer, &owned).await? >= app.limits().repositories {
        return Err(Error::TooLarge(app.limits().repositories_of_owner()));
    }
    let id = repository::insert(&mut writer, row).await.on_taken(Conflict::NameTaken)?;
    writer.commit().await?;
    Ok(id)
}

/// Makes the files, with a first commit where there is something to begin with.
async fn fill(
    app: &App,
    owner: &User,
    id: RepositoryId,
    branch: &BranchName,
    files: Vec<(&'static str, String)>,
) -> Result<Option<RefUpdate>> {
    let git = app.git().create(&StorageId::from(id.0), branch).await.map_git()?;
    if files.is_empty() {
        return Ok(None);
    }
    let author = signature(app, owner);
    let changes = files.into_iter().map(|(path, text)| {
        let path = TreePath::file(path).expect("the starters have plain names");
        Change::Put { path, kind: EntryKind::File, content: Content::Bytes(text.into_bytes()) }
    });
    let commit = NewCommit {
        branch: branch.clone(),
        branch_was: None,
        parent: None,
        author: author.clone(),
        committer: author,
        message: "Initial commit".into(),
        changes: changes.collect(),
        is_empty_allowed: false,
    };
    git.commit_files(commit).await.map_git().map(Some)
}

async fn finish(
    app: &App,
    owner: &User,
    id: RepositoryId,
    row: &repository::NewRepository,
    update: Option<RefUpdate>,
) -> Result<Repository> {
    let created = NewEvent {
        actor_id: Some(owner.id),
        repository_id: Some(id),
        kind: "repository.created",
        data: json!({ "kind": row.kind, "name": row.name }),
        created_at: row.created_at,
    };
    let mut writer = app.store().write().await?;
    repository::finish(&mut writer, id).await?;
    event::insert(&mut writer, &created).await?;
    let made = repository::find(&mut writer, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    writer.commit().await?;
    let Some(update) = update else { return Ok(made) };
    push::record(app, &made, Some(owner.id), &[update]).await?;
    let mut reader = app.store().read().await?;
    repository::find(&mut reader, id).await?.ok_or(Error::NotFound(Kind::Repository))
}

/// Takes back what a stop left half made or half deleted. Called at start, before anybody is served.
pub async fn recover(app: &App) -> Result<usize> {
    let pending = repository::list_pending(&mut app.store().read().await?).await?;
    for id in &pending {
        remove(app, *id).await?;
        tracing::info!(repo.id = %id, "took back a repository that was half made or half deleted");
    }
    Ok(pending.len())
}

/// Removes the files, then the row.
pub(super) async fn remove(app: &App, id: RepositoryId) -> Result<()> {
    app.git().remove(&StorageId::from(id.0)).await.map_git()?;
    let mut writer = app.store().write().await?;
    repository::delete(&mut writer, id).await?;
    storage::want_sweep(&mut writer).await?;
    writer.commit().await?;
    Ok(())
}

use hearth_core::{
    BadName, Conflict, Error, FieldErrors, Interest, Kind, OwnerId, RepositoryId, RepositoryKind,
    RepositoryName, Result, Scope, Visibility,
    event::{Audience, RepositoryEvent, Subject},
};
use hearth_git::{
    BranchName, Change as FileChange, Content, EntryKind, NewCommit, RefUpdate, StorageId, TreePath,
};
use hearth_store::{
    Meaning as _, interest,
    repository::{self, Filter, Repository, Viewer},
    user::User,
};

use super::{LONGEST_DESCRIPTION, ensure_administrator, remove_pending, starter};
use crate::{Actor, App, GitResult as _, access, content::signature, organization, push};

/// A repository to create.
#[derive(Clone, Debug)]
pub struct NewRepository {
    /// The owner; none: the actor.
    pub owner: Option<OwnerId>,
    pub kind: RepositoryKind,
    pub name: String,
    pub description: String,
    pub visibility: Visibility,
    /// None: `main`.
    pub default_branch: Option<String>,
    /// Adds a README with the name and the description.
    pub with_readme: bool,
    /// Names of [`super::GITIGNORES`], separated by commas.
    pub gitignore: Option<String>,
    /// A SPDX id of [`super::LICENCES`].
    pub licence: Option<String>,
}

impl NewRepository {
    /// A public, empty code repository.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            owner: None,
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

/// Creates a repository for the actor, or for an organisation that lets them.
///
/// First a pending row, which nobody sees and which reserves no name; then the files, under its id; then, in
/// one transaction, the row becomes active, with its name, its first push and its event. If the process stops
/// in between, [`super::recover`] cleans up.
pub async fn create(app: &App, actor: &Actor, new: NewRepository) -> Result<Repository> {
    let maker = actor.signed_in()?;
    actor.require(Scope::WriteRepository)?;
    let wanted = new.owner.unwrap_or(maker.id.into());
    let owner = access::creating_for(&mut app.store().read().await?, actor, wanted).await?;
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
    let id = reserve(app, actor, &row).await?;
    let git = match app.git().create(&StorageId::from(id.0), &branch).await {
        // These files are not ours: after a restore, the database may know less than the disk. They are left
        // alone.
        Err(error @ hearth_git::Error::RepositoryExists) => {
            delete_pending_row(app, id).await?;
            return Err(Error::internal(error));
        }
        other => other.map_git(),
    };
    let made = match git {
        Ok(git) => finish(app, actor, &row, id, Files { git: &git, branch: &branch, first: files }).await,
        Err(error) => Err(error),
    };
    if made.is_err() {
        remove_pending(app, id).await;
    }
    made
}

pub(super) async fn reserve(
    app: &App,
    actor: &Actor,
    row: &repository::NewRepository,
) -> Result<RepositoryId> {
    let mut operation = app.begin().await?;
    access::creating_for(&mut operation, actor, row.owner_id).await?;
    organization::check_visibility(&mut operation, row.owner_id, row.visibility).await?;
    let owned = Filter { viewer: Viewer::Administrator, owner: Some(row.owner_id), ..Filter::default() };
    if repository::count(&mut operation, &owned).await? >= app.limits().repositories {
        return Err(Error::TooLarge(app.limits().repositories_of_owner()));
    }
    // An early check, before anything is created; only the final insertion of the name decides.
    if repository::is_taken(&mut operation, row.owner_id, row.kind, &row.name).await? {
        return Err(Error::Conflict(Conflict::NameTaken));
    }
    let id = repository::insert(&mut operation, row).await?;
    operation.commit().await?;
    Ok(id)
}

/// Deletes only the pending row.
async fn delete_pending_row(app: &App, id: RepositoryId) -> Result<()> {
    let mut operation = app.begin().await?;
    repository::delete(&mut operation, id).await?;
    operation.commit().await?;
    Ok(())
}

/// The files of a new repository, and what it starts with.
struct Files<'a> {
    git: &'a hearth_git::Repository,
    branch: &'a BranchName,
    first: Vec<(&'static str, String)>,
}

/// Makes the first commit if there are files to start with.
async fn fill(app: &App, maker: &User, files: Files<'_>) -> Result<Vec<RefUpdate>> {
    if files.first.is_empty() {
        return Ok(Vec::new());
    }
    let author = signature(app, maker);
    let changes = files.first.into_iter().map(|(path, text)| {
        let path = TreePath::file(path).expect("the starters have plain names");
        FileChange::Put { path, kind: EntryKind::File, content: Content::Bytes(text.into_bytes()) }
    });
    let commit = NewCommit {
        branch: files.branch.clone(),
        branch_was: None,
        parent: None,
        author: author.clone(),
        committer: author,
        message: "Initial commit".into(),
        changes: changes.collect(),
        is_empty_allowed: false,
    };
    Ok(vec![files.git.commit_files(commit).await.map_git()?])
}

/// Makes the first commit, then activates the row together with everything that belongs to it.
async fn finish(
    app: &App,
    actor: &Actor,
    row: &repository::NewRepository,
    id: RepositoryId,
    files: Files<'_>,
) -> Result<Repository> {
    let maker = actor.signed_in()?;
    let git = files.git;
    let updates = fill(app, maker, files).await?;
    let facts = push::inspect_updates(git, &updates, &row.default_branch).await?;
    let mut operation = app.begin().await?;
    // Its organisation may have become private since the row was inserted.
    organization::check_visibility(&mut operation, row.owner_id, row.visibility).await?;
    if !repository::finish(&mut operation, id).await.on_taken(Conflict::NameTaken)? {
        return Err(Error::internal("a repository was taken back while it was made"));
    }
    organization::label::add_to(app, &mut operation, row.owner_id, id).await?;
    ensure_administrator(&mut operation, actor, id).await?;
    interest::add(&mut operation, id, maker.id, Interest::Watch, app.now()).await?;
    let created = RepositoryEvent::Created { kind: row.kind, name: row.name.clone() };
    let (subject, audience) = (Subject::Repository(id), Audience::Repository(id));
    operation.record(Some(maker.id), subject, audience, created).await?;
    if !updates.is_empty() {
        push::insert_record(&mut operation, id, Some(maker.id), &facts, app.now()).await?;
    }
    let made = repository::find(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    operation.commit().await?;
    Ok(made)
}

//! Repositories that begin with the files of a template.

use hearth_core::{
    Action, BadName, Conflict, Error, FieldErrors, Kind, OwnerId, Permission, Read, RepositoryId,
    RepositoryName, Result, Scope, Unit, Visibility,
    event::{Audience, RepositoryEvent, Subject},
};
use hearth_git::{BranchName, CommitParts, ObjectId, RefUpdate, StorageId, TreePath};
use hearth_store::{
    Meaning as _,
    label::{self, Label, NewLabel},
    lfs_object,
    repository::{self, NewRepository, Repository},
    topic,
};

use super::{LONGEST_DESCRIPTION, create::reserve, ensure_administrator, git, remove_pending};
use crate::{Access, App, GitResult as _, access, content::signature, lfs_room::Room, organization, push};

/// A repository to make from a template.
#[derive(Clone, Debug)]
pub struct FromTemplate {
    pub owner: OwnerId,
    pub name: String,
    pub description: String,
    pub visibility: Visibility,
    /// The history of the default branch; otherwise its files are one fresh commit.
    pub with_history: bool,
    pub with_topics: bool,
    /// The labels of the template, if the actor may read its issues.
    pub with_labels: bool,
}

/// Makes a repository from a template that the actor may read. What is made from a private template is private.
///
/// As in [`super::create`], a pending row comes first, then the files, then everything else in one transaction.
pub async fn generate(app: &App, access: &Access<Read>, new: FromTemplate) -> Result<Repository> {
    let code = access.enter_unit(Unit::Code)?;
    let (actor, template) = (code.actor(), code.repository());
    let maker = actor.signed_in()?;
    actor.require(Scope::WriteRepository)?;
    if !template.is_template {
        return Err(Error::Forbidden(Action::Template));
    }
    let owner = access::creating_for(&mut app.store().read().await?, actor, new.owner).await?;
    let mut errors = FieldErrors::default();
    let name = errors.take("name", new.name.trim().parse::<RepositoryName>(), BadName::code);
    let description = new.description.trim().to_owned();
    if description.len() > LONGEST_DESCRIPTION {
        errors.add("description", "too-long");
    }
    if template.visibility.is_private() && !new.visibility.is_private() {
        errors.add("visibility", "template-private");
    }
    errors.into_result()?;
    let name = name.ok_or_else(|| Error::internal("bad names make an error"))?;
    let branch = BranchName::new(template.default_branch.clone()).map_err(Error::internal)?;
    let source = git(app, template).await?;
    let wanted = branch.clone();
    let tip = source.run(move |git| git.branch(&wanted)).await.map_git()?;
    let tip = tip.ok_or(Error::Conflict(Conflict::EmptyRepository))?;
    let first = if new.with_history {
        tip
    } else {
        let author = signature(app, maker);
        let made = source.run(move |git| {
            let tree = git.tree_id(tip, &TreePath::root())?;
            // Nothing in the template refers to this commit: only the new repository does.
            git.write_commit(&CommitParts {
                tree,
                parents: Vec::new(),
                author: author.clone(),
                committer: author,
                message: "Initial commit\n".into(),
            })
        });
        made.await.map_git()?
    };
    let row = NewRepository {
        owner_id: owner.id,
        kind: template.kind,
        name,
        description,
        visibility: new.visibility,
        default_branch: branch.to_string(),
        created_at: app.now(),
    };
    let id = reserve(app, actor, &row).await?;
    let begin = Begin {
        source: &source,
        branch: &branch,
        first,
        with_topics: new.with_topics,
        with_labels: new.with_labels && code.can_in(Unit::Issues, Permission::Read),
    };
    let made = fill(app, &code, &row, id, begin).await;
    if made.is_err() {
        remove_pending(app, id).await;
    }
    made
}

/// What the new repository begins with.
struct Begin<'a> {
    source: &'a hearth_git::Repository,
    branch: &'a BranchName,
    first: ObjectId,
    with_topics: bool,
    with_labels: bool,
}

/// Brings the files, then activates the row together with the push that brought them and the large objects that they name.
async fn fill(
    app: &App,
    code: &Access<Read>,
    row: &NewRepository,
    id: RepositoryId,
    begin: Begin<'_>,
) -> Result<Repository> {
    let (actor, template) = (code.actor(), code.repository());
    let maker = actor.signed_in()?.id;
    let files = app.git().create(&StorageId::from(id.0), begin.branch).await.map_git()?;
    let updates = [RefUpdate { name: begin.branch.full(), old: None, new: Some(begin.first) }];
    files.take_from(begin.source, begin.first, &updates).await.map_git()?;
    let facts = push::inspect_updates(&files, &updates, &row.default_branch).await?;
    let mut operation = app.begin().await?;
    // It may have become private while it was copied, as may the organisation.
    let now_private = repository::find(&mut operation, template.id).await?;
    let now_private = now_private.ok_or(Error::NotFound(Kind::Repository))?.visibility.is_private();
    if now_private && !row.visibility.is_private() {
        return Err(Error::NotFound(Kind::Repository));
    }
    organization::check_visibility(&mut operation, row.owner_id, row.visibility).await?;
    if !repository::finish(&mut operation, id).await.on_taken(Conflict::NameTaken)? {
        return Err(Error::internal("a repository was taken back while it was made"));
    }
    let room = Room::of(&mut operation, row.owner_id).await?;
    lfs_object::copy_all(&mut operation, template.id, id, app.now()).await?;
    room.check(app, &mut operation).await?;
    if begin.with_topics {
        let topics = topic::list(&mut operation, template.id).await?;
        topic::set(&mut operation, id, &topics).await?;
    }
    if begin.with_labels {
        for label in label::list(&mut operation, template.id).await? {
            let Label { name, color, description, is_exclusive, .. } = label;
            let created_at = app.now();
            let new = NewLabel { repository_id: id, name, color, description, is_exclusive, created_at };
            label::insert(&mut operation, &new).await?;
        }
    }
    organization::label::add_to(app, &mut operation, row.owner_id, id).await?;
    ensure_administrator(&mut operation, actor, id).await?;
    let created = RepositoryEvent::Created { kind: row.kind, name: row.name.clone() };
    operation.record(Some(maker), Subject::Repository(id), Audience::Repository(id), created).await?;
    let now = operation.now();
    push::insert_record(&mut operation, id, Some(maker), &facts, now).await?;
    let made = repository::find(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    operation.commit().await?;
    Ok(made)
}

//! Publishing a task's outputs as a version of a model: one commit with a card of measured facts, large files
//! by content hash, a tag, and the link in the lineage.

mod card;
mod tree;

use std::collections::HashSet;

use hearth_core::{
    BadName, Conflict, Error, FieldErrors, Kind, Page, PageRequest, Read, RepositoryKind, RepositoryName,
    Result, Visibility, Write,
};
use hearth_git::{BranchName, RefUpdate, TagName};
use hearth_runner::record::RunDocument;
use hearth_store::{
    lfs_object::{self, LfsObject},
    model_version,
    repository::Repository,
    task_output::TaskOutput,
};

pub use hearth_store::model_version::ModelVersion;

use crate::{
    Access, App, GitResult as _, Unit, access,
    branch_rule::{self, Objects, Way},
    content,
    jobs::{FinishPublication, Job as _, SealRecord},
    lfs_room::Room,
    metrics, output, owner, record, repository,
    repository::NewRepository,
    task::TaskAccess,
};

/// How to publish a task's outputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// `name` or `owner/name` of a model. If it does not exist, it is created; without an owner, it belongs
    /// to the actor.
    pub model: String,
    /// For a newly created model; none: the same as the code's repository.
    pub visibility: Option<Visibility>,
    /// What is new in this version, as free text.
    pub note: String,
    /// Paths of outputs; empty: all outputs.
    pub paths: Vec<String>,
    /// None: the latest attempt.
    pub attempt: Option<i64>,
}

/// The published version.
#[derive(Clone, Debug)]
pub struct Published {
    pub repository: Repository,
    /// `v1`, `v2`, …
    pub version: String,
    pub commit: String,
}

/// How many times to try to commit if somebody else moves the branch meanwhile.
const TRIES: u32 = 5;
const POINTS: usize = 100;
const LONGEST_NOTE: usize = 10_000;

/// One page of the versions of a model, newest first.
pub async fn versions(app: &App, access: &Access<Read>, request: PageRequest) -> Result<Page<ModelVersion>> {
    let mut reader = app.store().read().await?;
    let model = access.repository().id;
    let items = model_version::list(&mut reader, model, request).await?;
    Ok(Page::of(items, request, model_version::count(&mut reader, model)).await?)
}

/// Publishes a new version of a model from the outputs of a task that has ended.
pub async fn publish(app: &App, task: &TaskAccess, publication: Publication) -> Result<Published> {
    task.access().write()?;
    if !task.task().state.is_terminal() {
        return Err(Error::Conflict(Conflict::State));
    }
    check(&publication)?;
    let attempt = publication.attempt.unwrap_or(task.task().attempts);
    let outputs = chosen(output::list(app, task, attempt).await?, &publication.paths)?;
    let run = sealed(app, task, attempt).await?;
    let curves = metrics::series(app, task, attempt, POINTS).await?.series;
    let model = target(app, task, &publication).await?;
    let mut left = TRIES;
    loop {
        left -= 1;
        let version = next_version(app, model.repository()).await?;
        let card = card::Card {
            model: model.repository().name.as_str(),
            version: &version,
            note: &publication.note,
            task: task.task(),
            task_url: app.urls().absolute(&hearth_core::urls::task(task.id())),
            run: &run,
            curves: &curves,
            outputs: &outputs,
        };
        let plan = plan(app, &model, task, &version, &outputs, &run, card.text()).await?;
        match commit(app, &model, task, &version, &publication.note, &outputs, plan).await {
            Ok(()) => return published(app, &model, version).await,
            Err(Error::Conflict(Conflict::StaleEdit | Conflict::TagExists | Conflict::BranchExists))
                if left > 0 => {}
            Err(other) => return Err(other),
        }
    }
}

/// Reports what is wrong with the name and the note of a publication.
pub fn check(publication: &Publication) -> Result<()> {
    let mut errors = FieldErrors::default();
    let name = publication.model.split_once('/').map_or(publication.model.as_str(), |(_, name)| name);
    errors.take("model", name.parse::<RepositoryName>(), BadName::code);
    if publication.note.len() > LONGEST_NOTE {
        errors.add("note", "too-long");
    }
    errors.into_result()
}

fn chosen(mut outputs: Vec<TaskOutput>, paths: &[String]) -> Result<Vec<TaskOutput>> {
    let mut wanted: HashSet<&str> = paths.iter().map(String::as_str).collect();
    outputs.retain(|output| paths.is_empty() || wanted.remove(output.path.as_str()));
    if let Some(unknown) = wanted.into_iter().next() {
        tracing::debug!(output.path = unknown, "no such output");
        return Err(Error::NotFound(Kind::Output));
    }
    if outputs.is_empty() { Err(Error::field("paths", "no-outputs")) } else { Ok(outputs) }
}

/// The record of the attempt, sealed now if the job has not yet done so.
async fn sealed(app: &App, task: &TaskAccess, attempt: i64) -> Result<RunDocument> {
    SealRecord { task: task.id(), attempt }.run(app).await?;
    record::document(app, task, attempt).await?.ok_or(Error::Conflict(Conflict::State))
}

/// The model to write to: the existing one of this name, or a new one.
async fn target(app: &App, task: &TaskAccess, publication: &Publication) -> Result<Access<Write>> {
    let actor = task.access().actor();
    let me = actor.signed_in()?;
    let (owner, name) = match publication.model.split_once('/') {
        Some((owner, name)) => (owner, name),
        None => (me.name.as_str(), publication.model.as_str()),
    };
    let kind = RepositoryKind::Model;
    match access::open(app, actor, Unit::Code, kind, owner, name).await {
        Ok(found) => return found.write(),
        Err(Error::NotFound(_)) => {}
        Err(other) => return Err(other),
    }
    // The actor sees no such model: it is created if they may create it there.
    let owner = owner::list_creatable(app, actor)
        .await?
        .into_iter()
        .find(|account| account.name().as_str().eq_ignore_ascii_case(owner))
        .ok_or(Error::NotFound(Kind::Repository))?;
    let new = NewRepository {
        owner: Some(owner.id()),
        kind,
        visibility: publication.visibility.unwrap_or(task.repository().visibility),
        ..NewRepository::named(name)
    };
    let made = repository::create(app, actor, new).await.map_err(about_model)?;
    access::open_by_id(app, actor, Unit::Code, made.id).await?.write()
}

/// The form's field is called `model`.
fn about_model(error: Error) -> Error {
    match error {
        Error::Invalid(mut fields) => {
            for field in &mut fields {
                field.field = "model";
            }
            Error::Invalid(fields)
        }
        other => other,
    }
}

/// One more than the highest `vN` among the tags and the newest versions, whose tags may have been deleted.
async fn next_version(app: &App, model: &Repository) -> Result<String> {
    let mut reader = app.store().read().await?;
    let newest = PageRequest::new(1, PageRequest::LARGEST);
    let known = model_version::list(&mut reader, model.id, newest).await?;
    drop(reader);
    let git = repository::git(app, model).await?;
    let tags = git.run(hearth_git::OpenRepository::tags).await.map_git()?;
    let names =
        known.iter().map(|version| version.version.as_str()).chain(tags.iter().map(|tag| tag.name.as_str()));
    let highest = names.filter_map(|name| name.strip_prefix('v')?.parse::<u32>().ok()).max().unwrap_or(0);
    Ok(format!("v{}", highest.saturating_add(1)))
}

/// The commit to make, before the branch is read.
async fn plan(
    app: &App,
    model: &Access<Write>,
    task: &TaskAccess,
    version: &str,
    outputs: &[TaskOutput],
    run: &RunDocument,
    card: String,
) -> Result<tree::Plan> {
    Ok(tree::Plan {
        branch: BranchName::new(model.repository().default_branch.clone()).map_err(Error::internal)?,
        signature: content::signature(app, model.writer()),
        message: format!("Publish {version} from task {}\n\nTask: {}\n", task.id(), task.task().name),
        card,
        run: serde_json::to_vec_pretty(run).map_err(Error::internal)?,
        files: tree::read_small(app, outputs).await?,
    })
}

/// Makes the commit, updates branch and tag together, and records the version. Before the update, a job is
/// stored that records the version if a stop or an error prevents that here.
async fn commit(
    app: &App,
    model: &Access<Write>,
    task: &TaskAccess,
    version: &str,
    note: &str,
    outputs: &[TaskOutput],
    plan: tree::Plan,
) -> Result<()> {
    let git = repository::git(app, model.repository()).await?;
    let tag = TagName::new(version.to_owned()).map_err(Error::internal)?;
    let commit = git.run(move |git| plan.prepare(git)).await.map_git()?;
    let moved = git.prepare_commit(commit).await.map_git()?;
    let made = moved.new.ok_or_else(|| Error::internal("a commit moves its branch somewhere"))?;
    let updates = [moved, RefUpdate { name: tag.full(), old: None, new: Some(made) }];
    // Nothing is bypassed here: whoever may do that can publish from a branch that has no rule.
    branch_rule::check_updates_strictly(app, model, Way::Push, Objects::Stored(&git), &updates).await?;
    let publication = FinishPublication {
        repository: model.repository().id,
        task: task.id(),
        version: version.to_owned(),
        commit: made.to_string(),
        note: note.to_owned(),
        creator: model.writer().id,
    };
    intend(app, outputs, &publication).await?;
    let reference_update = app.reference_updates().begin(model.repository().id);
    git.update_references(&updates).await.map_git()?;
    publication.finish(app, &updates).await?;
    reference_update.recorded();
    Ok(())
}

/// Registers the LFS objects with the model before a commit refers to them; their bytes are already in the
/// shared store.
async fn intend(app: &App, outputs: &[TaskOutput], publication: &FinishPublication) -> Result<()> {
    let mut claims = Vec::new();
    for output in outputs {
        claims.push(app.blobs().claim(&output::bytes_of(output)?.0).await);
    }
    let ids = outputs.iter().map(|output| Ok(output::bytes_of(output)?.0)).collect::<Result<_>>()?;
    if app.blobs().sizes(ids).await?.contains(&None) {
        return Err(Error::NotFound(Kind::LostObject));
    }
    let mut operation = app.begin().await?;
    let room = Room::of_repository(&mut operation, publication.repository).await?;
    for output in outputs.iter().filter(|output| tree::is_large(output)) {
        let object = LfsObject {
            repository_id: publication.repository,
            oid: output.sha256.clone(),
            size_bytes: output.size_bytes,
            created_at: app.now(),
        };
        lfs_object::insert(&mut operation, &object, app.now()).await?;
    }
    room.check(app, &mut operation).await?;
    operation.enqueue_at(publication, app.now() + FinishPublication::PATIENCE).await?;
    operation.commit().await?;
    Ok(())
}

async fn published(app: &App, model: &Access<Write>, version: String) -> Result<Published> {
    let mut reader = app.store().read().await?;
    let repository = hearth_store::repository::find(&mut reader, model.repository().id).await?;
    let repository = repository.ok_or(Error::NotFound(Kind::Repository))?;
    let row = model_version::find(&mut reader, repository.id, &version).await?;
    let row = row.ok_or_else(|| Error::internal("a version was written down"))?;
    Ok(Published { repository, version, commit: row.commit_id })
}

/// A suggested name for the model of a task: that of the code's repository.
pub fn suggested_name(task: &TaskAccess) -> String {
    task.repository().name.to_string()
}

#[cfg(test)]
mod tests {
    use hearth_core::{TaskId, Timestamp};

    use super::*;

    fn made(path: &str) -> TaskOutput {
        TaskOutput {
            task_id: TaskId(1),
            attempt_number: 1,
            path: path.parse().expect("a plain path"),
            size_bytes: 1,
            sha256: "a".repeat(64),
            created_at: Timestamp::from_second(0),
        }
    }

    #[test]
    fn only_outputs_that_are_there_are_chosen() {
        let all = || vec![made("a.bin"), made("b.bin")];
        assert_eq!(chosen(all(), &[]).expect("all").len(), 2);
        assert_eq!(chosen(all(), &["b.bin".into()]).expect("one")[0].path.as_str(), "b.bin");
        assert!(matches!(chosen(all(), &["c.bin".into()]), Err(Error::NotFound(Kind::Output))));
        assert!(matches!(chosen(vec![], &[]), Err(Error::Invalid(_))));
    }
}

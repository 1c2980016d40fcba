//! Publishing what a task made as a version of a model: one commit with a card of measured facts, large files by content,
//! a tag, and the edge of the lineage.

mod card;
mod tree;

use hearth_core::{Conflict, Error, Kind, Read, RepositoryKind, Result, Visibility, Write};
use hearth_git::{BranchName, ObjectId, RefUpdate, TagName};
use hearth_runner::record::RunDocument;
use hearth_store::{
    Meaning as _, event, lfs_object,
    lfs_object::LfsObject,
    model_version::{self, NewModelVersion},
    repository::Repository,
    task_link::{self, Direction, NewTaskLink},
    task_output::TaskOutput,
};

pub use hearth_store::model_version::ModelVersion;

use crate::{
    Access, App, Area, Change, GitResult as _, access,
    blobs::BlobId,
    content,
    jobs::{Job as _, SealRecord},
    metrics, output, push, record, repository,
    repository::NewRepository,
    task::TaskAccess,
};

/// What becomes of a task's outputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publication {
    /// `name` or `owner/name` of a model. One that is not there is made, and belongs to who publishes.
    pub model: String,
    /// Of a model that is made; none: as the repository of the code.
    pub visibility: Option<Visibility>,
    /// What is new in this version, in a person's words.
    pub note: String,
    /// Paths of outputs; empty: all of them.
    pub paths: Vec<String>,
    /// None: the newest.
    pub attempt: Option<i64>,
}

/// What was published.
#[derive(Clone, Debug)]
pub struct Published {
    pub repository: Repository,
    /// `v1`, `v2`, …
    pub version: String,
    pub commit: String,
}

/// A commit is made anew when somebody moved the branch meanwhile.
const TRIES: u32 = 5;
const POINTS: usize = 100;
const LONGEST_NOTE: usize = 10_000;

/// The versions of a model, the newest first.
pub async fn versions(app: &App, access: &Access<Read>) -> Result<Vec<ModelVersion>> {
    Ok(model_version::list(&mut app.store().read().await?, access.repository().id).await?)
}

/// Makes a new version of a model from the outputs of a task that has ended.
pub async fn publish(app: &App, task: &TaskAccess, publication: Publication) -> Result<Published> {
    task.access().write()?;
    if !task.task().state.is_terminal() {
        return Err(Error::Conflict(Conflict::State));
    }
    if publication.note.len() > LONGEST_NOTE {
        return Err(Error::field("note", "too-long"));
    }
    let attempt = publication.attempt.unwrap_or(task.task().attempts);
    let outputs = chosen(output::list(app, task, attempt).await?, &publication.paths)?;
    let run = sealed(app, task, attempt).await?;
    let curves = metrics::series(app, task, attempt, POINTS).await?;
    let model = target(app, task, &publication).await?;
    hold(app, &model, &outputs).await?;
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
        match commit(app, &model, task, &version, &outputs, &run, &card.text()).await {
            Ok(updates) => return settle(app, task, &model, version, &publication.note, updates).await,
            Err(Error::Conflict(Conflict::StaleEdit | Conflict::TagExists)) if left > 0 => {}
            Err(other) => return Err(other),
        }
    }
}

fn chosen(mut outputs: Vec<TaskOutput>, paths: &[String]) -> Result<Vec<TaskOutput>> {
    if let Some(unknown) = paths.iter().find(|path| !outputs.iter().any(|output| output.path == **path)) {
        tracing::debug!(output.path = unknown, "no such output");
        return Err(Error::NotFound(Kind::Output));
    }
    outputs.retain(|output| paths.is_empty() || paths.contains(&output.path));
    if outputs.is_empty() { Err(Error::field("paths", "no-outputs")) } else { Ok(outputs) }
}

/// The record of the attempt, closed now if the job has not come to it yet.
async fn sealed(app: &App, task: &TaskAccess, attempt: i64) -> Result<RunDocument> {
    SealRecord { task: task.id(), attempt }.run(app).await?;
    record::document(app, task, attempt).await?.ok_or(Error::Conflict(Conflict::State))
}

/// The model that is written to: the one of this name, or a new one.
async fn target(app: &App, task: &TaskAccess, publication: &Publication) -> Result<Access<Write>> {
    let actor = task.access().actor();
    let me = actor.signed_in()?;
    let (owner, name) = match publication.model.split_once('/') {
        Some((owner, name)) => (owner, name),
        None => (me.name.as_str(), publication.model.as_str()),
    };
    let kind = RepositoryKind::Model;
    match access::open(app, actor, Area::Repository, kind, owner, name).await {
        Ok(found) => return found.write(),
        Err(Error::NotFound(_)) if owner.eq_ignore_ascii_case(me.name.as_str()) => {}
        Err(other) => return Err(other),
    }
    let new = NewRepository {
        kind,
        visibility: publication.visibility.unwrap_or(task.repository().visibility),
        ..NewRepository::named(name)
    };
    let made = repository::create(app, actor, new).await.map_err(about_model)?;
    access::open_by_id(app, actor, Area::Repository, made.id).await?.write()
}

/// The form calls the field `model`.
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

/// The model holds its objects before a commit names them. Their bytes are in the one store already.
async fn hold(app: &App, model: &Access<Write>, outputs: &[TaskOutput]) -> Result<()> {
    let mut claims = Vec::new();
    for output in outputs {
        let id = BlobId::parse(&output.sha256).ok_or_else(|| Error::internal("an output with a bad hash"))?;
        claims.push(app.blobs().claim(&id).await);
        if !app.blobs().exists(&id).await {
            return Err(Error::NotFound(Kind::LostObject));
        }
    }
    let mut writer = app.store().write().await?;
    for output in outputs.iter().filter(|output| tree::is_large(output)) {
        let object = LfsObject {
            repository_id: model.repository().id,
            oid: output.sha256.clone(),
            size_bytes: output.size_bytes,
            created_at: app.now(),
        };
        lfs_object::insert(&mut writer, &object).await?;
    }
    writer.commit().await?;
    Ok(())
}

/// One more than the highest `vN` that is a version or a tag.
async fn next_version(app: &App, model: &Repository) -> Result<String> {
    let mut reader = app.store().read().await?;
    let known = model_version::list(&mut reader, model.id).await?;
    drop(reader);
    let git = repository::git(app, model).await?;
    let tags = git.run(hearth_git::OpenRepository::tags).await.map_git()?;
    let names =
        known.iter().map(|version| version.version.as_str()).chain(tags.iter().map(|tag| tag.name.as_str()));
    let highest = names.filter_map(|name| name.strip_prefix('v')?.parse::<u32>().ok()).max().unwrap_or(0);
    Ok(format!("v{}", highest.saturating_add(1)))
}

/// Makes the commit and its tag.
async fn commit(
    app: &App,
    model: &Access<Write>,
    task: &TaskAccess,
    version: &str,
    outputs: &[TaskOutput],
    run: &RunDocument,
    card: &str,
) -> Result<Vec<RefUpdate>> {
    let git = repository::git(app, model.repository()).await?;
    let branch = BranchName::new(model.repository().default_branch.clone()).map_err(Error::internal)?;
    let tag = TagName::new(version.to_owned()).map_err(Error::internal)?;
    let files = tree::read_small(app, outputs).await?;
    let plan = tree::Plan {
        branch,
        signature: content::signature(app, model.writer()),
        message: format!("Publish {version} from task {}\n\nTask: {}\n", task.id(), task.task().name),
        card: card.to_owned(),
        run: serde_json::to_vec_pretty(run).map_err(Error::internal)?,
        files,
    };
    let commit = git.run(move |git| plan.prepare(git)).await.map_git()?;
    let moved = git.commit_files(commit).await.map_git()?;
    let tagged = RefUpdate { name: tag.full(), old: None, new: moved.new };
    git.update_references(std::slice::from_ref(&tagged)).await.map_git()?;
    Ok(vec![moved, tagged])
}

/// Version, edge and news in one transaction; then the push is recorded like any other.
async fn settle(
    app: &App,
    task: &TaskAccess,
    model: &Access<Write>,
    version: String,
    note: &str,
    updates: Vec<RefUpdate>,
) -> Result<Published> {
    let commit = updates.first().and_then(|update| update.new).unwrap_or(ObjectId::ZERO).to_string();
    let (repository, now) = (model.repository(), app.now());
    let mut writer = app.store().write().await?;
    let row = NewModelVersion {
        repository_id: repository.id,
        version: version.clone(),
        commit_id: commit.clone(),
        note: note.to_owned(),
        creator_id: model.writer().id,
        created_at: now,
    };
    model_version::insert(&mut writer, &row).await.on_taken(Conflict::VersionTaken)?;
    let link = NewTaskLink {
        task_id: task.id(),
        direction: Direction::Output,
        repository_id: repository.id,
        commit_id: commit.clone(),
        version: Some(version.clone()),
        created_at: now,
    };
    task_link::insert(&mut writer, &link).await?;
    let fact = event::NewEvent {
        actor_id: Some(model.writer().id),
        repository_id: Some(repository.id),
        kind: "model.published",
        data: serde_json::json!({"task": task.id(), "version": version, "commit": commit}),
        created_at: now,
    };
    event::insert(&mut writer, &fact).await?;
    writer.commit().await?;
    push::record(app, repository, Some(model.writer().id), &updates).await?;
    app.live().tell(Change::Task(task.id()));
    let mut reader = app.store().read().await?;
    let now = hearth_store::repository::find(&mut reader, repository.id).await?;
    Ok(Published { repository: now.unwrap_or_else(|| repository.clone()), version, commit })
}

/// A name to offer for the model of a task: that of the code, as a model.
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
            path: path.into(),
            size_bytes: 1,
            sha256: "a".repeat(64),
            created_at: Timestamp::from_second(0),
        }
    }

    #[test]
    fn only_outputs_that_are_there_are_chosen() {
        let all = || vec![made("a.bin"), made("b.bin")];
        assert_eq!(chosen(all(), &[]).expect("all").len(), 2);
        assert_eq!(chosen(all(), &["b.bin".into()]).expect("one")[0].path, "b.bin");
        assert!(matches!(chosen(all(), &["c.bin".into()]), Err(Error::NotFound(Kind::Output))));
        assert!(matches!(chosen(vec![], &[]), Err(Error::Invalid(_))));
    }
}

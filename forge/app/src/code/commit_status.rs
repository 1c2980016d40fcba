//! Statuses that programs set on commits.

use hearth_core::{Error, FieldErrors, Page, PageRequest, Read, Result, Retraining, StatusState, Write};
use hearth_git::StorageId;
use hearth_store::commit_status as row;
pub use hearth_store::commit_status::CommitStatus;

use crate::{Access, App, GitResult as _, pull_request};

const LONGEST: usize = 255;
const LONGEST_ADDRESS: usize = 2048;
/// The context of a status that names none.
const DEFAULT_CONTEXT: &str = "default";

/// A status to set on a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewStatus {
    pub state: StatusState,
    /// What reports the status; empty: `default`.
    pub context: String,
    pub description: String,
    pub target_url: String,
}

/// The id of the commit that a branch, a tag or an id points to.
pub async fn resolve(app: &App, access: &Access<Read>, revision: &str) -> Result<String> {
    let git = app.git().open(&StorageId::from(access.repository().id.0)).await.map_git()?;
    let revision = revision.to_owned();
    git.run(move |git| Ok(git.resolve(&revision)?.commit.to_string())).await.map_git()
}

/// Sets a status on a commit of this repository.
pub async fn create(app: &App, access: &Access<Read>, commit: &str, new: &NewStatus) -> Result<CommitStatus> {
    let writing: Access<Write> = access.write()?;
    let mut mistakes = FieldErrors::default();
    for (field, text, most) in [
        ("context", &new.context, LONGEST),
        ("description", &new.description, LONGEST),
        ("target_url", &new.target_url, LONGEST_ADDRESS),
    ] {
        if text.chars().count() > most {
            mistakes.add(field, "too-long");
        } else if text.contains(char::is_control) {
            mistakes.add(field, "characters");
        }
    }
    if new.context.starts_with(Retraining::PREFIX) {
        mistakes.add("context", "name-reserved");
    }
    let is_address = new.target_url.starts_with("https://") || new.target_url.starts_with("http://");
    if !new.target_url.is_empty() && !is_address {
        mistakes.add("target_url", "address");
    }
    mistakes.into_result()?;
    let commit_id = resolve(app, access, commit).await?;
    let context = if new.context.is_empty() { DEFAULT_CONTEXT } else { &new.context };
    let mut operation = app.begin().await?;
    let status = row::insert(
        &mut operation,
        &row::NewCommitStatus {
            repository_id: access.repository().id,
            commit_id,
            context: context.to_owned(),
            state: new.state,
            description: new.description.clone(),
            target_url: new.target_url.clone(),
            creator_id: Some(writing.writer().id),
            created_at: app.now(),
        },
    )
    .await?;
    pull_request::status_changed(&mut operation, access.repository().id, &status.commit_id).await?;
    operation.commit().await?;
    Ok(status)
}

/// All statuses of a commit, newest first.
pub async fn list(
    app: &App,
    access: &Access<Read>,
    revision: &str,
    state: Option<StatusState>,
    request: PageRequest,
) -> Result<Page<CommitStatus>> {
    let commit = resolve(app, access, revision).await?;
    let repository = access.repository().id;
    let mut reader = app.store().read().await?;
    let items = row::list(&mut reader, repository, &commit, state, request).await?;
    Ok(Page::of(items, request, row::count(&mut reader, repository, &commit, state)).await?)
}

/// The latest status in each context for several commits, given by their full ids.
pub async fn latest(app: &App, access: &Access<Read>, commits: &[&str]) -> Result<Vec<CommitStatus>> {
    let mut reader = app.store().read().await.map_err(Error::from)?;
    Ok(row::list_latest(&mut reader, access.repository().id, commits).await?)
}

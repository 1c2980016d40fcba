//! Opening a pull request: answered at once, whatever the repository's size. Two branches are looked up; everything
//! that compares is left to a job.

use hearth_core::{
    Conflict, Error, Kind, LabelId, MilestoneId, Read, Result, SubscriptionReason, Unit,
    event::{PullRequestEvent, Subject},
};
use hearth_store::{
    Meaning as _, pull_request as row,
    repository::{self, Repository},
};

use super::{
    PullRequestCard, card, find_row,
    head::{branch, tip_of},
};
use crate::{
    Access, App, access,
    jobs::RefreshPullRequest,
    repository::git,
    review,
    thread::{Text, ThreadEdit, check_batch_size, checked_title},
};

/// A pull request to open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewPullRequest {
    pub title: String,
    pub body: String,
    pub base_branch: String,
    pub head: HeadName,
    pub is_draft: bool,
    /// For those with write access; labels of this repository.
    pub labels: Vec<LabelId>,
    /// For those with write access; user names.
    pub assignees: Vec<String>,
    /// For those with write access; of this repository.
    pub milestone: Option<MilestoneId>,
    /// User names, and teams as `organisation/team`.
    pub reviewers: Vec<String>,
    /// Of a head in a fork: whether those who write in the base repository may push to it.
    pub allows_maintainer_edit: bool,
}

/// The branch to merge, as it was named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeadName {
    /// Owner and name; none: the repository of the pull request.
    pub repository: Option<(String, String)>,
    pub branch: String,
}

/// Opens a pull request under the next number. The author must be able to read the head's code; by opening it they
/// show its commits to everybody who can read here.
pub async fn open(app: &App, access: &Access<Read>, new: NewPullRequest) -> Result<PullRequestCard> {
    let author = access.participant()?;
    let title = checked_title(&new.title)?;
    let text = Text::read(app, "body", &new.body).await?;
    check_batch_size(app, new.labels.len())?;
    check_batch_size(app, new.assignees.len())?;
    check_batch_size(app, new.reviewers.len())?;
    let base = access.enter_unit(Unit::Code)?;
    let head = enter_head(app, &base, &new.head).await?;
    let is_same = head.id == base.repository().id;
    let (base_branch, head_branch) = (branch("base", &new.base_branch)?, branch("head", &new.head.branch)?);
    if is_same && base_branch == head_branch {
        return Err(Error::Conflict(Conflict::NothingToMerge));
    }
    let base_id = tip_of(&git(app, base.repository()).await?, &base_branch).await?;
    let head_id = tip_of(&git(app, &head).await?, &head_branch).await?;

    let repository_id = access.repository().id;
    let mut operation = app.begin().await?;
    let now = operation.now();
    repository::lock(&mut operation, repository_id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    let new_row = row::NewPullRequest {
        repository_id,
        author_id: author.id,
        title,
        body: text.body.clone(),
        is_draft: new.is_draft,
        head_repository_id: head.id,
        head_branch: head_branch.to_string(),
        head_id: head_id.to_string(),
        base_branch: base_branch.to_string(),
        base_id: base_id.to_string(),
        allows_maintainer_edit: new.allows_maintainer_edit && !is_same,
        created_at: now,
    };
    let opened = row::insert(&mut operation, &new_row).await.on_taken(Conflict::PullRequestExists)?;
    let event = PullRequestEvent::Opened { number: opened.number, title: opened.title.clone() };
    operation.record_in(access, Subject::PullRequest(opened.id), event).await?;
    let mut thread_edit = ThreadEdit { operation, thread: opened.thread.clone(), now };
    thread_edit.follow(author.id, SubscriptionReason::Author).await?;
    if !(new.labels.is_empty() && new.assignees.is_empty()) {
        let access = access.write()?;
        thread_edit.open_with(&access, &new.labels, &new.assignees).await?;
    }
    if new.milestone.is_some() {
        thread_edit.set_milestone(&access.write()?, new.milestone).await?;
    }
    if !new.reviewers.is_empty() {
        review::request_in(app, &mut thread_edit, access, &new.reviewers).await?;
    }
    thread_edit.apply_text_effects(app, access, None, (&Text::default(), &text)).await?;
    thread_edit.operation.enqueue(&RefreshPullRequest { thread_id: opened.id }).await?;
    let opened = find_row(&mut thread_edit.operation, access, opened.number).await?;
    let card = card(&mut thread_edit.operation, access, opened).await?;
    thread_edit.operation.commit().await?;
    Ok(card)
}

/// The repository of the head. What the author may not read does not exist.
async fn enter_head(app: &App, base: &Access<Read>, name: &HeadName) -> Result<Repository> {
    let own = base.repository();
    match &name.repository {
        None => Ok(own.clone()),
        Some((owner, repository)) => {
            let entered = access::open(app, base.actor(), Unit::Code, own.kind, owner, repository).await?;
            Ok(entered.repository().clone())
        }
    }
}

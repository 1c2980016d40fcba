//! Changes to an existing pull request. Each change adds an event to its timeline.

use hearth_core::{
    Conflict, Error, IssueState, Kind, LabelId, MilestoneId, PullRequestState, Read, Result, ThreadEventKind,
    ThreadNumber, Timestamp, Unit, UserId, event::PullRequestEvent,
};
use hearth_git::BranchName;
use hearth_store::{
    Meaning as _, comment::Comment, pull_request as row, pull_request_version as version_row,
    push as push_row, repository, thread_event,
};
use serde_json::json;

use super::{
    PullRequest, PullRequestCard, card,
    compute::bounded,
    find_row,
    head::{HeadBranch, branch, tip_of},
    moved::{Push, advance, of, recorded_base},
    object,
};
use crate::{
    Access, App, GitResult as _, Operation, code_owner,
    jobs::RefreshPullRequest,
    merge::auto,
    repository::git,
    thread::{Text, ThreadEdit, author_or_writer, check_batch_size, checked_title, dependency, participant},
};

/// Changes to a pull request, made all together or not at all; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub title: Option<String>,
    pub body: Option<String>,
    /// The version of title and body on which the edit is based; none: whatever is current.
    pub version: Option<i64>,
    /// For the author and everybody with write access. A merged one stays merged.
    pub state: Option<IssueState>,
    /// Exactly these labels of the repository; for those with write access.
    pub labels: Option<Vec<LabelId>>,
    /// Exactly these people, by name; for those with write access.
    pub assignees: Option<Vec<String>>,
    /// A milestone of the repository, or none; for those with write access.
    pub milestone: Option<Option<MilestoneId>>,
    /// When it is to be done, or at no certain time; for those with write access.
    pub due_at: Option<Option<Timestamp>>,
    /// The branch to merge into; for the author and everybody with write access, as the following are.
    pub base_branch: Option<String>,
    pub is_draft: Option<bool>,
    /// For the author alone: it is their fork.
    pub allows_maintainer_edit: Option<bool>,
}

/// What has to be known of branches before an operation begins.
struct Reopening {
    tip: hearth_git::ObjectId,
    is_forced: bool,
}

/// Applies all given changes, unless somebody else has changed the texts since they were read.
pub async fn edit(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    edit: Edit,
) -> Result<PullRequestCard> {
    access.participant()?;
    let title = edit.title.as_deref().map(checked_title).transpose()?;
    check_batch_size(app, edit.labels.as_ref().map_or(0, Vec::len))?;
    check_batch_size(app, edit.assignees.as_ref().map_or(0, Vec::len))?;
    let known = find_row(&mut app.store().read().await?, access, number).await?;
    let text = match &edit.body {
        Some(body) => {
            let text = Text::read(app, "body", body).await?;
            Some((Text::read(app, "body", &known.body).await.unwrap_or_default(), text))
        }
        None => None,
    };
    let base = match edit.base_branch.as_deref().filter(|name| name.trim() != known.base_branch) {
        Some(name) => Some(existing_branch(app, access, &known, name).await?),
        None => None,
    };
    let reopening = reopening(app, &known, edit.state).await?;
    let mut thread_edit = begin(app, access, number).await?;
    if title.is_some() || text.is_some() {
        thread_edit.set_text(app, access, title, text, edit.version).await?;
    }
    if let Some(labels) = &edit.labels {
        thread_edit.set_labels(&access.write()?, labels).await?;
    }
    if let Some(names) = &edit.assignees {
        thread_edit.set_assignees(&access.write()?, names).await?;
    }
    if let Some(milestone) = edit.milestone {
        thread_edit.set_milestone(&access.write()?, milestone).await?;
    }
    if let Some(due_at) = edit.due_at {
        thread_edit.set_due(&access.write()?, due_at).await?;
    }
    if let Some(base) = &base {
        change_base(&mut thread_edit, access, base.as_str()).await?;
    }
    let mut is_ready = false;
    if let Some(is_draft) = edit.is_draft {
        is_ready = change_draft(&mut thread_edit, access, is_draft).await?;
    }
    if let Some(allows) = edit.allows_maintainer_edit {
        if access.participant()?.id != thread_edit.thread.author_id {
            return Err(Error::Forbidden(hearth_core::Action::Write));
        }
        let id = thread_edit.thread.id;
        row::set_allows_maintainer_edit(&mut thread_edit.operation, id, allows).await?;
    }
    if let Some(state) = edit.state {
        set_state(&mut thread_edit, access, state, reopening.as_ref()).await?;
    }
    let card = end(thread_edit, access).await?;
    if is_ready {
        // Owners of code are not asked about drafts.
        code_owner::request_reviews(app, &card.pull_request).await?;
    }
    Ok(card)
}

/// Adds a comment and closes or reopens the pull request. Without text, only the latter.
pub async fn close_or_reopen(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    state: IssueState,
    body: &str,
) -> Result<Option<Comment>> {
    access.participant()?;
    let text = Text::read(app, "body", body).await?;
    let known = find_row(&mut app.store().read().await?, access, number).await?;
    let reopening = reopening(app, &known, Some(state)).await?;
    let mut thread_edit = begin(app, access, number).await?;
    let mut comment = None;
    if !text.body.trim().is_empty() {
        let author = participant(access, &thread_edit.thread)?;
        comment = Some(thread_edit.add_comment(app, access, author, &text).await?);
    }
    set_state(&mut thread_edit, access, state, reopening.as_ref()).await?;
    thread_edit.operation.commit().await?;
    Ok(comment)
}

/// Fails for threads that are no pull requests. The repository is locked first, as a push and a merge do.
async fn begin<Level>(app: &App, access: &Access<Level>, number: ThreadNumber) -> Result<ThreadEdit> {
    let mut operation = app.begin().await?;
    let id = access.repository().id;
    repository::lock(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    let found = find_row(&mut operation, access, number).await?;
    let found = row::lock(&mut operation, found.id).await?.ok_or(Error::NotFound(Kind::PullRequest))?;
    let now = operation.now();
    Ok(ThreadEdit { operation, thread: found.thread, now })
}

/// Commits the changes and returns the resulting pull request.
async fn end<Level>(mut thread_edit: ThreadEdit, access: &Access<Level>) -> Result<PullRequestCard> {
    let number = thread_edit.thread.number;
    let found = find_row(&mut thread_edit.operation, access, number).await?;
    let card = card(&mut thread_edit.operation, access, found).await?;
    thread_edit.operation.commit().await?;
    Ok(card)
}

/// A base branch must exist, and not be the head itself.
async fn existing_branch(
    app: &App,
    access: &Access<Read>,
    known: &PullRequest,
    name: &str,
) -> Result<BranchName> {
    let name = branch("base", name)?;
    access.enter_unit(Unit::Code)?;
    tip_of(&git(app, access.repository()).await?, &name).await?;
    if !known.is_from_fork() && known.head_branch == name.as_str() {
        return Err(Error::Conflict(Conflict::NothingToMerge));
    }
    Ok(name)
}

async fn change_base(thread_edit: &mut ThreadEdit, access: &Access<Read>, target: &str) -> Result<()> {
    let actor = author_or_writer(access, thread_edit.thread.author_id)?.id;
    let number = thread_edit.thread.number;
    let found = find_row(&mut thread_edit.operation, access, number).await?;
    if !found.is_open() {
        return Err(Error::Conflict(Conflict::State));
    }
    set_base(&mut thread_edit.operation, &found, Some(actor), (target, "edited")).await?;
    thread_edit.operation.enqueue(&RefreshPullRequest { thread_id: found.id }).await
}

/// Makes a pull request ask for a merge into another branch. That is a version of its own: the same commits may change
/// something else there, and what was said of them was about the other diff.
pub(crate) async fn set_base(
    operation: &mut Operation,
    pull_request: &PullRequest,
    actor: Option<UserId>,
    (target, reason): (&str, &str),
) -> Result<()> {
    let now = operation.now();
    let tip = recorded_base(operation, pull_request.repository_id, target).await?;
    let base_id = tip.unwrap_or_else(|| pull_request.base_id.clone());
    row::set_base(operation, pull_request.id, target, &base_id, now)
        .await
        .on_taken(Conflict::PullRequestExists)?;
    let version = version_row::NewVersion {
        thread_id: pull_request.id,
        head_id: pull_request.head_id.clone(),
        base_id,
        pusher_id: actor,
        is_forced: false,
        created_at: now,
    };
    version_row::insert(operation, &version).await?;
    let data = json!({ "from": pull_request.base_branch, "to": target, "reason": reason });
    thread_event::insert(operation, pull_request.id, actor, ThreadEventKind::BaseChanged, data, now).await?;
    let event = PullRequestEvent::BaseChanged {
        number: pull_request.number,
        title: pull_request.title.clone(),
        from: pull_request.base_branch.clone(),
        to: target.to_owned(),
    };
    let (subject, audience) = of(pull_request);
    operation.record(actor, subject, audience, event).await?;
    // Whoever asked for the merge meant the other branch, into which others may not be allowed to merge.
    if pull_request.auto_merge.is_some() {
        auto::disable(operation, pull_request, actor, "base-changed").await?;
    }
    Ok(())
}

/// `true`: it is a draft no longer.
async fn change_draft(thread_edit: &mut ThreadEdit, access: &Access<Read>, is_draft: bool) -> Result<bool> {
    let actor = author_or_writer(access, thread_edit.thread.author_id)?.id;
    let (id, now) = (thread_edit.thread.id, thread_edit.now);
    if !row::set_draft(&mut thread_edit.operation, id, is_draft, now).await? {
        return Ok(false);
    }
    let kind = if is_draft { ThreadEventKind::ConvertedToDraft } else { ThreadEventKind::ReadyForReview };
    thread_edit.note(actor, kind, json!({})).await?;
    let (number, title) = (thread_edit.thread.number, thread_edit.thread.title.clone());
    let event = PullRequestEvent::DraftChanged { number, title, is_draft };
    let subject = hearth_core::event::Subject::PullRequest(id);
    thread_edit.operation.record_in(access, subject, event).await?;
    thread_edit.operation.enqueue(&RefreshPullRequest { thread_id: id }).await?;
    Ok(!is_draft)
}

/// What reopening needs to know: the head must still be there. None: nothing is to be reopened.
async fn reopening(app: &App, known: &PullRequest, state: Option<IssueState>) -> Result<Option<Reopening>> {
    match known.state {
        PullRequestState::Closed if state == Some(IssueState::Open) => {}
        PullRequestState::Closed | PullRequestState::Open | PullRequestState::Merged => return Ok(None),
    }
    let head = HeadBranch::find(app, known).await?.ok_or(Error::Conflict(Conflict::HeadGone))?;
    let tip = head.tip.ok_or(Error::Conflict(Conflict::HeadGone))?;
    let old = object(&known.head_id)?;
    let is_forced = head
        .git
        .run(move |git| Ok(!git.has_object(old) || bounded(git.is_ancestor(old, tip))? == Some(false)));
    Ok(Some(Reopening { tip, is_forced: is_forced.await.map_git()? }))
}

async fn set_state(
    thread_edit: &mut ThreadEdit,
    access: &Access<Read>,
    state: IssueState,
    reopening: Option<&Reopening>,
) -> Result<()> {
    let actor = author_or_writer(access, thread_edit.thread.author_id)?.id;
    let number = thread_edit.thread.number;
    let found = find_row(&mut thread_edit.operation, access, number).await?;
    match (found.state, state) {
        (PullRequestState::Merged, _) => Err(Error::Conflict(Conflict::State)),
        (PullRequestState::Open, IssueState::Closed) => {
            // It is given up, so nothing has to be done before it.
            note_closed(&mut thread_edit.operation, &found, Some(actor)).await
        }
        (PullRequestState::Closed, IssueState::Open) => {
            let reopening = reopening.ok_or(Error::Conflict(Conflict::State))?;
            reopen(&mut thread_edit.operation, &found, actor, reopening).await
        }
        (PullRequestState::Open, IssueState::Open) | (PullRequestState::Closed, IssueState::Closed) => Ok(()),
    }
}

async fn reopen(
    operation: &mut Operation,
    pull_request: &PullRequest,
    actor: UserId,
    reopening: &Reopening,
) -> Result<()> {
    let now = operation.now();
    let reopened = row::set_reopened(operation, pull_request, now).await;
    if !reopened.on_taken(Conflict::PullRequestExists)? {
        return Err(Error::Conflict(Conflict::State));
    }
    thread_event::insert(operation, pull_request.id, actor, ThreadEventKind::Reopened, json!({}), now)
        .await?;
    let (number, title) = (pull_request.number, pull_request.title.clone());
    let (subject, audience) = of(pull_request);
    let event = PullRequestEvent::Reopened { number, title };
    operation.record(Some(actor), subject, audience, event).await?;
    // What was pushed while it was closed, by whoever pushed it: their own approval is not one of another person.
    let branch = format!("{}{}", BranchName::PREFIX, pull_request.head_branch);
    let pusher = match pull_request.head_repository_id {
        Some(repository) => push_row::find_last_pusher(operation, repository, &branch).await?,
        None => None,
    };
    let push = Push {
        pusher: pusher.or(Some(actor)),
        head: reopening.tip,
        commits: 0,
        is_forced: reopening.is_forced,
    };
    advance(operation, pull_request, &push).await?;
    operation.enqueue(&RefreshPullRequest { thread_id: pull_request.id }).await
}

/// Closes an open pull request; idempotent.
pub(crate) async fn note_closed(
    operation: &mut Operation,
    pull_request: &PullRequest,
    actor: Option<UserId>,
) -> Result<()> {
    let now = operation.now();
    if row::set_closed(operation, pull_request, now).await? {
        thread_event::insert(operation, pull_request.id, actor, ThreadEventKind::Closed, json!({}), now)
            .await?;
        let (number, title) = (pull_request.number, pull_request.title.clone());
        let (subject, audience) = of(pull_request);
        operation.record(actor, subject, audience, PullRequestEvent::Closed { number, title }).await?;
        dependency::release(operation, pull_request.id).await?;
    }
    Ok(())
}

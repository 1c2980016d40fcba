//! Applying suggestions: one commit on the head branch, with credit to those who made them.

use std::{collections::BTreeMap, fmt, str::FromStr};

use hearth_core::{
    Conflict, Error, Kind, LineCommentId, LineSide, Read, Result, ThreadNumber, UserId, Write,
    event::{PullRequestEvent, Subject},
};
use hearth_git::{
    BranchName, Change, Content, EntryKind, LinePlace, NewCommit, ObjectId, OpenRepository, TreePath,
};
use hearth_store::{
    Ask, line_comment as row, line_comment_place as place_row, pull_request::PullRequest, user,
};

use super::{
    LineComment, line_number, place,
    suggestion::{Replacement, apply, suggestion},
};
use crate::{
    Access, App, GitResult as _, access,
    branch_rule::{self, Objects, Way},
    content,
    pull_request::find_row,
    push, repository,
    review::version::{Prepared, id},
    thread::{ThreadEdit, check_batch_size, participant},
    user::User,
};

/// A suggestion as somebody saw it. Written `7.2`: the comment 7 after it was edited once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeenSuggestion {
    pub comment: LineCommentId,
    pub edit_version: i64,
}

impl SeenSuggestion {
    pub const fn of(comment: &LineComment) -> Self {
        Self { comment: comment.id, edit_version: comment.edit_version }
    }
}

impl fmt::Display for SeenSuggestion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.comment, self.edit_version)
    }
}

impl FromStr for SeenSuggestion {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let unknown = || Error::field("comments", "unknown");
        let (comment, edit_version) = text.split_once('.').ok_or_else(unknown)?;
        let comment = comment.parse().map_err(|_| unknown())?;
        Ok(Self { comment, edit_version: edit_version.parse().map_err(|_| unknown())? })
    }
}

/// Applies the suggestions of these comments in one commit on the head branch, and resolves their line threads. The lines must
/// be exactly those that were commented on; suggestions for the same lines are refused. So is one that was edited since it was
/// seen: whoever made it must not put something else under the hand of whoever applies it.
pub async fn apply_suggestions(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    seen: &[SeenSuggestion],
    message: Option<String>,
) -> Result<ObjectId> {
    let actor = access.participant()?;
    check_batch_size(app, seen.len())?;
    let mut reader = app.store().read().await?;
    let pull_request = find_row(&mut reader, access, number).await?;
    participant(access, &pull_request.thread)?;
    if !pull_request.is_open() {
        return Err(Error::Conflict(Conflict::NotMergeable));
    }
    let newest = Prepared::need_newest(&mut reader, pull_request.id).await?;
    if newest.number != pull_request.newest_version {
        return Err(Error::Conflict(Conflict::HeadMoved));
    }
    let chosen = Chosen::read(&mut reader, &pull_request, newest.number, seen).await?;
    let message = chosen.message(app, &mut reader, actor.id, message).await?;
    drop(reader);
    let head = access::enter_head(app, access, &pull_request).await?;
    let commit = commit(app, &head, &pull_request, chosen.files, message).await?;
    resolve(app, access, number, &chosen.threads).await?;
    Ok(commit)
}

/// What is to be replaced in each file, and whose idea it was.
#[derive(Default)]
struct Chosen {
    files: BTreeMap<String, Vec<Replacement>>,
    suggesters: Vec<UserId>,
    /// The first comments of their line threads.
    threads: Vec<LineCommentId>,
}

impl Chosen {
    async fn read(
        ask: &mut impl Ask,
        pull_request: &PullRequest,
        newest: i64,
        seen: &[SeenSuggestion],
    ) -> Result<Self> {
        let mut chosen = Self::default();
        let places = place_row::list(ask, pull_request.id, newest).await?;
        for seen in seen {
            let comment = submitted(ask, pull_request, seen.comment).await?;
            if SeenSuggestion::of(&comment) != *seen {
                return Err(Error::Conflict(Conflict::StaleEdit));
            }
            let first = submitted(ask, pull_request, comment.first_id()).await?;
            let lines = suggestion(&comment.body).ok_or(Error::field("comments", "no-suggestion"))?;
            let found = places.iter().find(|place| place.line_comment_id == first.id);
            let place = if first.version == newest {
                Some(written_place(&first))
            } else {
                found.and_then(place::place_in)
            };
            let place = place.filter(|_| first.side == LineSide::New);
            let place = place.ok_or(Error::field("comments", "lines-changed"))?;
            let replacement = Replacement {
                lines: place.first_line..=place.last_line,
                old: commented_lines(&first),
                new: lines.into_iter().map(str::to_owned).collect(),
            };
            chosen.files.entry(place.path).or_default().push(replacement);
            if !chosen.suggesters.contains(&comment.author_id) {
                chosen.suggesters.push(comment.author_id);
            }
            chosen.threads.push(first.id);
        }
        if chosen.files.is_empty() {
            return Err(Error::field("comments", "required"));
        }
        Ok(chosen)
    }

    /// The commit's message, with credit to those whose suggestions somebody else applies.
    async fn message(
        &self,
        app: &App,
        ask: &mut impl Ask,
        committer: UserId,
        message: Option<String>,
    ) -> Result<String> {
        let message = message.filter(|message| !message.trim().is_empty());
        let mut message = message.unwrap_or_else(|| "Apply suggestions from review".to_owned());
        if message.contains('\0') || message.len() as u64 > app.limits().text_bytes {
            return Err(Error::field("message", "too-long"));
        }
        message.truncate(message.trim_end().len());
        let others: Vec<UserId> = self.suggesters.iter().copied().filter(|id| *id != committer).collect();
        let mut people = user::find_all(ask, &others).await?;
        people.sort_by_key(|person| others.iter().position(|id| *id == person.id));
        let credit = |person: &User| {
            let signature = content::signature(app, person);
            format!("Co-authored-by: {} <{}>", signature.name, signature.email)
        };
        let credits: Vec<String> = people.iter().map(credit).collect();
        if !credits.is_empty() {
            message.push_str("\n\n");
            message.push_str(&credits.join("\n"));
        }
        Ok(message)
    }
}

/// A comment that everybody sees.
async fn submitted(ask: &mut impl Ask, pull_request: &PullRequest, id: LineCommentId) -> Result<LineComment> {
    let found = row::find(ask, pull_request.id, id).await?.filter(|comment| !comment.is_pending());
    found.ok_or(Error::NotFound(Kind::LineComment))
}

/// The lines that a comment is about, without those that are kept before them.
fn commented_lines(first: &LineComment) -> Vec<String> {
    let before = line_number(first.first_line).saturating_sub(first.quoted.first_line);
    first.quoted.lines.iter().skip(usize::try_from(before).unwrap_or(usize::MAX)).cloned().collect()
}

fn written_place(comment: &LineComment) -> LinePlace {
    LinePlace {
        path: comment.path.clone(),
        side: place::side(comment.side),
        first_line: line_number(comment.first_line),
        last_line: line_number(comment.last_line),
    }
}

/// Makes the commit, moves the head branch to it if that is still where it was, and records the push.
async fn commit(
    app: &App,
    head: &Access<Write>,
    pull_request: &PullRequest,
    files: BTreeMap<String, Vec<Replacement>>,
    message: String,
) -> Result<ObjectId> {
    let parent = id(&pull_request.head_id).ok_or(Error::NotFound(Kind::Revision))?;
    let branch = BranchName::new(pull_request.head_branch.clone()).map_err(Error::internal)?;
    let git = repository::git(app, head.repository()).await?;
    let most_bytes = app.limits().content_bytes;
    let changes = git.run(move |git| Ok(changes(git, parent, files, most_bytes))).await.map_git()??;
    let signature = content::signature(app, head.writer());
    let new = NewCommit {
        branch,
        branch_was: Some(parent),
        parent: Some(parent),
        author: signature.clone(),
        committer: signature,
        message,
        changes,
        is_empty_allowed: false,
    };
    let update = git.prepare_commit(new).await.map_err(of_head)?;
    let commit = update.new.ok_or_else(|| Error::internal("a commit moves its branch somewhere"))?;
    let updates = std::slice::from_ref(&update);
    let allowed = branch_rule::check_updates(app, head, Way::Push, Objects::Stored(&git), updates).await?;
    let reference_update = app.reference_updates().begin(head.repository().id);
    if let Err(error) = git.update_references(updates).await {
        // Nothing moved.
        reference_update.recorded();
        return Err(of_head(error));
    }
    push::record_allowed(app, head, updates, &allowed).await?;
    reference_update.recorded();
    Ok(commit)
}

/// A head that is not where it was expected has moved.
fn of_head(error: hearth_git::Error) -> Error {
    match error {
        hearth_git::Error::Conflict { .. } => Error::Conflict(Conflict::HeadMoved),
        other => Err::<(), _>(other).map_git().expect_err("it is an error"),
    }
}

fn changes(
    git: &OpenRepository,
    commit: ObjectId,
    files: BTreeMap<String, Vec<Replacement>>,
    most_bytes: u64,
) -> Result<Vec<Change>> {
    let mut changes = Vec::with_capacity(files.len());
    for (path, replacements) in files {
        let path = TreePath::file(path).map_err(|_| Error::NotFound(Kind::File))?;
        let entry = git.find_entry(commit, &path).map_git()?;
        let is_file = |kind| matches!(kind, EntryKind::File | EntryKind::Executable);
        let entry =
            entry.filter(|entry| is_file(entry.kind)).ok_or(Error::field("comments", "lines-changed"))?;
        let blob = git.blob(entry.id, most_bytes).map_git()?;
        let data = blob.data.ok_or(Error::field("comments", "lines-changed"))?;
        let content = Content::Bytes(apply(&data, replacements)?);
        changes.push(Change::Put { path, kind: entry.kind, content });
    }
    Ok(changes)
}

/// Resolves the line threads whose suggestions were applied.
async fn resolve(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    threads: &[LineCommentId],
) -> Result<()> {
    let actor = access.participant()?.id;
    let mut edit = ThreadEdit::begin(app, access, number).await?;
    for comment in threads {
        if row::resolve(&mut edit.operation, *comment, actor, edit.now).await? {
            let (number, title) = (edit.thread.number, edit.thread.title.clone());
            let event = PullRequestEvent::ThreadResolved { number, title, comment: *comment };
            edit.operation.record_in(access, Subject::PullRequest(edit.thread.id), event).await?;
        }
    }
    edit.operation.commit().await
}

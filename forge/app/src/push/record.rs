use hearth_core::{Result, UserId, urls::Revision};
use hearth_git::{BranchName, Log, ObjectId, OpenRepository, RefUpdate, UpdateKind};
use hearth_store::{
    event::{self, NewEvent},
    push::{self, NewPush},
    repository::{self, Repository},
};
use serde_json::json;

use crate::{
    App, Change, GitResult as _,
    jobs::{self, RefreshRepository},
    repository::git,
};

/// One reference that moved, with what came by it.
#[derive(Clone, Debug)]
pub struct Moved {
    pub update: RefUpdate,
    /// New commits, counted up to [`Moved::MOST_COMMITS`].
    pub commits: usize,
    /// The titles of the newest.
    pub titles: Vec<String>,
}

impl Moved {
    pub const MOST_COMMITS: usize = 100;

    /// The short name of a branch or tag, else the whole name.
    pub fn shown_name(&self) -> String {
        match self.revision() {
            Some(revision) => revision.name().to_owned(),
            None => self.update.name.to_string(),
        }
    }

    /// How pages name it, while it exists.
    pub fn revision(&self) -> Option<Revision> {
        let name = &self.update.name;
        self.update.new?;
        let branch = name.branch().map(|branch| Revision::Branch(branch.into()));
        branch.or_else(|| name.tag().map(|tag| Revision::Tag(tag.into())))
    }
}

/// What was recorded.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub moved: Vec<Moved>,
}

/// References looked at closely; of more, only the names are kept.
const MOST_DESCRIBED: usize = 20;
const MOST_TITLES: usize = 5;
/// Letters of a title that are kept.
const MOST_TITLE_LETTERS: usize = 200;

/// What the repository is like after the push.
struct Facts {
    is_empty: bool,
    /// The branch that becomes the default one, because there is no other.
    born: Option<BranchName>,
    moved: Vec<Moved>,
}

/// Records references that moved, once: what is recorded already changes nothing. Rows, events and jobs are one
/// transaction.
pub async fn record(
    app: &App,
    repository: &Repository,
    pusher: Option<UserId>,
    updates: &[RefUpdate],
) -> Result<Recorded> {
    let files = git(app, repository).await?;
    let (moving, default) = (updates.to_vec(), repository.default_branch.clone());
    let facts = files.run(move |git| look(git, moving, &default)).await.map_git()?;
    let mut default_branch = repository.default_branch.clone();
    if let Some(born) = facts.born {
        files.set_default_branch(&born).await.map_git()?;
        default_branch = born.into();
    }

    let now = app.now();
    let mut writer = app.store().write().await?;
    repository::note_push(&mut writer, repository.id, facts.is_empty, &default_branch, now).await?;
    for moved in &facts.moved {
        let update = &moved.update;
        let text = |id: Option<ObjectId>| id.map(|id| id.to_string()).unwrap_or_default();
        let (ref_name, old_id, new_id) = (update.name.to_string(), text(update.old), text(update.new));
        let known = push::find_tip(&mut writer, repository.id, &ref_name).await?;
        if known.as_deref().unwrap_or_default() == new_id {
            continue;
        }
        let data = json!({
            "ref": ref_name, "old": old_id, "new": new_id, "commits": moved.commits, "titles": moved.titles,
        });
        let row = NewPush {
            repository_id: repository.id,
            pusher_id: pusher,
            ref_name,
            old_id,
            new_id,
            created_at: now,
        };
        push::insert(&mut writer, &row).await?;
        let happened = NewEvent {
            actor_id: pusher,
            repository_id: Some(repository.id),
            kind: "push",
            data,
            created_at: now,
        };
        event::insert(&mut writer, &happened).await?;
    }
    jobs::enqueue(&mut writer, &RefreshRepository { repository_id: repository.id }, now).await?;
    writer.commit().await?;
    app.live().tell(Change::Repository(repository.id));
    Ok(Recorded { moved: facts.moved })
}

fn look(git: &OpenRepository, updates: Vec<RefUpdate>, default: &str) -> hearth_git::Result<Facts> {
    let head = git.head()?;
    let mut born = None;
    if head.is_none() {
        let branches: Vec<_> =
            updates.iter().filter(|update| update.new.is_some()).filter_map(|u| u.name.branch()).collect();
        let usual = ["main", "master"].iter().find_map(|name| branches.iter().find(|b| b.as_str() == *name));
        born = usual.or(branches.first()).cloned().filter(|branch| branch.as_str() != default);
    }
    let is_empty = git.is_empty()?;
    let mut moved = Vec::with_capacity(updates.len());
    for (place, update) in updates.into_iter().enumerate() {
        let (mut commits, mut titles) = (0, Vec::new());
        if place < MOST_DESCRIBED
            && let Some(new) = update.new.filter(|_| update.name.branch().is_some())
        {
            let without =
                update.old.or(head.filter(|_| update.kind() == UpdateKind::Create && head != Some(new)));
            let log = Log { limit: Moved::MOST_COMMITS, without, ..Log::default() };
            // What was pushed may be made to cost too much: then it is recorded with what could be read of it.
            (commits, titles) = match describe(git, new, &log) {
                Err(hearth_git::Error::OverBudget(_) | hearth_git::Error::TooLarge { .. }) => (0, Vec::new()),
                described => described?,
            };
        }
        moved.push(Moved { update, commits, titles });
    }
    Ok(Facts { is_empty, born, moved })
}

/// How many commits are new, and the titles of the newest.
fn describe(git: &OpenRepository, new: ObjectId, log: &Log) -> hearth_git::Result<(usize, Vec<String>)> {
    let ids = git.log_ids(new, log)?.value;
    let title = |id: &ObjectId| -> hearth_git::Result<String> {
        let title = git.commit(*id)?.title;
        let is_long = title.chars().count() > MOST_TITLE_LETTERS;
        let kept: String = title.chars().take(MOST_TITLE_LETTERS).collect();
        Ok(if is_long { format!("{kept}…") } else { kept })
    };
    let titles = ids.iter().take(MOST_TITLES).map(title).collect::<hearth_git::Result<_>>()?;
    Ok((ids.len(), titles))
}

//! Releases are drafted, published, edited and deleted. Publishing makes the tag, by the rules for tags.

use hearth_core::{
    Conflict, Error, FieldErrors, Kind, ReleaseId, Result, TaskId, Unit, Write,
    event::{Audience, ReleaseEvent, Subject},
};
use hearth_git::TagName;
use hearth_store::{Meaning as _, release as row, release::Release};

use super::{ReleaseCard, find, origin};
use crate::{Access, App, GitResult as _, Operation, reference, repository, storage};

const LONGEST_TITLE: usize = 200;
const LONGEST_TARGET: usize = 255;

/// A release to create.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRelease {
    pub tag: String,
    /// A branch or a commit at which the tag is made if it does not exist; empty: the default branch.
    pub target: String,
    /// What the tag says if it is made; empty: the tag is only a name.
    pub tag_message: String,
    /// Empty: the tag is shown instead.
    pub title: String,
    pub notes: String,
    pub is_draft: bool,
    pub is_prerelease: bool,
    /// Choose it as the latest one, whatever is published later.
    pub is_chosen: bool,
    /// The task whose run record it carries.
    pub task: Option<TaskId>,
}

/// Changes to a release; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    pub tag: Option<String>,
    pub target: Option<String>,
    pub tag_message: String,
    pub title: Option<String>,
    pub notes: Option<String>,
    pub is_draft: Option<bool>,
    pub is_prerelease: Option<bool>,
    pub is_chosen: Option<bool>,
    /// The inner none: it carries no record any more.
    pub task: Option<Option<TaskId>>,
    /// The edit that the caller has seen; none: whatever it is.
    pub seen: Option<i64>,
}

/// What is checked in the same way for a new release and for a changed one.
fn check(app: &App, release: &mut Release) -> Result<()> {
    let mut errors = FieldErrors::default();
    release.tag_name = release.tag_name.trim().to_owned();
    if release.tag_name.is_empty() {
        errors.add("tag_name", "required");
    } else if TagName::new(release.tag_name.clone()).is_err() {
        errors.add("tag_name", "ref-name");
    }
    release.target = release.target.trim().to_owned();
    if release.target.len() > LONGEST_TARGET || release.target.contains(char::is_control) {
        errors.add("target", "ref-name");
    }
    release.title = release.title.trim().to_owned();
    if release.title.chars().count() > LONGEST_TITLE {
        errors.add("title", "too-long");
    } else if release.title.contains(char::is_control) {
        errors.add("title", "characters");
    }
    release.notes = release.notes.trim_end().replace("\r\n", "\n");
    if release.notes.len() as u64 > app.limits().text_bytes {
        errors.add("notes", "too-long");
    } else if release.notes.contains('\0') {
        errors.add("notes", "characters");
    }
    errors.into_result()
}

/// Creates a release, and publishes it unless it is to be a draft. If it cannot be published, nothing is left but the tag.
pub async fn create(app: &App, access: &Access<Write>, new: NewRelease) -> Result<ReleaseCard> {
    let id = access.repository().id;
    let author = access.writer();
    let now = app.now();
    let mut release = Release {
        id: ReleaseId(0),
        repository_id: id,
        tag_name: new.tag,
        target: new.target,
        title: new.title,
        notes: new.notes,
        is_prerelease: new.is_prerelease,
        is_chosen: new.is_chosen && !new.is_draft,
        author_id: Some(author.id),
        author: Some(author.name.clone()),
        task_id: new.task,
        edit_version: 1,
        published_at: (!new.is_draft).then_some(now),
        created_at: now,
        updated_at: now,
    };
    check(app, &mut release)?;
    if let Some(task) = new.task {
        origin::check(app, access, task).await?;
    }
    // An early check, before the tag is made; only the insertion decides.
    if row::find_by_tag(&mut app.store().read().await?, id, &release.tag_name).await?.is_some() {
        return Err(Error::Conflict(Conflict::ReleaseExists));
    }
    if !new.is_draft {
        ensure_tag(app, access, &release, &new.tag_message).await?;
    }
    let mut operation = app.begin().await?;
    if row::count(&mut operation, id, row::ReleaseFilter::default()).await? >= app.limits().releases {
        return Err(Error::TooLarge(app.limits().releases_of_repository()));
    }
    let draft = row::NewRelease {
        repository_id: id,
        tag_name: release.tag_name.clone(),
        target: release.target.clone(),
        title: release.title.clone(),
        notes: release.notes.clone(),
        is_prerelease: release.is_prerelease,
        author_id: author.id,
        task_id: release.task_id,
        created_at: now,
    };
    release.id = row::insert(&mut operation, &draft).await.on_taken(Conflict::ReleaseExists)?.id;
    if new.is_draft {
        note_draft(&mut operation, access, release.id).await?;
    } else {
        save(&mut operation, &release).await?;
        operation.record_in(access, Subject::Repository(id), published(&release)).await?;
    }
    operation.commit().await?;
    find(app, &access.enter_unit(Unit::Releases)?, release.id).await
}

/// Changes a release. A draft that becomes none is published, and its tag made.
pub async fn edit(app: &App, access: &Access<Write>, id: ReleaseId, edit: Edit) -> Result<ReleaseCard> {
    let repository = access.repository().id;
    let before = row::find(&mut app.store().read().await?, repository, id).await?;
    let before = before.ok_or(Error::NotFound(Kind::Release))?;
    let mut after = edit.apply(before.clone());
    check(app, &mut after)?;
    let task = after.task_id.filter(|_| after.task_id != before.task_id);
    if let Some(task) = task {
        origin::check(app, access, task).await?;
    }
    let becomes_draft = edit.is_draft.unwrap_or(before.is_draft());
    let is_elsewhere = before.tag_name != after.tag_name;
    if !becomes_draft && (before.is_draft() || is_elsewhere) {
        ensure_tag(app, access, &after, &edit.tag_message).await?;
    }
    let mut operation = app.begin().await?;
    let locked = row::lock(&mut operation, repository, id).await?.ok_or(Error::NotFound(Kind::Release))?;
    let is_stale = edit.seen.is_some_and(|seen| seen != locked.edit_version);
    if is_stale || locked.tag_name != before.tag_name || locked.is_draft() != before.is_draft() {
        return Err(Error::Conflict(Conflict::StaleEdit));
    }
    let mut after = edit.apply(locked.clone());
    check(app, &mut after)?;
    let now = operation.now();
    after.published_at = if becomes_draft { None } else { locked.published_at.or(Some(now)) };
    after.is_chosen &= !becomes_draft;
    if after == locked {
        return find(app, &access.enter_unit(Unit::Releases)?, id).await;
    }
    save(&mut operation, &after).await?;
    let event = match (locked.is_draft(), after.is_draft()) {
        (true, false) => Some(published(&after)),
        (_, true) => None,
        (false, false) => {
            let (tag, title) = (after.tag_name.clone(), after.title.clone());
            Some(ReleaseEvent::Edited { release: id, tag, title })
        }
    };
    match event {
        Some(event) => {
            operation.record_in(access, Subject::Repository(repository), event).await?;
        }
        None => note_draft(&mut operation, access, id).await?,
    }
    operation.commit().await?;
    find(app, &access.enter_unit(Unit::Releases)?, id).await
}

impl Edit {
    fn apply(&self, mut release: Release) -> Release {
        let text = |new: &Option<String>, old: &mut String| {
            if let Some(new) = new {
                old.clone_from(new);
            }
        };
        text(&self.tag, &mut release.tag_name);
        text(&self.target, &mut release.target);
        text(&self.title, &mut release.title);
        text(&self.notes, &mut release.notes);
        release.is_prerelease = self.is_prerelease.unwrap_or(release.is_prerelease);
        release.is_chosen = self.is_chosen.unwrap_or(release.is_chosen);
        release.task_id = self.task.unwrap_or(release.task_id);
        release
    }
}

async fn save(operation: &mut Operation, release: &Release) -> Result<()> {
    let now = operation.now();
    row::update(operation, release, now).await.on_taken(Conflict::ReleaseExists)?;
    if release.is_chosen {
        row::unchoose_others(operation, release).await?;
    }
    Ok(())
}

/// Only whoever writes a draft hears of it: others are not to know that there is one.
async fn note_draft(operation: &mut Operation, access: &Access<Write>, release: ReleaseId) -> Result<()> {
    let (by, subject) = (access.writer().id, Subject::Repository(access.repository().id));
    let drafted = ReleaseEvent::Drafted { release };
    operation.record(Some(by), subject, Audience::Account(by), drafted).await?;
    Ok(())
}

fn published(release: &Release) -> ReleaseEvent {
    ReleaseEvent::Published {
        release: release.id,
        tag: release.tag_name.clone(),
        title: release.title.clone(),
        is_prerelease: release.is_prerelease,
    }
}

/// Makes the tag of a release if it does not exist, as a push would.
async fn ensure_tag(app: &App, access: &Access<Write>, release: &Release, message: &str) -> Result<()> {
    let code = access.enter_unit(Unit::Code)?;
    let name = TagName::new(release.tag_name.clone()).map_err(|_| Error::field("tag_name", "ref-name"))?;
    let git = repository::git(app, code.repository()).await?;
    if git.run(move |git| git.reference(&name.full())).await.map_git()?.is_some() {
        return Ok(());
    }
    let writing = code.write()?;
    let default = &code.repository().default_branch;
    let target = if release.target.is_empty() { default } else { &release.target };
    match reference::create_tag(app, &writing, &release.tag_name, target, message).await {
        Err(Error::NotFound(Kind::Revision | Kind::Branch | Kind::Commit)) => {
            Err(Error::field("target", "unknown-revision"))
        }
        // Somebody else was faster: it is there.
        Err(Error::Conflict(Conflict::TagExists)) => Ok(()),
        made => made.map(drop),
    }
}

/// Deletes a release with its files, and its tag if that is wanted and the rules allow it.
pub async fn delete(app: &App, access: &Access<Write>, id: ReleaseId, with_tag: bool) -> Result<Release> {
    let repository = access.repository().id;
    let found = row::find(&mut app.store().read().await?, repository, id).await?;
    let found = found.ok_or(Error::NotFound(Kind::Release))?;
    if with_tag {
        let code = access.enter_unit(Unit::Code)?.write()?;
        match reference::delete_tag(app, &code, &found.tag_name).await {
            Err(Error::NotFound(Kind::Tag)) => {}
            deleted => deleted?,
        }
    }
    let mut operation = app.begin().await?;
    let locked = row::lock(&mut operation, repository, id).await?.ok_or(Error::NotFound(Kind::Release))?;
    if !row::delete(&mut operation, &locked).await? {
        return Err(Error::NotFound(Kind::Release));
    }
    if !locked.is_draft() {
        let (tag, title) = (locked.tag_name.clone(), locked.title.clone());
        let deleted = ReleaseEvent::Deleted { release: id, tag, title };
        operation.record_in(access, Subject::Repository(repository), deleted).await?;
    }
    storage::request_sweep(&mut operation).await?;
    operation.commit().await?;
    Ok(locked)
}

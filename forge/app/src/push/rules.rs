use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use hearth_core::{Error, Result, Write};
use hearth_git::{
    BranchName, Push, PushGate, PushId, PushRules, PushTicket, RefUpdate, TagName, UpdateKind, Verdict,
};
use hearth_store::repository;

use super::{
    Moving, Recorded,
    record::{Moved, record},
};
use crate::{Access, App, GitResult as _};

/// Who pushes where: the proof that they may, and from the verdict to the record the sign that references move.
#[derive(Debug)]
pub struct Pusher {
    access: Access<Write>,
    moving: Mutex<Option<Moving>>,
}

impl Pusher {
    fn set_moving(&self, moving: Option<Moving>) -> Option<Moving> {
        std::mem::replace(&mut self.moving.lock().unwrap_or_else(PoisonError::into_inner), moving)
    }
}

/// Hearth's rules for pushes.
#[derive(Clone)]
pub struct Rules(App);

/// The door through which git asks about pushes.
pub type Gate = PushGate<Rules>;

/// Opens the door at a socket in the data folder.
pub fn listen(app: &App, socket: &Path) -> Result<Gate> {
    PushGate::listen(socket, Rules(app.clone())).map_git()
}

/// Announces a push.
pub fn admit(
    app: &App,
    gate: &Gate,
    access: Access<Write>,
    repository: &hearth_git::Repository,
) -> PushTicket {
    let id = PushId::from_random(app.chance().bytes());
    gate.admit(repository, id, Pusher { access, moving: Mutex::default() })
}

/// Lines shown for at most this many references.
const SHOWN: usize = 5;

impl PushRules for Rules {
    type Pusher = Pusher;

    async fn check(&self, pusher: &Pusher, push: &Push) -> Verdict {
        let default = &pusher.access.repository().default_branch;
        let refused: Vec<_> =
            push.updates.iter().filter_map(|update| refusal(update, default)).take(SHOWN).collect();
        if !refused.is_empty() {
            return Verdict::Reject(refused);
        }
        let most = self.0.limits().push_bytes;
        match push.size_bytes().await {
            Ok(bytes) if bytes > most => Verdict::Reject(vec![format!(
                "The push brings {} bytes, more than {most} (limits.push_bytes). Push in smaller parts, or use git-lfs.",
                bytes
            )]),
            Ok(_) => {
                pusher.set_moving(Some(self.0.moves().begin(pusher.access.repository().id)));
                Verdict::Accept(Vec::new())
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a push cannot be looked at");
                Verdict::Reject(vec![
                    "The server cannot check this push now; nothing changed. Try again.".into(),
                ])
            }
        }
    }

    async fn recorded(&self, pusher: &Pusher, push: &Push) -> Vec<String> {
        let access = &pusher.access;
        match self.record(access, push).await {
            Ok(recorded) => {
                if let Some(moving) = pusher.set_moving(None) {
                    moving.recorded();
                }
                lines(&self.0, access, &recorded)
            }
            Err(error) => {
                tracing::error!(
                    repo.id = %access.repository().id,
                    error = &error as &dyn std::error::Error,
                    "a push is not recorded; it is found soon"
                );
                vec!["Your push is stored. What it starts comes later.".into()]
            }
        }
    }
}

impl Rules {
    async fn record(&self, access: &Access<Write>, push: &Push) -> Result<Recorded> {
        // It may have been renamed since the push began.
        let id = access.repository().id;
        let row = repository::find(&mut self.0.store().read().await?, id).await?;
        let row = row.ok_or(Error::NotFound(hearth_core::Kind::Repository))?;
        record(&self.0, &row, access.actor().user_id(), &push.updates).await
    }
}

/// Whether the branch is kept from this, whoever asks and by whichever way: the default branch is not deleted.
pub(crate) fn is_protected(update: &RefUpdate, default: &str) -> bool {
    let is_default = update.name.branch().is_some_and(|branch| branch.as_str() == default);
    is_default && update.kind() == UpdateKind::Delete
}

/// Why a reference may not move like this.
fn refusal(update: &RefUpdate, default: &str) -> Option<String> {
    let name = update.name.as_str();
    let is_known =
        [BranchName::PREFIX, TagName::PREFIX, "refs/notes/"].iter().any(|start| name.starts_with(start));
    if !is_known {
        return Some(format!("{name}: only branches, tags and notes can be pushed."));
    }
    if is_protected(update, default) {
        return Some(format!(
            "{name}: this is the default branch. Choose another in the settings, then delete it."
        ));
    }
    None
}

/// What the pusher reads: what is stored, what it started, and where to look.
fn lines(app: &App, access: &Access<Write>, recorded: &Recorded) -> Vec<String> {
    let row = access.repository();
    let urls = hearth_core::urls::RepositoryUrls::new(row.kind, row.owner.as_str(), row.name.as_str());
    let mut lines = vec![String::new()];
    for moved in recorded.moved.iter().take(SHOWN) {
        lines.push(describe(moved));
        if let Some(revision) = moved.revision() {
            lines.push(format!("  {}", app.urls().absolute(&urls.source(&revision, ""))));
        }
    }
    if recorded.moved.len() > SHOWN {
        lines.push(format!("and {} more.", recorded.moved.len() - SHOWN));
    }
    if row.kind == hearth_core::RepositoryKind::Code {
        lines.push("No task was started by this push. Launch one:".into());
        lines.push(format!("  {}", app.urls().absolute(&urls.task_new())));
    }
    lines.push(String::new());
    lines
}

fn describe(moved: &Moved) -> String {
    let name = moved.shown_name();
    match (moved.update.kind(), moved.commits) {
        (UpdateKind::Delete, _) => format!("Deleted {name}."),
        (UpdateKind::Create, 0) => format!("Stored {name}, which is new."),
        (UpdateKind::Create, count) => format!("Stored {name}, which is new, with {}.", commits(count)),
        (UpdateKind::Update, 0) => format!("Moved {name} back."),
        (UpdateKind::Update, count) => format!("Stored {} on {name}.", commits(count)),
    }
}

fn commits(count: usize) -> String {
    match count {
        1 => "1 commit".into(),
        Moved::MOST_COMMITS.. => format!("{} commits or more", Moved::MOST_COMMITS),
        count => format!("{count} commits"),
    }
}

#[cfg(test)]
mod tests {
    use hearth_git::{ObjectId, RefName};

    use super::*;

    fn update(name: &str, new: Option<ObjectId>) -> RefUpdate {
        RefUpdate { name: RefName::new(name).expect("a good name"), old: Some(ObjectId::EMPTY_TREE), new }
    }

    #[test]
    fn the_default_branch_is_not_deleted() {
        assert!(refusal(&update("refs/heads/main", None), "main").is_some());
        assert!(refusal(&update("refs/heads/main", Some(ObjectId::ZERO)), "main").is_none());
        assert!(refusal(&update("refs/heads/other", None), "main").is_none());
        assert!(refusal(&update("refs/tags/main", None), "main").is_none());
    }

    #[test]
    fn other_namespaces_are_not_written() {
        for name in ["refs/changes/1/head", "refs/remotes/origin/main"] {
            assert!(refusal(&update(name, Some(ObjectId::ZERO)), "main").is_some(), "{name}");
        }
    }
}

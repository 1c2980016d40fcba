//! Looking for the commits that last changed the entries of folders. All who ask about one folder wait for the same
//! walk, which goes on when they leave, so that the next reader finds it done. It is bounded as every expensive query.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use hearth_git::{ObjectId, Repository, StorageId, TreePath, current_holders, on_behalf_of};
use tokio::sync::watch;

use super::{
    RevisionPath,
    folder::{KnownCommits, PATIENCE, optional},
};
use crate::App;

type Key = (StorageId, ObjectId, TreePath);
/// Gets what was found at the end; closed without it if the walk failed.
type Waiting = watch::Receiver<Option<KnownCommits>>;

/// The walks that are going on.
#[derive(Debug, Default)]
pub(crate) struct FolderWalks(Mutex<HashMap<Key, Waiting>>);

/// What became of a walk.
pub(super) enum Walked {
    Done(KnownCommits),
    /// The asker was not patient enough.
    GoesOn,
    /// Git is busy, or it would cost too much.
    Failed,
}

/// Waits for a walk, which is begun if none is going on.
pub(super) async fn work_out(
    app: &App,
    git: &Repository,
    place: &RevisionPath,
    patience: Duration,
) -> Walked {
    let mut walk = join(app, git, place);
    match tokio::time::timeout(patience, walk.wait_for(Option::is_some)).await {
        Ok(Ok(found)) => found.clone().map_or(Walked::Failed, Walked::Done),
        Ok(Err(_)) => Walked::Failed,
        Err(_) => Walked::GoesOn,
    }
}

fn join(app: &App, git: &Repository, place: &RevisionPath) -> Waiting {
    let key = (git.id().clone(), place.commit, place.path.clone());
    let mut walks = app.folder_walks().0.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(walk) = walks.get(&key).filter(|walk| walk.has_changed().is_ok()) {
        return walk.clone();
    }
    let (done, walk) = watch::channel(None);
    walks.insert(key.clone(), walk.clone());
    drop(walks);
    let (app, git, place) = (app.clone(), git.clone(), place.clone());
    tokio::spawn(on_behalf_of(current_holders(), async move {
        let found = git.run_expensive_within(PATIENCE, move |git| {
            KnownCommits::read(git, &place)?.work_out(git, &place)
        });
        let found = optional(found.await).unwrap_or_else(|error| {
            tracing::warn!(%error, "the commits that last changed a folder could not be found");
            None
        });
        app.folder_walks().0.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
        // Nobody may be waiting any more.
        let _ = done.send(found);
    }));
    walk
}

//! Several tasks of a repository beside each other.

use futures_util::Stream;
use hearth_core::{Error, Result, TaskId};

use super::{METRICS, Metrics, csv as file, paths, series};
use crate::{
    Actor, App, pieces,
    task::{self, TaskAccess},
};

/// The most tasks that are drawn over each other.
pub const MOST_RUNS: usize = 20;

/// An attempt of a task, to be drawn with others.
#[derive(Clone, Debug)]
pub struct Run {
    pub task: TaskAccess,
    pub attempt: i64,
}

/// A task's attempt, and the newest attempts of other tasks of its repository, at most [`MOST_RUNS`] in all. Tasks
/// that are not there, of other repositories, or not to be seen, are left out.
pub async fn runs(
    app: &App,
    actor: &Actor,
    task: &TaskAccess,
    attempt: i64,
    others: &[TaskId],
) -> Result<Vec<Run>> {
    let mut runs = vec![Run { task: task.clone(), attempt }];
    for other in others {
        if runs.len() == MOST_RUNS {
            break;
        }
        if runs.iter().any(|run| run.task.id() == *other) {
            continue;
        }
        match task::find(app, actor, *other).await {
            Ok(found) if found.repository().id == task.repository().id => {
                runs.push(Run { attempt: found.task().attempts, task: found });
            }
            Ok(_) | Err(Error::NotFound(_)) => {}
            Err(other) => return Err(other),
        }
    }
    Ok(runs)
}

impl Run {
    /// Its curves, each of at most `most` points.
    pub async fn metrics(&self, app: &App, most: usize) -> Result<Metrics> {
        series(app, &self.task, self.attempt, most).await
    }
}

/// Every value of some attempts as CSV, with the columns `task`, `step`, `epoch`, `time`, `name` and `value`; only
/// those of one metric where a name is given.
pub async fn csv(
    app: &App,
    runs: &[Run],
    name: Option<String>,
) -> Result<impl Stream<Item = std::io::Result<Vec<u8>>> + Send + use<>> {
    let path = |run: &Run| (run.task.id(), paths(app, run.task.id(), run.attempt, METRICS).0);
    let files = runs.iter().map(path).collect();
    Ok(file::stream(pieces::enter(app).await?, files, name))
}

//! Lineage: which commit of which repository was an input of a task, and which was an output.

use hearth_core::{
    Change, RepositoryId, RepositoryKind, RepositoryName, TaskId, TaskState, Timestamp, UserName, Visibility,
    text_enum,
};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

text_enum! {
    /// The direction of a link, as seen from the task.
    pub enum Direction {
        Input = "input",
        Output = "output",
    }
}

/// One link, with the current names of both ends.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct TaskLink {
    pub task_id: TaskId,
    pub task_name: String,
    pub task_state: TaskState,
    pub task_repository_id: RepositoryId,
    pub direction: Direction,
    pub repository_id: RepositoryId,
    pub repository_kind: RepositoryKind,
    pub repository_owner: UserName,
    pub repository_name: RepositoryName,
    pub repository_visibility: Visibility,
    pub commit_id: String,
    pub version: Option<String>,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug)]
pub struct NewTaskLink {
    pub task_id: TaskId,
    pub direction: Direction,
    pub repository_id: RepositoryId,
    pub commit_id: String,
    pub version: Option<String>,
    pub created_at: Timestamp,
}

const SELECT: &str = "SELECT l.task_id, t.name AS task_name, t.state AS task_state, t.repository_id AS task_repository_id, \
    l.direction, l.repository_id, r.kind AS repository_kind, u.name AS repository_owner, r.name AS repository_name, \
    r.visibility AS repository_visibility, l.commit_id, l.version, l.created_at \
    FROM task_links l JOIN tasks t ON t.id = l.task_id JOIN repositories r ON r.id = l.repository_id \
    JOIN owners u ON u.id = r.owner_id";

/// Adds a link; repeating it has no effect.
pub async fn insert(writer: &mut Writer, new: &NewTaskLink) -> Result<()> {
    writer.changed(Change::Task(new.task_id));
    writer
        .query(
            "INSERT INTO task_links (task_id, direction, repository_id, commit_id, version, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (task_id, direction, repository_id, commit_id) DO NOTHING",
        )
        .bind(new.task_id)
        .bind(new.direction)
        .bind(new.repository_id)
        .bind(new.commit_id.clone())
        .bind(new.version.clone())
        .bind(new.created_at)
        .execute()
        .await?;
    Ok(())
}

/// The inputs and outputs of a task.
pub async fn list_of_task(ask: &mut impl Ask, task: TaskId) -> Result<Vec<TaskLink>> {
    ask.query(SELECT)
        .push(" WHERE l.task_id = $1 ORDER BY l.direction, l.created_at, l.repository_id")
        .bind(task)
        .fetch_all()
        .await
}

/// The tasks that produced these commits of a repository, newest first.
pub async fn list_producers(
    ask: &mut impl Ask,
    repository: RepositoryId,
    commits: &[&str],
) -> Result<Vec<TaskLink>> {
    ask.query(SELECT)
        .push(" WHERE l.repository_id = $1 AND l.direction = $2 AND l.commit_id")
        .bind(repository)
        .bind(Direction::Output)
        .is_any_of(commits)
        .push(" ORDER BY l.task_id DESC")
        .fetch_all()
        .await
}

/// The outputs of tasks that used a repository as an input, newest first.
pub async fn list_derived(ask: &mut impl Ask, repository: RepositoryId, most: i64) -> Result<Vec<TaskLink>> {
    ask.query(SELECT)
        .push(
            " WHERE l.direction = $2 AND EXISTS (SELECT 1 FROM task_links i WHERE i.task_id = l.task_id \
             AND i.direction = $3 AND i.repository_id = $1) ORDER BY l.task_id DESC, l.created_at DESC LIMIT $4",
        )
        .bind(repository)
        .bind(Direction::Output)
        .bind(Direction::Input)
        .bind(most)
        .fetch_all()
        .await
}

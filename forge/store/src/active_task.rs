//! Waiting and running tasks, with only the fields that a change by an administrator affects.

use hearth_core::{OwnerId, Reason, TaskId, TaskKind, TaskState};
use sqlx::FromRow;

use crate::{
    Ask, Result,
    queue::{OWNING_ORGANIZATION, PAYER},
};

#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ActiveTask {
    pub id: TaskId,
    pub state: TaskState,
    pub reason: Reason,
    pub kind: TaskKind,
    /// The owner of its repository.
    pub owner_id: OwnerId,
    /// Whose quota it counts against.
    pub payer_id: OwnerId,
    pub image_code: String,
    pub spec_code: String,
    pub accelerator: Option<String>,
    pub cards: i64,
    /// The pool that its attempt was bound to; empty before that.
    pub pool_code: String,
}

/// All of them, oldest first.
pub async fn list(ask: &mut impl Ask) -> Result<Vec<ActiveTask>> {
    let states = TaskState::ALL.iter().copied().filter(|state| !state.is_terminal());
    ask.query("SELECT t.id, t.state, t.reason, t.kind, r.owner_id, COALESCE(a.payer_id, ")
        .push(PAYER)
        .push(
            ") AS payer_id, t.image_code, t.spec_code, t.accelerator, t.cards, COALESCE(a.pool_code, '') AS pool_code \
             FROM tasks t JOIN repositories r ON r.id = t.repository_id ",
        )
        .push(OWNING_ORGANIZATION)
        .push(" LEFT JOIN attempts a ON a.task_id = t.id AND a.ended_at IS NULL WHERE t.state")
        .is_one_of(states)
        .push(" ORDER BY t.id")
        .fetch_all()
        .await
}

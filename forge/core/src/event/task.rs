use crate::{Reason, TaskId, TaskKind, TaskState};

kinds! {
    /// What happens to computing tasks.
    pub enum TaskEvent {
        Launched = "task.launched" { task: TaskId, name: String, kind: TaskKind },
        /// It went from one state to another, and goes on.
        Moved = "task.moved" { task: TaskId, name: String, from: TaskState, to: TaskState, reason: Reason },
        /// Nothing will happen to it any more.
        Ended = "task.ended" { task: TaskId, name: String, state: TaskState, reason: Reason },
        Deleted = "task.deleted" { task: TaskId, name: String },
    }
}

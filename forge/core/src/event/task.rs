use crate::{Reason, TaskId, TaskKind, TaskState};

kinds! {
    /// What happens to computing tasks.
    pub enum TaskEvent {
        Launched = "task.launched" { task: TaskId, name: String, kind: TaskKind },
        /// It changed from one state to another that is not final.
        Moved = "task.moved" { task: TaskId, name: String, from: TaskState, to: TaskState, reason: Reason },
        /// It reached a final state.
        Ended = "task.ended" { task: TaskId, name: String, state: TaskState, reason: Reason },
        Deleted = "task.deleted" { task: TaskId, name: String },
    }
}

use crate::TaskId;

kinds! {
    /// What happens to models.
    pub enum ModelEvent {
        /// A task's outputs were published as a version.
        Published = "model.published" { task: TaskId, version: String, commit: String },
    }
}

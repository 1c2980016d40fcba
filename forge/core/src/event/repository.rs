use crate::{RepositoryKind, RepositoryName, UserName, Visibility};

kinds! {
    /// What happens to repositories themselves.
    pub enum RepositoryEvent {
        Created = "repository.created" { kind: RepositoryKind, name: RepositoryName },
        /// Anything but its name; the values afterwards.
        Edited = "repository.edited" { visibility: Visibility, default_branch: String },
        Renamed = "repository.renamed" { from: RepositoryName, to: RepositoryName },
        /// What it was called, because nothing else tells any more.
        Deleted = "repository.deleted" { kind: RepositoryKind, owner: UserName, name: RepositoryName },
    }
}

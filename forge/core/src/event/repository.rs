use crate::{RepositoryKind, RepositoryName, Roles, UserName, Visibility};

kinds! {
    /// What happens to repositories themselves.
    pub enum RepositoryEvent {
        Created = "repository.created" { kind: RepositoryKind, name: RepositoryName },
        /// Anything but its name was edited; carries the values afterwards.
        Edited = "repository.edited" { visibility: Visibility, default_branch: String },
        Renamed = "repository.renamed" { from: RepositoryName, to: RepositoryName },
        /// Carries what it was called, because the row is gone.
        Deleted = "repository.deleted" { kind: RepositoryKind, owner: UserName, name: RepositoryName },
        /// A transfer was offered to another owner.
        TransferAsked = "repository.transfer_asked" { to: UserName },
        /// The offer was declined or withdrawn.
        TransferEnded = "repository.transfer_ended" { to: UserName },
        Transferred = "repository.transferred" { from: UserName, to: UserName, name: RepositoryName },
        /// From now on it can only be read.
        Archived = "repository.archived" { name: RepositoryName },
        Unarchived = "repository.unarchived" { name: RepositoryName },
        /// The collaborator's permissions from now on.
        CollaboratorChanged = "collaborator.changed" { user: UserName, roles: Roles },
        CollaboratorRemoved = "collaborator.removed" { user: UserName },
        DeployKeyAdded = "deploy_key.added" { title: String, fingerprint: String, may_write: bool },
        DeployKeyRemoved = "deploy_key.removed" { title: String, fingerprint: String },
    }
}

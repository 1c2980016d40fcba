use crate::{RepositoryKind, RepositoryName, Roles, UserName, Visibility};

kinds! {
    /// What happens to repositories themselves.
    pub enum RepositoryEvent {
        Created = "repository.created" { kind: RepositoryKind, name: RepositoryName },
        /// Anything but its name; the values afterwards.
        Edited = "repository.edited" { visibility: Visibility, default_branch: String },
        Renamed = "repository.renamed" { from: RepositoryName, to: RepositoryName },
        /// What it was called, because nothing else tells any more.
        Deleted = "repository.deleted" { kind: RepositoryKind, owner: UserName, name: RepositoryName },
        /// Somebody is asked whether they take it.
        TransferAsked = "repository.transfer_asked" { to: UserName },
        /// Without a transfer: it was declined, or taken back.
        TransferEnded = "repository.transfer_ended" { to: UserName },
        Transferred = "repository.transferred" { from: UserName, to: UserName, name: RepositoryName },
        /// What somebody may do in it from now on.
        CollaboratorChanged = "collaborator.changed" { user: UserName, roles: Roles },
        CollaboratorRemoved = "collaborator.removed" { user: UserName },
    }
}

use crate::{OrganizationId, OwnerId, OwnerKind, RepositoryId, UserId};

/// Who may see an event at most. It is fixed when the event is recorded; their permission is checked again on
/// display.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Those who may read that part of the repository; everybody only if it was public at that time.
    Repository(RepositoryId),
    /// Only the account's owner.
    Account(UserId),
    /// The members of an organisation.
    Organization(OrganizationId),
    /// Site administrators.
    Administrators,
}

impl Audience {
    /// The user alone, or the members of the organisation.
    pub const fn of_owner(id: OwnerId, kind: OwnerKind) -> Self {
        match kind {
            OwnerKind::User => Self::Account(UserId(id.0)),
            OwnerKind::Organization => Self::Organization(OrganizationId(id.0)),
        }
    }
}

use crate::{OrganizationId, OwnerId, OwnerKind, RepositoryId, UserId};

/// Who may ever see an event. It is decided when the event is written, and those it names are asked again when it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Those who may read that part of the repository; everybody only if it was public when it happened.
    Repository(RepositoryId),
    /// The person alone whose account it is.
    Account(UserId),
    /// The members of an organisation.
    Organization(OrganizationId),
    /// Those who administer the site.
    Administrators,
}

impl Audience {
    /// A person alone, or the members of an organisation.
    pub const fn of_owner(id: OwnerId, kind: OwnerKind) -> Self {
        match kind {
            OwnerKind::User => Self::Account(UserId(id.0)),
            OwnerKind::Organization => Self::Organization(OrganizationId(id.0)),
        }
    }
}

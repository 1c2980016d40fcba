use crate::{RepositoryId, UserId};

/// Who may ever see an event. It is decided when the event is written, and those it names are asked again when it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Those who may read the repository; everybody only if it was public when it happened.
    Repository(RepositoryId),
    /// The person alone whose account it is.
    Account(UserId),
    /// Those who administer the site.
    Administrators,
}

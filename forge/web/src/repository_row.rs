//! A repository in a list.

use hearth_app::repository::Repository;
use hearth_core::{RepositoryKind, Timestamp, urls};

/// What `components/repositories.html` draws.
#[derive(Clone, Debug)]
pub(crate) struct RepositoryRow {
    pub(crate) address: String,
    pub(crate) owner: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) kind: RepositoryKind,
    pub(crate) is_private: bool,
    pub(crate) open_issues: i64,
    pub(crate) updated_at: Timestamp,
}

impl From<Repository> for RepositoryRow {
    fn from(repository: Repository) -> Self {
        let (owner, name) = (repository.owner.to_string(), repository.name.to_string());
        Self {
            address: urls::repository(repository.kind, &owner, &name),
            owner,
            name,
            description: repository.description,
            kind: repository.kind,
            is_private: repository.visibility.is_private(),
            open_issues: repository.open_issues,
            updated_at: repository.updated_at,
        }
    }
}

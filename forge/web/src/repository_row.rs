//! A repository in a list.

use hearth_app::repository::Repository;
use hearth_core::{RepositoryKind, Timestamp, urls};

/// What `components/repositories.html` draws.
#[derive(Clone, Debug)]
pub struct RepositoryRow {
    pub address: String,
    pub owner: String,
    pub name: String,
    pub description: String,
    pub kind: RepositoryKind,
    pub is_private: bool,
    pub open_issues: i64,
    pub updated_at: Timestamp,
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

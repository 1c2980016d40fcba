//! Addresses of branches and tags.

use super::RepositoryUrls;

impl RepositoryUrls {
    pub fn branches(&self) -> String {
        format!("{}/branches", self.0)
    }

    pub fn tags(&self) -> String {
        format!("{}/tags", self.0)
    }

    /// An action on branches: `new`, `rename`, `delete`, `restore`.
    pub fn branches_part(&self, part: &str) -> String {
        format!("{}/branches/{part}", self.0)
    }

    /// An action on tags: `new`, `delete`, `restore`.
    pub fn tags_part(&self, part: &str) -> String {
        format!("{}/tags/{part}", self.0)
    }
}

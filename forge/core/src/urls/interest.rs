//! Addresses of what people say of a repository by starring and watching it.

use std::borrow::Borrow;

use super::RepositoryUrls;
use crate::Interest;

impl RepositoryUrls {
    /// Those who star it (`stars`), watch it (`watchers`) or forked it (`forks`).
    pub fn people(&self, list: &str) -> String {
        format!("{}/{list}", self.0)
    }

    /// What a reader does with it: `star` or `watch`.
    pub fn interest(&self, interest: impl Borrow<Interest>) -> String {
        format!("{}/{}", self.0, interest.borrow().as_str())
    }
}

//! The head of every page of a repository: whose it is, what it holds, and the tabs.

use hearth_core::{RepositoryKind, Visibility, urls::RepositoryUrls};

/// What `layout/repository.html` shows. A page below a repository has it as its field `head`.
#[derive(Clone, Debug)]
pub struct RepositoryHead {
    pub urls: RepositoryUrls,
    pub owner: String,
    pub name: String,
    pub kind: RepositoryKind,
    pub visibility: Visibility,
    pub open_issues: u64,
    /// Tasks that have not ended.
    pub live_tasks: u64,
    pub models: u64,
    pub can_administer: bool,
    pub tab: Tab,
}

/// Which tab a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Code,
    Issues,
    Tasks,
    Models,
    Settings,
}

impl RepositoryHead {
    pub fn is_code(&self) -> bool {
        self.kind == RepositoryKind::Code
    }

    pub fn is_model(&self) -> bool {
        self.kind == RepositoryKind::Model
    }

    pub fn is_private(&self) -> bool {
        self.visibility == Visibility::Private
    }
}

//! The head of every page of a repository: whose it is, what it holds, and the tabs.

use hearth_core::{RepositoryKind, Roles, Unit, Visibility, urls::RepositoryUrls};

use crate::{
    Page,
    pages::repo,
    section::{self, Tab},
};

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
    /// What the reader may do in each unit.
    pub roles: Roles,
    /// The name of the tab that the page stands under.
    pub section: &'static str,
}

impl RepositoryHead {
    /// The tabs that the reader sees, in their order.
    pub fn tabs(&self, page: &Page) -> Vec<Tab> {
        section::tabs(repo::SECTIONS, page, self, &self.urls, self.section)
    }

    /// The parts of its settings; `current` names the one that the page shows.
    pub fn settings_tabs(&self, page: &Page, current: &str) -> Vec<Tab> {
        section::tabs(repo::SETTINGS_SECTIONS, page, self, &self.urls, current)
    }

    /// Whether the reader may look into a unit.
    pub fn is_open(&self, unit: Unit) -> bool {
        self.roles.of(unit).is_some()
    }

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

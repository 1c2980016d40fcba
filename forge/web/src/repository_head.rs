//! The header of every page of a repository: its owner, its contents, and the tabs.

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
    /// The name of the active tab.
    pub section: &'static str,
}

impl RepositoryHead {
    /// The tabs that the reader sees, in order.
    pub fn tabs(&self, page: &Page) -> Vec<Tab> {
        section::tabs(repo::SECTIONS, page, self, &self.urls, self.section)
    }

    /// The tabs of its settings; `current` names the active one.
    pub fn settings_tabs(&self, page: &Page, current: &str) -> Vec<Tab> {
        section::tabs(repo::SETTINGS_SECTIONS, page, self, &self.urls, current)
    }

    /// Whether the reader has access to a unit.
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

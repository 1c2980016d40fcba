//! The head of every page of a repository: whose it is, what it holds, and the tabs.

use hearth_core::{RepositoryKind, Roles, Unit, Visibility, urls::RepositoryUrls};

use crate::{
    Page,
    pages::repo,
    section::{Section, Tab},
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
        let shown = repo::SECTIONS.iter().filter(|section| (section.is_shown)(self));
        let tab = |section: &&'static Section| Tab {
            address: (section.address)(&self.urls),
            icon: (section.icon)(),
            label: (section.label)(page),
            count: (section.count)(self),
            is_current: section.name == self.section,
        };
        shown.map(tab).collect()
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

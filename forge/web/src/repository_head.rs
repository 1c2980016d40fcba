//! The header of every page of a repository: its owner, its contents, and the tabs.

use std::borrow::Borrow;

use hearth_app::repository::interest::Standing;
use hearth_core::{
    RepositoryKind, Roles, Timestamp, Unit, Visibility, WatchChoice, WatchedPart, urls::RepositoryUrls,
};

use crate::{
    Page,
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
    pub open_pulls: u64,
    pub forks: u64,
    /// The repository that it was forked from, if the reader may see it: `owner/name` and address.
    pub origin: Option<(String, String)>,
    /// Tasks that have not ended.
    pub live_tasks: u64,
    pub models: u64,
    /// Published releases.
    pub releases: u64,
    /// Stars and watchers, and what the reader does with it.
    pub interest: Standing,
    /// Since when it can only be read; none: it can be written to.
    pub archived_at: Option<Timestamp>,
    pub is_template: bool,
    pub can_administer: bool,
    /// What the reader may do in each unit.
    pub roles: Roles,
    /// The name of the active tab.
    pub section: &'static str,
}

impl RepositoryHead {
    /// The tabs that the reader sees, in order.
    pub fn tabs(&self, page: &Page) -> Vec<Tab> {
        section::tabs(page.registry.repository, page, self, &self.urls, self.section)
    }

    /// The tabs of its settings; `current` names the active one.
    pub fn settings_tabs(&self, page: &Page, current: &str) -> Vec<Tab> {
        section::tabs(page.registry.repository_settings, page, self, &self.urls, current)
    }

    /// Whether the reader has access to a unit.
    pub fn is_open(&self, unit: Unit) -> bool {
        self.roles.of(unit).is_some()
    }

    /// Whether the reader watches everything in it.
    pub fn watches_everything(&self) -> bool {
        self.interest.watches == Some(WatchChoice::Everything)
    }

    /// Whether they watch only some parts of it.
    pub fn watches_parts(&self) -> bool {
        matches!(self.interest.watches, Some(WatchChoice::Parts(_)))
    }

    /// Whether they hear of it only where they take part or are mentioned.
    pub fn watches_mentions(&self) -> bool {
        self.interest.watches == Some(WatchChoice::Mentions)
    }

    /// Whether they watch this part of it.
    pub fn watches(&self, part: impl Borrow<WatchedPart>) -> bool {
        self.interest.watches.as_ref().is_some_and(|choice| choice.covers(*part.borrow()))
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

//! The header of every page of an organisation: its name, its visibility, and the tabs.

use hearth_app::{
    access::Standing,
    organization::{Contents, Organization},
};
use hearth_core::urls::OrganizationUrls;

use crate::{
    Page,
    section::{self, Tab},
};

/// What `layout/organization.html` shows. A page of an organisation has it as its field `head`.
#[derive(Clone, Debug)]
pub struct OrganizationHead {
    pub urls: OrganizationUrls,
    pub organization: Organization,
    pub contents: Contents,
    pub standing: Standing,
    /// Whether the reader sees what members see.
    pub is_inside: bool,
    /// The name of the active tab.
    pub section: &'static str,
}

impl OrganizationHead {
    /// The tabs that the reader sees, in order.
    pub fn tabs(&self, page: &Page) -> Vec<Tab> {
        section::tabs(page.registry.organization, page, self, &self.urls, self.section)
    }

    pub fn name(&self) -> &str {
        self.organization.name.as_str()
    }

    pub fn is_private(&self) -> bool {
        self.organization.visibility.is_private()
    }

    pub fn can_administer(&self) -> bool {
        self.standing.may_administer
    }
}

//! What the crates of pages register with the frame: it draws tabs and menus whose pages it does not know.

use hearth_core::urls::OrganizationUrls;

use crate::{OrganizationHead, Section, menu::Menu};

/// A tab of an organisation.
pub type OrganizationSection = Section<OrganizationHead, OrganizationUrls>;

/// The tabs and menus, each in its order.
#[derive(Debug)]
pub struct Registry {
    /// The tabs of repositories.
    pub repository: &'static [&'static Section],
    /// The tabs of a repository's settings.
    pub repository_settings: &'static [&'static Section],
    /// The tabs of organisations.
    pub organization: &'static [&'static OrganizationSection],
    /// The menu of administrators.
    pub administration: Menu,
    /// The menu of the user settings.
    pub user_settings: Menu,
}

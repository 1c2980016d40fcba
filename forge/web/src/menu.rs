//! Side menus: of the administration pages and of the user settings.

use crate::{Page, words::Html};

/// An entry of a side menu. Its page defines it, and the menu's folder registers it in one line.
pub(crate) struct MenuEntry {
    /// Unique within the menu.
    pub(crate) name: &'static str,
    pub(crate) icon: fn() -> Html,
    pub(crate) label: fn(&Page) -> &'static str,
    pub(crate) address: fn() -> String,
}

/// Entries that are shown together.
pub(crate) struct MenuGroup {
    /// `None`: the group has no heading.
    pub(crate) heading: Option<fn(&Page) -> &'static str>,
    pub(crate) entries: &'static [&'static MenuEntry],
}

pub(crate) struct Menu(pub(crate) &'static [MenuGroup]);

/// A group as a layout draws it.
pub(crate) struct Lines {
    pub(crate) heading: Option<&'static str>,
    pub(crate) lines: Vec<Line>,
}

/// An entry as a layout draws it.
pub(crate) struct Line {
    pub(crate) address: String,
    pub(crate) icon: Html,
    pub(crate) label: &'static str,
    pub(crate) is_current: bool,
}

impl Menu {
    /// The menu beside the page of the entry `current`.
    pub(crate) fn lines(&self, page: &Page, current: &str) -> Vec<Lines> {
        let line = |entry: &&'static MenuEntry| Line {
            address: (entry.address)(),
            icon: (entry.icon)(),
            label: (entry.label)(page),
            is_current: entry.name == current,
        };
        let group = |group: &MenuGroup| Lines {
            heading: group.heading.map(|heading| heading(page)),
            lines: group.entries.iter().map(line).collect(),
        };
        self.0.iter().map(group).collect()
    }
}

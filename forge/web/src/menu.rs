//! Side menus: of the administration pages and of the user settings.

use crate::{Page, words::Html};

/// An entry of a side menu. Its page defines it, and the menu's folder registers it in one line.
#[derive(Debug)]
pub struct MenuEntry {
    /// Unique within the menu.
    pub name: &'static str,
    pub icon: fn() -> Html,
    pub label: fn(&Page) -> &'static str,
    pub address: fn() -> String,
}

/// Entries that are shown together.
#[derive(Debug)]
pub struct MenuGroup {
    /// `None`: the group has no heading.
    pub heading: Option<fn(&Page) -> &'static str>,
    pub entries: &'static [&'static MenuEntry],
}

#[derive(Debug)]
pub struct Menu(pub &'static [MenuGroup]);

/// A group as a layout draws it.
pub struct Lines {
    pub heading: Option<&'static str>,
    pub lines: Vec<Line>,
}

/// An entry as a layout draws it.
pub struct Line {
    pub address: String,
    pub icon: Html,
    pub label: &'static str,
    pub is_current: bool,
}

impl Menu {
    /// The menu beside the page of the entry `current`.
    pub fn lines(&self, page: &Page, current: &str) -> Vec<Lines> {
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

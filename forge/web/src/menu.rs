//! Menus at the left side: of administrators, and of one's own settings.

use crate::{Page, words::Html};

/// A line of a side menu. The page that it leads to brings it, and the menu's folder registers it in one line.
pub(crate) struct MenuEntry {
    /// Unlike that of every other entry of the same menu.
    pub(crate) name: &'static str,
    pub(crate) icon: fn() -> Html,
    pub(crate) label: fn(&Page) -> &'static str,
    pub(crate) address: fn() -> String,
}

/// Lines that stand together.
pub(crate) struct MenuGroup {
    /// None: the group stands without a heading.
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
    /// What the reader sees beside the page of the entry `current`.
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

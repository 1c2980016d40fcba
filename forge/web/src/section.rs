use hearth_core::urls::RepositoryUrls;

use crate::{Page, RepositoryHead, words::Html};

/// A tab of a repository or, with another `Head` and `Urls`, of something else. The page behind it defines
/// it, and the `mod.rs` of its folder registers it in one line.
#[derive(Debug)]
pub struct Section<Head = RepositoryHead, Urls = RepositoryUrls> {
    /// Unique among the tabs of a page.
    pub name: &'static str,
    pub icon: fn() -> Html,
    pub label: fn(&Page) -> &'static str,
    pub address: fn(&Urls) -> String,
    /// The number beside the label; 0 is not shown.
    pub count: fn(&Head) -> u64,
    /// Depends on what is shown and on what the reader may do.
    pub is_shown: fn(&Head) -> bool,
}

/// A tab as layouts draw it.
pub struct Tab {
    pub address: String,
    pub icon: Html,
    pub label: &'static str,
    pub count: u64,
    pub is_current: bool,
}

/// The tabs that the reader sees, in order; `current` names the active one.
pub fn tabs<Head, Urls>(
    sections: &[&Section<Head, Urls>],
    page: &Page,
    head: &Head,
    urls: &Urls,
    current: &str,
) -> Vec<Tab> {
    let shown = sections.iter().filter(|section| (section.is_shown)(head));
    let tab = |section: &&Section<Head, Urls>| Tab {
        address: (section.address)(urls),
        icon: (section.icon)(),
        label: (section.label)(page),
        count: (section.count)(head),
        is_current: section.name == current,
    };
    shown.map(tab).collect()
}

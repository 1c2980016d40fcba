use hearth_core::urls::RepositoryUrls;

use crate::{Page, RepositoryHead, words::Html};

/// A tab of a repository or, with a head and addresses of its own, of something else. The pages that it leads to bring it, and the `mod.rs` of
/// their folder registers it in one line.
pub(crate) struct Section<Head = RepositoryHead, Urls = RepositoryUrls> {
    /// Unlike that of every other tab of the same head.
    pub(crate) name: &'static str,
    pub(crate) icon: fn() -> Html,
    pub(crate) label: fn(&Page) -> &'static str,
    pub(crate) address: fn(&Urls) -> String,
    /// The number beside the label; 0 is not shown.
    pub(crate) count: fn(&Head) -> u64,
    /// By what it is and by what the reader may do.
    pub(crate) is_shown: fn(&Head) -> bool,
}

/// A tab as layouts draw it.
pub struct Tab {
    pub address: String,
    pub icon: Html,
    pub label: &'static str,
    pub count: u64,
    pub is_current: bool,
}

/// The tabs that the reader sees, in their order; `current` names the one that the page stands under.
pub(crate) fn tabs<Head, Urls>(
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

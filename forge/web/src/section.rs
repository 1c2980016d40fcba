use hearth_core::urls::RepositoryUrls;

use crate::{Page, RepositoryHead, words::Html};

/// A tab of a repository. The pages that it leads to bring it, and `pages/repo/mod.rs` registers it in one line.
pub(crate) struct Section {
    /// Unlike that of every other tab of the same repository.
    pub(crate) name: &'static str,
    pub(crate) icon: fn() -> Html,
    pub(crate) label: fn(&Page) -> &'static str,
    pub(crate) address: fn(&RepositoryUrls) -> String,
    /// The number beside the label; 0 is not shown.
    pub(crate) count: fn(&RepositoryHead) -> u64,
    /// By kind of repository and by what the reader may do.
    pub(crate) is_shown: fn(&RepositoryHead) -> bool,
}

/// A tab as `layout/repository.html` draws it.
pub struct Tab {
    pub address: String,
    pub icon: Html,
    pub label: &'static str,
    pub count: u64,
    pub is_current: bool,
}

//! The choice of what to see: everything, or what changed since a version.

use hearth_app::pull_request::Version;

use super::query::Shown;
use crate::Page;

/// The newest version whose commits are there to be compared: right after a push, that is the one before.
pub(super) fn newest_prepared(versions: &[Version]) -> Option<i64> {
    versions.iter().rev().find(|version| is_prepared(version)).map(|version| version.number)
}

/// Whether a version's commits are there to be compared.
pub(super) const fn is_prepared(version: &Version) -> bool {
    version.merge_base_id.is_some()
}

/// One choice of the menu.
pub(super) struct Since {
    /// The version, or `0` for everything.
    pub(super) value: String,
    pub(super) text: String,
    pub(super) is_on: bool,
}

/// The choices, from everything to what changed since the newest version but one.
pub(super) fn choices(
    page: &Page,
    versions: &[Version],
    newest: i64,
    last_look: Option<i64>,
    shown: &Shown,
) -> Vec<Since> {
    let since = match shown {
        Shown::Since { version, .. } => *version,
        Shown::Everything | Shown::Commit(_) => 0,
    };
    let choice =
        |version: i64, text: String| Since { value: version.to_string(), text, is_on: version == since };
    let mut choices = vec![choice(0, t!(page, "repo-pulls-files-since-nothing").to_owned())];
    let older = versions.iter().rev().map(|version| version.number).filter(|number| *number < newest);
    choices.extend(older.map(|number| {
        let text = if Some(number) == last_look {
            t!(page, "repo-pulls-files-since-look", version = number)
        } else {
            t!(page, "repo-pulls-files-since-version", version = number)
        };
        choice(number, text)
    }));
    choices
}

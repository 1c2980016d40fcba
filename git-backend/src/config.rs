//! The configuration that every spawned git reads: one file for all repositories.

use std::path::Path;

/// References that no push may touch: pull requests' heads (everybody may fetch them) and our own bookkeeping
/// (nobody sees it).
pub const READ_ONLY_REFS: &str = "refs/pull/";
/// References that the wire neither shows nor accepts.
pub const INTERNAL_REFS: &str = "refs/hearth/";

/// The text of the file. `hooks` is the folder with the push helper.
///
/// Objects, packs and references are on disk before git says `ok` (`core.fsync`). Repacking is ours, so git's
/// own is off. The three relaxed checks are flaws of old mailers and importers that occur in well-known
/// histories and harm nobody.
pub(crate) fn text(hooks: &Path) -> String {
    let hooks = quoted(hooks);
    format!(
        "\
[core]
	hooksPath = {hooks}
	fsync = committed,loose-object,reference
	fsyncMethod = batch
	protectHFS = true
	protectNTFS = true
	quotePath = false
	commitGraph = true
	multiPackIndex = true
[receive]
	fsckObjects = true
	advertisePushOptions = true
	hideRefs = refs/pull
	autogc = false
	updateServerInfo = false
[receive \"fsck\"]
	badTimezone = ignore
	missingSpaceBeforeDate = ignore
	zeroPaddedFilemode = ignore
[transfer]
	fsckObjects = true
	hideRefs = refs/hearth
	advertiseSID = false
[uploadpack]
	allowFilter = true
	allowAnySHA1InWant = true
[fetch]
	writeCommitGraph = false
[gc]
	auto = 0
[maintenance]
	auto = false
[pack]
	writeReverseIndex = true
	writeBitmapLookupTable = true
[repack]
	updateServerInfo = false
[safe]
	directory = *
[protocol]
	allow = never
[protocol \"http\"]
	allow = always
[protocol \"https\"]
	allow = always
[http]
	followRedirects = false
[advice]
	detachedHead = false
[init]
	defaultBranch = main
"
    )
}

/// A path as a quoted configuration value.
fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.display().to_string().replace('\\', "\\\\").replace('"', "\\\""))
}

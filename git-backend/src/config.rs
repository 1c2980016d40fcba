//! The configuration that every spawned git reads: one file for all repositories.

use std::path::Path;

use crate::push::PACK_CACHE;

/// References that no push may touch: pull requests' heads (everybody may fetch them).
pub const READ_ONLY_REFS: &str = "refs/pull/";
/// References that the wire neither shows nor accepts.
pub const INTERNAL_REFS: &str = "refs/hearth/";

/// The text of the file. `hooks` is the folder with the push helper.
///
/// Objects, packs and references are on disk before git says `ok` (`core.fsync`). Repacking is ours, so git's
/// own is off; a push waits while references are being packed (`…Timeout`, in milliseconds). Files above
/// `core.bigFileThreshold` are weights and images: delta compression would keep a clone busy for minutes and
/// hold them in memory. The three relaxed checks are flaws of old mailers and importers that occur in
/// well-known histories and do no harm.
pub(crate) fn text(hooks: &Path) -> String {
    let pack_cache = quoted(&shell_word(&hooks.join(PACK_CACHE).display().to_string()));
    let hooks = quoted(&hooks.display().to_string());
    format!(
        "\
[core]
	hooksPath = {hooks}
	fsync = committed,loose-object,reference
	fsyncMethod = batch
	bigFileThreshold = 8m
	protectHFS = true
	protectNTFS = true
	quotePath = false
	commitGraph = true
	multiPackIndex = true
	packedRefsTimeout = 10000
	filesRefLockTimeout = 2000
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
	packObjectsHook = {pack_cache}
[fetch]
	writeCommitGraph = false
[gc]
	auto = 0
[maintenance]
	auto = false
[pack]
	windowMemory = 256m
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

/// A quoted configuration value.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// One word of a command line. Git invokes a shell only if it has to, so a plain word is not quoted.
fn shell_word(word: &str) -> String {
    let is_plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+@".contains(&byte));
    if is_plain { word.to_owned() } else { format!("'{}'", word.replace('\'', "'\\''")) }
}

//! What an owner's large files take, in words.

use hearth_app::lfs_room::Usage;

use crate::{Page, words::bytes};

/// How much is used, and of how much.
pub(crate) fn used(page: &Page, usage: Usage) -> String {
    let used = bytes(usage.used_bytes);
    match usage.most_bytes {
        0 => t!(page, "common-large-files-used-unlimited", used = used),
        most => t!(page, "common-large-files-used", used = used, most = bytes(most)),
    }
}

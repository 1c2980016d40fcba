//! Putting the helper program in place.

use std::path::{Path, PathBuf};

use crate::{Result, files};

/// The program `hook/main.rs`, built by `build.rs` and embedded in this one.
const PROGRAM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/hearth-push-helper"));

/// The name under which the helper caches packs. Git has no hook of that name, so it runs only where the
/// configuration names it.
pub(crate) const PACK_CACHE: &str = "pack-objects";

/// Writes the helper as git's hooks into `folder` and returns that folder. Writing it again changes nothing,
/// and a new version replaces the old atomically, so that running pushes are not disturbed.
pub(crate) fn install(folder: &Path) -> Result<PathBuf> {
    std::fs::create_dir_all(folder)?;
    for hook in ["pre-receive", "post-receive", PACK_CACHE] {
        files::replace(&folder.join(hook), PROGRAM, 0o755)?;
    }
    Ok(folder.to_owned())
}

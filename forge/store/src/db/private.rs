//! Only the server's own system user may access the database.

use std::{
    fs::{self, OpenOptions, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

const MODE: u32 = 0o600;

/// Creates the file if it does not exist, and removes the permissions that an earlier version left for
/// others. SQLite gives the files beside it the same permissions.
pub(super) fn keep(database: &Path) -> io::Result<()> {
    match OpenOptions::new().write(true).create_new(true).mode(MODE).open(database) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    for ending in ["", "-wal", "-shm", "-journal"] {
        let mut path = database.as_os_str().to_owned();
        path.push(ending);
        tighten(&PathBuf::from(path))?;
    }
    Ok(())
}

fn tighten(path: &Path) -> io::Result<()> {
    let facts = match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        facts => facts?,
    };
    if facts.permissions().mode() & 0o077 != 0 {
        fs::set_permissions(path, Permissions::from_mode(MODE))?;
        tracing::warn!(path = %path.display(), "other users of this machine could read the database; now only this user can");
    }
    Ok(())
}

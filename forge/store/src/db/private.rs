//! A database is for the system user alone whose server it is.

use std::{
    fs::{self, OpenOptions, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

const MODE: u32 = 0o600;

/// Makes the file where there is none, and takes from everybody else what an earlier version left them. What SQLite lays
/// beside the file gets the file's own permissions.
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
        tracing::warn!(path = %path.display(), "others on this machine could read the database: now only this user can");
    }
    Ok(())
}

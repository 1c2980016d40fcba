use std::{
    fs::{self, DirBuilder},
    io::{Read, Seek, SeekFrom},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use crate::{
    Error, Result,
    agent::presence,
    error::At,
    sandbox::{Cgroup, group_name},
};

pub(super) fn create(folder: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).at(folder)
}

/// Ends what a dead agent may have left running.
pub(super) fn sweep(folder: &Path) {
    presence::kill_program(folder);
    Cgroup::sweep(&group_name(folder));
}

/// A program can leave folders that even their owner cannot list; they are opened up first.
pub(super) fn remove(folder: &Path) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    if fs::remove_dir_all(folder).is_ok() {
        return Ok(());
    }
    open_up(folder);
    match fs::remove_dir_all(folder) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(Error::Io { path: folder.to_owned(), source })
        }
        _ => Ok(()),
    }
}

fn open_up(folder: &Path) {
    let _ = fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o700));
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            open_up(&entry.path());
        }
    }
}

/// The end of what the agent wrote about itself, for the person who looks into it.
pub(super) fn last_words(folder: &Path) -> String {
    const MOST: u64 = 2000;
    let read = || -> std::io::Result<String> {
        let mut file = fs::File::open(folder.join("stderr.log"))?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(MOST)))?;
        let mut text = Vec::new();
        file.take(MOST).read_to_end(&mut text)?;
        Ok(String::from_utf8_lossy(&text).trim().to_owned())
    };
    match read() {
        Ok(words) if !words.is_empty() => format!("the agent is gone; its last words: {words}"),
        _ => "the agent is gone and left no word".to_owned(),
    }
}

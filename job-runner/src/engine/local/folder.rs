use std::{
    fs::{self, DirBuilder},
    io::{Read, Seek, SeekFrom},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use hearth_core::Reason;

use crate::{
    Result,
    agent::{output_folder, presence},
    engine::OutputFolder,
    error::At,
    outputs::free_bytes,
    removal::remove_tree,
    sandbox::{Cgroup, group_name},
};

/// With less free disk space an agent cannot even start.
const ROOM_TO_WORK: u64 = 1 << 20;

pub(super) fn create(folder: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).at(folder)
}

/// Kills what a dead agent may have left running.
pub(super) fn sweep(folder: &Path) {
    presence::kill_program(folder);
    Cgroup::sweep(&group_name(folder));
}

pub(super) fn remove(folder: &Path) -> Result<()> {
    remove_tree(folder).at(folder)
}

/// The outputs left by the program of this folder.
pub(super) fn outputs(folder: &Path) -> Option<OutputFolder> {
    let config = presence::config(folder)?;
    let path = output_folder(folder);
    let is_quiet =
        config.shares_disk() && !presence::has_program(folder) && !Cgroup::is_alive(&group_name(folder));
    path.is_dir().then_some(OutputFolder { path, is_quiet })
}

/// What a dead agent would report if it could: a full disk ends everything silently.
pub(super) fn reason_of_loss(folder: &Path) -> Reason {
    match free_bytes(folder) {
        Ok(free) if free < ROOM_TO_WORK => Reason::MachineNoRoom,
        _ => Reason::PlatformFault,
    }
}

/// The end of the agent's own log, for investigating a loss.
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

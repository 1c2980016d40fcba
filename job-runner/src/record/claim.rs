//! Which process works on an attempt: the first that asked. A cluster can start a pod twice; the work is done
//! once.

use std::{fs, io::ErrorKind, path::Path};

use super::{output::PARTS, write_whole};
use crate::{Error, Result, bounded, draft, error::At};

/// Claims a node for a process, unless another one has it. Returns whether the process has the node.
pub(super) fn claim(directory: &Path, node: u32, process: &str) -> Result<bool> {
    let folder = directory.join(PARTS);
    fs::create_dir_all(&folder).at(&folder)?;
    let kept = folder.join(format!("agent-{node}"));
    let mine = draft::beside(&kept);
    write_whole(&mine, process.as_bytes())?;
    // Creating a hard link is atomic, and fails if there is one.
    let linked = fs::hard_link(&mine, &kept);
    fs::remove_file(&mine).at(&mine)?;
    match linked {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let most = process.len() as u64;
            match bounded::read(&kept, most) {
                Err(error) if error.kind() == ErrorKind::FileTooLarge => Ok(false),
                name => Ok(name.at(&kept)? == process.as_bytes()),
            }
        }
        Err(source) => Err(Error::Io { path: kept, source }),
    }
}

/// Whether any process has claimed a node.
pub(super) fn is_claimed(directory: &Path, node: u32) -> bool {
    directory.join(PARTS).join(format!("agent-{node}")).exists()
}

#[cfg(test)]
mod tests {
    use super::{claim, is_claimed};

    #[test]
    fn the_first_process_works_and_may_ask_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let ask = |node, process| claim(folder.path(), node, process).expect("an answer");
        assert!(!is_claimed(folder.path(), 0));
        assert!(ask(0, "one"));
        assert!(is_claimed(folder.path(), 0) && !is_claimed(folder.path(), 1));
        assert!(!ask(0, "two"));
        assert!(ask(0, "one"));
        assert!(ask(1, "two"), "each node has its own");
        assert!(!ask(0, ""), "an agent without a name is another one");
    }
}

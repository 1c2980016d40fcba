//! Small files in the folder of a repository that keep what is costly to find again, so that a restart does not lose it.
//! They are caches: a damaged or missing one is as if nothing had been kept.

use std::{fs::File, io::Read as _, path::PathBuf};

use crate::{OpenRepository, Repository, Result, files};

/// The folder of these files in a repository.
const FOLDER: &str = "hearth";
/// What every file begins with; the last letter is the version of the format.
const MARK: &[u8; 8] = b"hearth-1";
/// The mark and the checksum.
const HEAD_BYTES: usize = MARK.len() + 4;

/// What a file keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kept {
    /// The last commit of every entry of some folders.
    LastCommits,
    /// The bytes of each language at the tip of the default branch.
    Languages,
    /// Who made the commits of the default branch, and when.
    Contributors,
}

impl Kept {
    const fn file(self) -> &'static str {
        match self {
            Self::LastCommits => "last-commits",
            Self::Languages => "languages",
            Self::Contributors => "contributors",
        }
    }

    /// The most that a file holds; more is not written, and a larger one not read.
    const fn most_bytes(self) -> usize {
        match self {
            Self::LastCommits => 8 << 20,
            Self::Languages => 64 << 10,
            Self::Contributors => 4 << 20,
        }
    }
}

impl Repository {
    fn kept_path(&self, what: Kept) -> PathBuf {
        self.path().join(FOLDER).join(what.file())
    }
}

impl OpenRepository {
    /// What was kept, if it is all there.
    pub fn kept(&self, what: Kept) -> Option<Vec<u8>> {
        let mut data = Vec::new();
        let most = what.most_bytes() + HEAD_BYTES;
        let file = File::open(self.repository.kept_path(what)).ok()?;
        file.take(most as u64 + 1).read_to_end(&mut data).ok()?;
        if data.len() > most {
            return None;
        }
        let (head, content) = data.split_at_checked(HEAD_BYTES)?;
        let is_sound = head.starts_with(MARK) && head.ends_with(&checksum(content));
        is_sound.then(|| content.to_vec())
    }

    /// Keeps something in place of what was kept before. Too much of it is not kept.
    pub fn keep(&self, what: Kept, content: &[u8]) -> Result<()> {
        if content.len() > what.most_bytes() {
            return Ok(());
        }
        let path = self.repository.kept_path(what);
        std::fs::create_dir_all(self.repository.path().join(FOLDER))?;
        files::replace(&path, &[MARK, &checksum(content)[..], content].concat(), 0o644)
    }
}

fn checksum(content: &[u8]) -> [u8; 4] {
    let mut sum = flate2::Crc::new();
    sum.update(content);
    sum.sum().to_be_bytes()
}

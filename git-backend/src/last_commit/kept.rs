//! The answers on disk. For each folder, with the length of it all: its path, the commit, the ids of the last commits,
//! and for each entry which of them is its own.

use std::{collections::HashMap, sync::Arc, sync::PoisonError};

use super::LastCommits;
use crate::{Kept, ObjectId, OpenRepository, Result, TreePath};

/// A folder with fewer entries is looked through again at once.
pub(super) const WORTH_KEEPING: usize = 100;
/// The most folders of one repository that are kept.
const MOST_FOLDERS: usize = 80;
/// The most bytes they take together; the ones kept last are the first to stay.
const MOST_BYTES: usize = 6 << 20;

impl OpenRepository {
    /// What is kept: each folder with its answer, the newest first. The answers have no descriptions of commits.
    pub(crate) fn kept_last_commits(&self) -> Vec<(TreePath, LastCommits)> {
        self.kept(Kept::LastCommits).map(|data| read(&data, None)).unwrap_or_default()
    }

    /// What is kept about one folder.
    pub(super) fn kept_last_commits_of(&self, folder: &TreePath) -> Option<LastCommits> {
        read(&self.kept(Kept::LastCommits)?, Some(folder)).pop().map(|(_, answer)| answer)
    }

    /// Keeps answers, in place of older ones about the same folders.
    pub(crate) fn keep_last_commits(&self, answers: Vec<(TreePath, Arc<LastCommits>)>) -> Result<()> {
        let _keeping = self.repository.shared.keeping.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = answers.into_iter().filter(|(_, answer)| answer.left_out.is_none());
        let mut all: Vec<_> = whole.collect();
        for (folder, answer) in self.kept_last_commits() {
            if !all.iter().any(|(newer, _)| *newer == folder) {
                all.push((folder, Arc::new(answer)));
            }
        }
        let mut data = Vec::new();
        for (folder, answer) in all.iter().take(MOST_FOLDERS) {
            let part = write(folder, answer);
            if data.len() + part.len() <= MOST_BYTES {
                put_text(&mut data, &part);
            }
        }
        self.keep(Kept::LastCommits, &data)
    }
}

fn write(folder: &TreePath, answer: &LastCommits) -> Vec<u8> {
    let mut ids: Vec<ObjectId> = answer.entries.values().copied().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut data = Vec::new();
    put_text(&mut data, folder.as_str().as_bytes());
    data.extend(answer.at.as_bytes());
    put_number(&mut data, ids.len());
    for id in &ids {
        data.extend(id.as_bytes());
    }
    put_number(&mut data, answer.entries.len());
    for (name, id) in &answer.entries {
        put_text(&mut data, name);
        put_number(&mut data, ids.binary_search(id).unwrap_or_default());
    }
    data
}

fn put_number(data: &mut Vec<u8>, number: usize) {
    data.extend(u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes());
}

fn put_text(data: &mut Vec<u8>, text: &[u8]) {
    put_number(data, text.len());
    data.extend(text);
}

/// All folders, or only the wanted one, up to the first that cannot be read.
fn read(mut data: &[u8], wanted: Option<&TreePath>) -> Vec<(TreePath, LastCommits)> {
    let mut found = Vec::new();
    while let Some(mut part) = text(&mut data)
        && let Some(folder) = read_folder(&mut part)
    {
        if wanted.is_some_and(|wanted| *wanted != folder) {
            continue;
        }
        let Some(answer) = read_answer(&mut part) else { break };
        found.push((folder, answer));
    }
    found
}

fn read_folder(data: &mut &[u8]) -> Option<TreePath> {
    TreePath::new(std::str::from_utf8(text(data)?).ok()?).ok()
}

fn read_answer(data: &mut &[u8]) -> Option<LastCommits> {
    let at = id(data)?;
    // No list is as long as the file only claims: each element is taken off what is there.
    let ids = (0..number(data)?).map(|_| id(data)).collect::<Option<Vec<_>>>()?;
    let mut entries = HashMap::new();
    for _ in 0..number(data)? {
        let name = text(data)?.to_vec();
        entries.insert(name, *ids.get(number(data)?)?);
    }
    Some(LastCommits { at, left_out: None, entries, commits: HashMap::new() })
}

fn take<'data>(data: &mut &'data [u8], bytes: usize) -> Option<&'data [u8]> {
    let (taken, rest) = data.split_at_checked(bytes)?;
    *data = rest;
    Some(taken)
}

fn number(data: &mut &[u8]) -> Option<usize> {
    let bytes = take(data, 4)?.try_into().ok()?;
    usize::try_from(u32::from_be_bytes(bytes)).ok()
}

fn text<'data>(data: &mut &'data [u8]) -> Option<&'data [u8]> {
    let bytes = number(data)?;
    take(data, bytes)
}

fn id(data: &mut &[u8]) -> Option<ObjectId> {
    Some(ObjectId::from_bytes(take(data, 20)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> (TreePath, LastCommits) {
        let [one, two] = [1, 2].map(|byte| ObjectId::from_bytes([byte; 20]));
        let names = [("a", one), ("b", two), ("c", one)];
        let entries = names.map(|(name, id)| (name.as_bytes().to_vec(), id)).into_iter().collect();
        let answer = LastCommits { at: two, left_out: None, entries, commits: HashMap::new() };
        (TreePath::new("src/deep").expect("a path"), answer)
    }

    fn file(folders: &[(TreePath, &LastCommits)]) -> Vec<u8> {
        let mut data = Vec::new();
        for (folder, answer) in folders {
            put_text(&mut data, &write(folder, answer));
        }
        data
    }

    #[test]
    fn what_is_written_is_read_again() {
        let (folder, answer) = some();
        let data = file(&[(folder.clone(), &answer), (TreePath::root(), &answer)]);
        let all = read(&data, None);
        assert_eq!(all.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), ["src/deep", ""]);
        assert_eq!((all[0].1.at, &all[0].1.entries), (answer.at, &answer.entries));
        assert_eq!(read(&data, Some(&TreePath::root())).len(), 1);
    }

    #[test]
    fn a_file_cut_anywhere_or_with_any_byte_changed_is_no_error() {
        let (folder, answer) = some();
        let data = file(&[(folder, &answer)]);
        for end in 0..data.len() {
            assert_eq!(read(&data[..end], None).len(), 0, "cut at {end}");
        }
        for at in 0..data.len() {
            let mut changed = data.clone();
            changed[at] ^= 0xFF;
            assert!(read(&changed, None).len() <= 1, "changed at {at}");
        }
    }
}

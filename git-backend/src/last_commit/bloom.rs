//! Reader of the changed-path Bloom filters (chunks `BIDX` and `BDAT`) of a commit-graph: one file, or a
//! chain of split files. The format is described in git's documentation, `gitformat-commit-graph`.

use std::{fs::File, io::Read as _, path::Path};

/// The filters of all commits of a commit-graph, in the order of its positions.
pub(crate) struct Bloom {
    /// Oldest first, in the order of positions.
    files: Vec<FilterFile>,
    version: u32,
    hashes: u32,
}

struct FilterFile {
    /// The position of the first commit of this file.
    first: u32,
    commits: u32,
    /// The chunk `BIDX`: the end offset of each filter.
    ends: Vec<u8>,
    /// The chunk `BDAT` after its header; empty in a file written without filters.
    filters: Vec<u8>,
}

/// A path, hashed once for all filters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key(u32, u32);

const SIGNATURE: &[u8] = b"CGPH";
/// Filters stay in memory as long as their repository is open; if they are larger, trees are compared
/// instead.
const MOST_BYTES: u64 = 128 << 20;
const FILTER_HEADER_BYTES: usize = 12;
const SEEDS: [u32; 2] = [0x293a_e76f, 0x7e64_6e2c];

impl Bloom {
    /// Reads `objects/info/commit-graph`, or the files that `commit-graphs/commit-graph-chain` names.
    pub(crate) fn open(info: &Path) -> Option<Self> {
        let mut bloom = Self { files: Vec::new(), version: 0, hashes: 0 };
        let mut left = MOST_BYTES;
        if let Some(data) = read(&info.join("commit-graph"), &mut left) {
            bloom.add(&data)?;
        } else {
            let folder = info.join("commit-graphs");
            let chain = String::from_utf8(read(&folder.join("commit-graph-chain"), &mut left)?).ok()?;
            for hash in chain.lines() {
                if !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
                    return None;
                }
                bloom.add(&read(&folder.join(format!("graph-{hash}.graph")), &mut left)?)?;
            }
        }
        (bloom.hashes > 0).then_some(bloom)
    }

    /// Adds one file; `None` when it is malformed.
    fn add(&mut self, data: &[u8]) -> Option<()> {
        if !data.starts_with(SIGNATURE) {
            return None;
        }
        let mut file =
            FilterFile { first: self.commits(), commits: 0, ends: Vec::new(), filters: Vec::new() };
        let chunks = usize::from(*data.get(6)?);
        for entry in (0..chunks).map(|index| 8 + index * 12) {
            let (start, end) = (number64(data, entry + 4)?, number64(data, entry + 16)?);
            let chunk = data.get(start..end)?;
            match data.get(entry..entry + 4)? {
                b"OIDF" => file.commits = number(chunk, 255 * 4)?,
                b"BIDX" => file.ends = chunk.to_vec(),
                b"BDAT" => {
                    let settings = (number(chunk, 0)?, number(chunk, 4)?);
                    // Files of one chain with different hash settings cannot be queried with one key.
                    if self.hashes != 0 && settings != (self.version, self.hashes) {
                        return None;
                    }
                    (self.version, self.hashes) = settings;
                    file.filters = chunk.get(FILTER_HEADER_BYTES..)?.to_vec();
                }
                _ => {}
            }
        }
        if !matches!(self.version, 0..=2)
            || !(file.ends.is_empty() || file.ends.len() == file.commits as usize * 4)
        {
            return None;
        }
        self.files.push(file);
        Some(())
    }

    /// How many commits the files have.
    pub(crate) fn commits(&self) -> u32 {
        self.files.last().map_or(0, |file| file.first + file.commits)
    }

    /// The filter of a commit; `None` when git computed none.
    pub(crate) fn filter(&self, position: u32) -> Option<&[u8]> {
        let file = &self.files[self.files.partition_point(|file| file.first + file.commits <= position)..];
        let file = file.first()?;
        let index = (position - file.first) as usize;
        let start = if index == 0 { 0 } else { number(&file.ends, (index - 1) * 4)? as usize };
        let end = number(&file.ends, index * 4)? as usize;
        file.filters.get(start..end).filter(|filter| !filter.is_empty())
    }

    /// Hashes a path.
    pub(crate) fn key(&self, path: &[u8]) -> Key {
        let [first, second] = SEEDS.map(|seed| murmur3(seed, path, self.version));
        Key(first, second)
    }

    /// Whether the commit with this filter may have changed the path. `false` is certain.
    pub(crate) fn may_contain(&self, filter: &[u8], key: Key) -> bool {
        let bits = filter.len() as u64 * 8;
        (0..self.hashes).all(|index| {
            let bit = u64::from(key.0.wrapping_add(index.wrapping_mul(key.1))) % bits;
            usize::try_from(bit / 8).is_ok_and(|byte| filter[byte] & (1 << (bit % 8)) != 0)
        })
    }
}

/// Reads a file of at most `left` bytes, and subtracts its size from `left`.
fn read(path: &Path, left: &mut u64) -> Option<Vec<u8>> {
    let mut data = Vec::new();
    File::open(path).ok()?.take(left.saturating_add(1)).read_to_end(&mut data).ok()?;
    *left = left.checked_sub(data.len() as u64)?;
    Some(data)
}

fn number(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

fn number64(data: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u64::from_be_bytes(data.get(at..at + 8)?.try_into().ok()?)).ok()
}

/// `MurmurHash3` for 32 bits. Version 1 of the format treats bytes above 127 as negative, as git once did.
fn murmur3(seed: u32, data: &[u8], version: u32) -> u32 {
    let widen = |byte: u8| {
        if version == 1 { i32::from(byte.cast_signed()).cast_unsigned() } else { u32::from(byte) }
    };
    let scramble = |block: u32| block.wrapping_mul(0xcc9e_2d51).rotate_left(15).wrapping_mul(0x1b87_3593);
    let mut hash = seed;
    let mut blocks = data.chunks_exact(4);
    for block in &mut blocks {
        let block = block.iter().rev().fold(0, |all, byte| (all << 8) | widen(*byte));
        hash = (hash ^ scramble(block)).rotate_left(13).wrapping_mul(5).wrapping_add(0xe654_6b64);
    }
    let tail = blocks.remainder();
    if !tail.is_empty() {
        let block = tail.iter().enumerate().fold(0, |all, (index, byte)| all ^ (widen(*byte) << (8 * index)));
        hash ^= scramble(block);
    }
    hash ^= u32::try_from(data.len()).unwrap_or(u32::MAX);
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

#[cfg(test)]
mod tests {
    use super::murmur3;

    /// The values that git's own test of its hash asserts (t0095).
    #[test]
    fn hash_agrees_with_git() {
        assert_eq!(murmur3(0, b"", 2), 0);
        assert_eq!(murmur3(0, b"Hello world!", 2), 0x627b_0c2c);
        assert_eq!(murmur3(0, b"The quick brown fox jumps over the lazy dog", 2), 0x2e4f_f723);
    }
}

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    path::Path,
};

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::{Result, error::At};

pub(super) const FILE: &str = "SHA256SUMS";

pub(super) fn hash(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

/// The hash of a file, read in chunks.
pub(crate) fn hash_file(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(HEXLOWER.encode(&hasher.finalize())),
            n => hasher.update(&piece[..n]),
        }
    }
}

/// Every file below a folder except the checksum file itself, by relative path.
pub(super) fn of_directory(directory: &Path) -> Result<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    collect(directory, "", &mut found)?;
    Ok(found)
}

fn collect(directory: &Path, prefix: &str, found: &mut BTreeMap<String, String>) -> Result<()> {
    for entry in fs::read_dir(directory).at(directory)? {
        let entry = entry.at(directory)?;
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let relative = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        let kind = entry.file_type().at(&path)?;
        if kind.is_dir() {
            collect(&path, &relative, found)?;
        } else if kind.is_file() && relative != FILE {
            found.insert(relative, hash_file(&path).at(&path)?);
        }
    }
    Ok(())
}

/// The format of `sha256sum`, including its escapes.
pub(super) fn to_text(listed: &BTreeMap<String, String>) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for (path, hash) in listed {
        let escaped = path.replace('\\', "\\\\").replace('\n', "\\n").replace('\r', "\\r");
        let mark = if escaped == *path { "" } else { "\\" };
        writeln!(text, "{mark}{hash}  {escaped}").expect("writing to a string cannot fail");
    }
    text
}

pub(super) fn from_text(text: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter_map(|line| {
            let (line, escaped) = line.strip_prefix('\\').map_or((line, false), |rest| (rest, true));
            let (hash, path) = line.split_once("  ")?;
            let path = if escaped { unescape(path) } else { path.to_owned() };
            Some((path, hash.to_owned()))
        })
        .collect()
}

fn unescape(path: &str) -> String {
    let mut out = String::new();
    let mut letters = path.chars();
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (_, true) => match letters.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => {}
            },
            (letter, false) => out.push(letter),
        }
    }
    out
}

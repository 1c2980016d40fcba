//! The files of a version: small text files as they are, everything else as LFS pointers.

use hearth_core::{Error, Result};
use hearth_git::{
    BranchName, Change, Content, EntryKind, NewCommit, ObjectId, OpenRepository, Signature, TreePath,
};
use hearth_runner::record::RunDocument;
use hearth_store::task_output::TaskOutput;
use tokio::io::AsyncReadExt as _;

use super::card;
use crate::{App, lfs::Pointer, output};

/// Text files up to this size are stored in git itself.
const LARGEST_TEXT: i64 = 512 << 10;
const LARGEST_READ: u64 = 4 << 20;
const ATTRIBUTES: &str = ".gitattributes";
const CARD: &str = "README.md";
const RUN: &str = "run.json";
/// Extensions of files that people read and compare.
const TEXT: [&str; 12] =
    ["cfg", "csv", "ini", "json", "jsonl", "md", "py", "svg", "toml", "txt", "yaml", "yml"];

/// Whether an output is stored as an LFS object: everything that is not a small text file.
pub(super) fn is_large(output: &TaskOutput) -> bool {
    let ending = output.path.as_str().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let is_text = ending.is_some_and(|ending| TEXT.contains(&ending.as_str()));
    !is_text || output.size_bytes > LARGEST_TEXT
}

/// A file in the commit.
#[derive(Debug)]
pub(super) struct File {
    path: String,
    bytes: Vec<u8>,
    is_large: bool,
}

/// Reads the small files, and creates pointers for the large ones.
pub(super) async fn read_small(app: &App, outputs: &[TaskOutput]) -> Result<Vec<File>> {
    let mut files = Vec::new();
    for output in outputs {
        let (oid, size_bytes) = output::bytes_of(output)?;
        let is_large = is_large(output);
        let bytes = if is_large {
            Pointer { oid, size_bytes }.to_text().into_bytes()
        } else {
            let mut bytes = Vec::new();
            let mut reader = app.blobs().open(&oid, 0..size_bytes.min(LARGEST_READ)).await?;
            reader.read_to_end(&mut bytes).await.map_err(Error::internal)?;
            bytes
        };
        files.push(File { path: output.path.to_string(), bytes, is_large });
    }
    Ok(files)
}

/// A commit to make, before its parent is known.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) branch: BranchName,
    pub(super) signature: Signature,
    pub(super) message: String,
    pub(super) card: String,
    pub(super) run: Vec<u8>,
    pub(super) files: Vec<File>,
}

impl Plan {
    pub(super) fn prepare(self, git: &OpenRepository) -> hearth_git::Result<NewCommit> {
        let tip = git.branch(&self.branch)?;
        let mut changes = Vec::new();
        for path in self.left_behind(git, tip)? {
            changes.push(Change::Delete { path });
        }
        let attributes = with_attributes(&text_at(git, tip, ATTRIBUTES)?, &self.files);
        changes.push(put(ATTRIBUTES, attributes.into_bytes())?);
        let card = card::into_readme(&text_at(git, tip, CARD)?, &self.card);
        changes.push(put(CARD, card.into_bytes())?);
        changes.push(put(RUN, self.run)?);
        for file in self.files {
            // The three files above are ours, even if the program wrote files of the same name.
            if ![ATTRIBUTES, CARD, RUN].contains(&file.path.as_str()) {
                changes.push(put(&file.path, file.bytes)?);
            }
        }
        Ok(NewCommit {
            branch: self.branch,
            branch_was: tip,
            parent: tip,
            author: self.signature.clone(),
            committer: self.signature,
            message: self.message,
            changes,
            is_empty_allowed: true,
        })
    }

    /// Files of the previous version that this one does not have.
    fn left_behind(&self, git: &OpenRepository, tip: Option<ObjectId>) -> hearth_git::Result<Vec<TreePath>> {
        let (Some(tip), Ok(run)) = (tip, serde_json::from_str::<RunDocument>(&text_at(git, tip, RUN)?))
        else {
            return Ok(Vec::new());
        };
        let mut gone = Vec::new();
        for old in run.outputs.files {
            let path = TreePath::file(old.path.as_str())?;
            let is_kept = self.files.iter().any(|file| file.path == path.as_str());
            if !is_kept && git.find_entry(tip, &path)?.is_some() {
                gone.push(path);
            }
        }
        Ok(gone)
    }
}

fn put(path: &str, bytes: Vec<u8>) -> hearth_git::Result<Change> {
    Ok(Change::Put { path: TreePath::file(path)?, kind: EntryKind::File, content: Content::Bytes(bytes) })
}

/// A text file at the tip; empty if it does not exist.
fn text_at(git: &OpenRepository, tip: impl Into<Option<ObjectId>>, path: &str) -> hearth_git::Result<String> {
    let Some(tip) = tip.into() else { return Ok(String::new()) };
    let Some(entry) = git.find_entry(tip, &TreePath::file(path)?)?.filter(|entry| entry.kind.is_blob())
    else {
        return Ok(String::new());
    };
    let data = git.blob(entry.id, LARGEST_READ)?.data.unwrap_or_default();
    Ok(String::from_utf8_lossy(&data).into_owned())
}

/// Adds attributes for the large files, so that git-lfs recognises them in a clone.
fn with_attributes(before: &str, files: &[File]) -> String {
    let mut text = before.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    for file in files.iter().filter(|file| file.is_large) {
        let line = format!("{} filter=lfs diff=lfs merge=lfs -text", pattern(&file.path));
        if !text.lines().any(|known| known == line) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text
}

/// A pattern for exactly this file: special characters are escaped, and it is quoted if it contains
/// whitespace.
fn pattern(path: &str) -> String {
    let mut escaped = String::from("/");
    for letter in path.chars() {
        if "*?[\\".contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    if escaped.contains(|letter: char| letter.is_whitespace() || letter == '"') {
        format!("\"{}\"", escaped.replace('\\', "\\\\").replace('"', "\\\""))
    } else {
        escaped
    }
}

#[cfg(test)]
mod tests {
    use hearth_core::{TaskId, Timestamp};

    use super::*;

    fn output(path: &str, size_bytes: i64) -> TaskOutput {
        TaskOutput {
            task_id: TaskId(1),
            attempt_number: 1,
            path: path.parse().expect("a plain path"),
            size_bytes,
            sha256: "a".repeat(64),
            created_at: Timestamp::from_second(0),
        }
    }

    #[test]
    fn small_text_lies_in_git_and_the_rest_among_the_objects() {
        assert!(!is_large(&output("report.JSON", 10)));
        assert!(is_large(&output("report.json", 1 << 20)));
        assert!(is_large(&output("model.npz", 10)));
        assert!(is_large(&output("LICENSE", 10)));
    }

    #[test]
    fn attributes_are_added_once() {
        let file = |path: &str| File { path: path.into(), bytes: vec![], is_large: true };
        let files = [file("model.npz"), file("a b/[x].bin")];
        let once = with_attributes("*.md text", &files);
        assert_eq!(
            once,
            "*.md text\n/model.npz filter=lfs diff=lfs merge=lfs -text\n\
             \"/a b/\\\\[x].bin\" filter=lfs diff=lfs merge=lfs -text\n"
        );
        assert_eq!(with_attributes(&once, &files), once);
    }
}

//! Commits and who made them.

use jiff::Timestamp;

use crate::{Error, Invalid, ObjectId, OpenRepository, Result};

/// Who did something, and when.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Signature {
    /// The name as it stands in the commit.
    pub name: String,
    /// The email as it stands in the commit; not necessarily an address.
    pub email: String,
    /// The moment.
    pub time: Timestamp,
    /// The author's offset from UTC.
    pub offset_minutes: i32,
}

impl Signature {
    /// A signature that can be written: neither name nor email contains a line break, NUL or angle bracket.
    pub fn new(name: impl Into<String>, email: impl Into<String>, time: Timestamp) -> Result<Self, Invalid> {
        let (name, email) = (name.into(), email.into());
        let is_fine = |text: &str| !text.contains(['\n', '\0', '<', '>']);
        if name.trim().is_empty() || !is_fine(&name) || !is_fine(&email) {
            return Err(Invalid::Signature);
        }
        Ok(Self { name, email, time, offset_minutes: 0 })
    }

    pub(crate) fn git2(&self) -> Result<git2::Signature<'static>> {
        let time = git2::Time::new(self.time.as_second(), self.offset_minutes);
        git2::Signature::new(&self.name, &self.email, &time).map_err(|_| Invalid::Signature.into())
    }
}

/// A commit.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Commit {
    /// Its id.
    pub id: ObjectId,
    /// The root tree.
    pub tree: ObjectId,
    /// The parents, none for a root commit; of very many, the first [`MOST_PARENTS`].
    pub parents: Vec<ObjectId>,
    /// The number of all its parents.
    pub parent_count: usize,
    /// Who wrote the change.
    pub author: Signature,
    /// Who made the commit.
    pub committer: Signature,
    /// The first line of the message.
    pub title: String,
    /// The rest of the message.
    pub body: String,
    /// Whether it carries a signature.
    pub is_signed: bool,
    /// Whether any of its texts was truncated.
    pub is_cut: bool,
}

/// The most parents listed for one commit.
pub const MOST_PARENTS: usize = 100;
/// A longer title is cut, and ends with three dots.
const MOST_TITLE_BYTES: usize = 1_000;
/// The rest of a longer message is left out.
const MOST_BODY_BYTES: usize = 64 << 10;
/// A longer name or address is cut.
const MOST_NAME_BYTES: usize = 250;

/// A commit's header, without the texts.
pub(crate) struct RawCommit<'data> {
    pub(crate) tree: ObjectId,
    /// The first parents, and how many there are.
    pub(crate) parents: Vec<ObjectId>,
    pub(crate) parent_count: usize,
    author: &'data [u8],
    committer_line: &'data [u8],
    /// Seconds and offset of the committer.
    pub(crate) committer: (i64, i32),
    message: &'data [u8],
    is_signed: bool,
}

impl<'data> RawCommit<'data> {
    /// Parses whatever git itself would accept, including odd old commits. At most `most_parents` are kept.
    pub(crate) fn parse(data: &'data [u8], most_parents: usize) -> Result<Self> {
        let damaged = || Error::Damaged("a commit cannot be parsed".to_owned());
        let mut commit = Self {
            tree: ObjectId::EMPTY_TREE,
            parents: Vec::new(),
            parent_count: 0,
            author: b"",
            committer_line: b"",
            committer: (0, 0),
            message: b"",
            is_signed: false,
        };
        let mut rest = data;
        let mut has_tree = false;
        while !rest.is_empty() {
            let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            let (line, after) = (&rest[..end], rest.get(end + 1..).unwrap_or_default());
            rest = after;
            if line.is_empty() {
                commit.message = rest;
                break;
            }
            let id =
                |text: &[u8]| std::str::from_utf8(text).ok().and_then(|text| text.parse::<ObjectId>().ok());
            if let Some(tree) = line.strip_prefix(b"tree ") {
                commit.tree = id(tree).ok_or_else(damaged)?;
                has_tree = true;
            } else if let Some(parent) = line.strip_prefix(b"parent ") {
                if commit.parents.len() < most_parents {
                    commit.parents.push(id(parent).ok_or_else(damaged)?);
                }
                commit.parent_count += 1;
            } else if let Some(author) = line.strip_prefix(b"author ") {
                commit.author = author;
            } else if let Some(committer) = line.strip_prefix(b"committer ") {
                commit.committer_line = committer;
                let (_, _, seconds, offset) = split_signature(committer);
                commit.committer = (seconds, offset);
            } else if line.starts_with(b"gpgsig") {
                commit.is_signed = true;
            }
        }
        if has_tree { Ok(commit) } else { Err(damaged()) }
    }

    pub(crate) fn author(&self) -> Signature {
        signature(self.author)
    }

    /// The message, up to the length that is shown.
    pub(crate) fn message_text(&self) -> String {
        cut(self.message, MOST_BODY_BYTES)
    }

    pub(crate) fn into_commit(self, id: ObjectId) -> Commit {
        let start = self.message.iter().position(|byte| *byte != b'\n').unwrap_or(self.message.len());
        let message = &self.message[start..];
        let end = message.iter().position(|byte| *byte == b'\n').unwrap_or(message.len());
        let (title, body) = (message[..end].trim_ascii_end(), message[end..].trim_ascii());
        Commit {
            id,
            tree: self.tree,
            parents: self.parents,
            parent_count: self.parent_count,
            author: signature(self.author),
            committer: signature(self.committer_line),
            is_cut: title.len() > MOST_TITLE_BYTES || body.len() > MOST_BODY_BYTES,
            title: cut(title, MOST_TITLE_BYTES),
            body: cut(body, MOST_BODY_BYTES),
            is_signed: self.is_signed,
        }
    }
}

/// `Name <email> seconds offset`; odd or missing parts are tolerated.
fn split_signature(line: &[u8]) -> (&[u8], &[u8], i64, i32) {
    let open = line.iter().position(|byte| *byte == b'<').unwrap_or(line.len());
    let close = line.iter().rposition(|byte| *byte == b'>').unwrap_or(line.len()).max(open);
    let email = line.get(open + 1..close).unwrap_or_default();
    let rest = std::str::from_utf8(line.get(close + 1..).unwrap_or_default()).unwrap_or_default();
    let mut rest = rest.split_ascii_whitespace();
    let seconds = rest.next().and_then(|seconds| seconds.parse().ok()).unwrap_or(0);
    let offset = rest.next().and_then(|offset| offset.parse::<i32>().ok()).unwrap_or(0);
    (&line[..open], email, seconds, offset / 100 * 60 + offset % 100)
}

/// The start of a text, with three dots where something is left out.
pub(super) fn cut(text: &[u8], most_bytes: usize) -> String {
    if text.len() <= most_bytes {
        return String::from_utf8_lossy(text).into_owned();
    }
    // Not in the middle of a character.
    let end = (0..=most_bytes).rev().find(|end| text[*end] & 0xC0 != 0x80).unwrap_or(most_bytes);
    format!("{}…", String::from_utf8_lossy(&text[..end]))
}

pub(super) fn signature(line: &[u8]) -> Signature {
    let (name, email, seconds, offset_minutes) = split_signature(line);
    Signature {
        name: cut(name.trim_ascii(), MOST_NAME_BYTES).trim().to_owned(),
        email: cut(email.trim_ascii(), MOST_NAME_BYTES).trim().to_owned(),
        time: Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH),
        offset_minutes,
    }
}

impl OpenRepository {
    /// A commit by its id.
    pub fn commit(&self, id: ObjectId) -> Result<Commit> {
        let found = self.find_object(id.gix(), |kind, data| {
            if kind == gix::objs::Kind::Commit {
                Ok(RawCommit::parse(data, MOST_PARENTS)?.into_commit(id))
            } else {
                Err(Error::WrongKind("commit"))
            }
        })?;
        found.ok_or(Error::RevisionNotFound)
    }

    /// The whole message of a commit, as its bytes.
    pub(crate) fn message(&self, id: ObjectId) -> Result<Vec<u8>> {
        let found = self.find_object(id.gix(), |kind, data| {
            if kind == gix::objs::Kind::Commit {
                Ok(RawCommit::parse(data, 0)?.message.to_owned())
            } else {
                Err(Error::WrongKind("commit"))
            }
        })?;
        found.ok_or(Error::RevisionNotFound)
    }

    /// The root tree of a commit.
    pub(crate) fn root_tree(&self, commit: ObjectId) -> Result<gix::ObjectId> {
        if let Some(commit) = self.graph().as_ref().and_then(|graph| graph.commits.commit_by_id(commit.gix()))
        {
            return Ok(commit.root_tree_id().to_owned());
        }
        Ok(self.commit(commit)?.tree.gix())
    }
}

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
    /// How far the author's clock was ahead of UTC.
    pub offset_minutes: i32,
}

impl Signature {
    /// A signature that can be written: neither name nor email holds a line break, NUL or angle bracket.
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
    /// The parents, none for a first commit.
    pub parents: Vec<ObjectId>,
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
}

/// A commit's header, without the texts.
pub(crate) struct RawCommit<'data> {
    pub(crate) tree: ObjectId,
    pub(crate) parents: Vec<ObjectId>,
    author: &'data [u8],
    committer_line: &'data [u8],
    /// Seconds and offset of the committer.
    pub(crate) committer: (i64, i32),
    message: &'data [u8],
    is_signed: bool,
}

impl<'data> RawCommit<'data> {
    /// Reads what git itself would accept, also from odd old commits.
    pub(crate) fn parse(data: &'data [u8]) -> Result<Self> {
        let damaged = || Error::Damaged("a commit cannot be parsed".to_owned());
        let mut commit = Self {
            tree: ObjectId::EMPTY_TREE,
            parents: Vec::new(),
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
                commit.parents.push(id(parent).ok_or_else(damaged)?);
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

    pub(crate) fn into_commit(self, id: ObjectId) -> Commit {
        let message = String::from_utf8_lossy(self.message);
        let message = message.trim_start_matches('\n');
        let (title, body) = message.split_once('\n').unwrap_or((message, ""));
        Commit {
            id,
            tree: self.tree,
            parents: self.parents,
            author: signature(self.author),
            committer: signature(self.committer_line),
            title: title.trim_end().to_owned(),
            body: body.trim().to_owned(),
            is_signed: self.is_signed,
        }
    }
}

/// `Name <email> seconds offset`, each part tolerated when it is odd or missing.
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

pub(super) fn signature(line: &[u8]) -> Signature {
    let (name, email, seconds, offset_minutes) = split_signature(line);
    Signature {
        name: String::from_utf8_lossy(name).trim().to_owned(),
        email: String::from_utf8_lossy(email).trim().to_owned(),
        time: Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH),
        offset_minutes,
    }
}

impl OpenRepository {
    /// A commit by its id.
    pub fn commit(&self, id: ObjectId) -> Result<Commit> {
        let object = self.gix.try_find_object(id.gix())?.ok_or(Error::RevisionNotFound)?;
        if object.kind != gix::objs::Kind::Commit {
            return Err(Error::WrongKind("commit"));
        }
        Ok(RawCommit::parse(&object.data)?.into_commit(id))
    }

    /// The root tree of a commit.
    pub(crate) fn root_tree(&self, commit: ObjectId) -> Result<gix::ObjectId> {
        let graph = self.repository.shared.graph.get(self.repository.path());
        if let Some(commit) = graph.as_ref().and_then(|graph| graph.commits.commit_by_id(commit.gix())) {
            return Ok(commit.root_tree_id().to_owned());
        }
        Ok(self.commit(commit)?.tree.gix())
    }
}

//! Branches and tags.

use std::{io::ErrorKind, os::unix::fs::MetadataExt as _, thread::sleep, time::Duration};

use jiff::Timestamp;

use super::{
    commit::{cut, signature},
    reference_cache::{References, Stamp},
};
use crate::{Answer, BranchName, Error, ObjectId, OpenRepository, RefName, Result, Signature, TagName};

/// A branch and where it points.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Branch {
    /// Its name.
    pub name: BranchName,
    /// The commit at its tip; see [`OpenRepository::commit`].
    pub id: ObjectId,
    /// When that commit was made.
    pub committed_at: Timestamp,
}

/// A tag as listed among the references.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TagRef {
    /// Its name.
    pub name: TagName,
    /// What the reference points to: the tagged object, or a tag object.
    pub id: ObjectId,
}

/// A tag with its details.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Tag {
    /// Its name.
    pub name: TagName,
    /// What the reference points to: the tagged object, or a tag object.
    pub id: ObjectId,
    /// The tagged object.
    pub target: ObjectId,
    /// The kind of the tagged object; nearly always a commit.
    pub target_kind: TagTarget,
    /// Who made the tag; `None` for a lightweight one.
    pub tagger: Option<Signature>,
    /// The message of an annotated tag.
    pub message: Option<String>,
}

/// What a tag points to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TagTarget {
    /// A commit, as usual.
    Commit,
    /// A folder without a history.
    Tree,
    /// One file without a name.
    Blob,
    /// A tag of a tag of a tag…
    Tag,
}

/// The longest chain of tags that is followed; a longer one is treated as malicious.
const MOST_NESTED_TAGS: usize = 32;
/// A longer message of a tag is cut.
const MOST_MESSAGE_BYTES: usize = 64 << 10;
/// How often references are reread while they are being packed.
const MOST_READS: usize = 500;
const READ_AGAIN_AFTER: Duration = Duration::from_millis(10);

/// The error of an unreadable reference; a file that no longer exists is told apart.
fn read_error(error: &(dyn std::error::Error + 'static)) -> Error {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    let is_gone = causes.any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|io| io.kind() == ErrorKind::NotFound)
    });
    if is_gone { Error::Io(ErrorKind::NotFound.into()) } else { Error::Damaged(error.to_string()) }
}

impl OpenRepository {
    /// The branch that `HEAD` names, whether or not it exists yet.
    pub fn default_branch(&self) -> Result<BranchName> {
        let name = self.gix.head_name()?;
        name.and_then(|name| BranchName::new(name.shorten().to_string()).ok())
            .ok_or_else(|| Error::Damaged("HEAD names no branch".to_owned()))
    }

    /// The commit at the tip of the default branch; `None` while that branch has no commit.
    pub fn head(&self) -> Result<Option<ObjectId>> {
        self.branch(&self.default_branch()?)
    }

    /// Whether there is no branch at all.
    pub fn is_empty(&self) -> Result<bool> {
        if self.head()?.is_some() {
            return Ok(false);
        }
        self.retry_while_packing(|| {
            let first = self.gix.references()?.prefixed(BranchName::PREFIX)?.next();
            Ok(first.transpose().map_err(|error| read_error(&error))?.is_none())
        })
    }

    /// Where a reference points, without following tag objects.
    pub fn reference(&self, name: &RefName) -> Result<Option<ObjectId>> {
        self.retry_while_packing(|| {
            let reference = self.gix.try_find_reference(name.as_str())?;
            Ok(reference.and_then(|reference| reference.target().try_id().map(ObjectId::from)))
        })
    }

    /// The tip of a branch.
    pub fn branch(&self, name: &BranchName) -> Result<Option<ObjectId>> {
        self.reference(&name.full())
    }

    /// All references under a prefix such as `refs/heads/`, sorted by name.
    pub fn references(&self, prefix: &str) -> Result<Vec<(RefName, ObjectId)>> {
        Ok(self.shared_references(prefix)?.to_vec())
    }

    /// How many references there are under a prefix.
    pub fn reference_count(&self, prefix: &str) -> Result<usize> {
        Ok(self.shared_references(prefix)?.len())
    }

    /// The references under a prefix; those of branches and tags are read again only if something has changed.
    fn shared_references(&self, prefix: &str) -> Result<References> {
        let (cache, repository) = (&self.repository.shared.references, self.repository.path());
        if let Some(known) = cache.get(repository, prefix) {
            self.budget.charge(known.len() as u64, 0)?;
            return Ok(known);
        }
        let before = Stamp::take(repository, prefix);
        let list: References = self.retry_while_packing(|| self.list_references(prefix))?.into();
        if before.is_some()
            && let Some(after) = Stamp::take(repository, prefix)
            && before.as_ref() == Some(&after)
        {
            cache.keep(prefix, after, &list);
        }
        Ok(list)
    }

    /// Reads references, retrying if they are packed meanwhile: packed references are read first, so one that
    /// is packed after that is found in neither place.
    fn retry_while_packing<T>(&self, read: impl Fn() -> Result<T>) -> Result<T> {
        let packed = self.repository.path().join("packed-refs");
        let stamp = || {
            let metadata = std::fs::metadata(&packed).ok()?;
            Some((metadata.ino(), metadata.len(), metadata.modified().ok()?))
        };
        for _ in 0..MOST_READS {
            let before = stamp();
            match read() {
                // It was listed, then packed and deleted before it was opened. The same may hold for others.
                Err(Error::Io(error)) if error.kind() == ErrorKind::NotFound => sleep(READ_AGAIN_AFTER),
                result if stamp() == before => return result,
                _ => {}
            }
        }
        read()
    }

    fn list_references(&self, prefix: &str) -> Result<Vec<(RefName, ObjectId)>> {
        let mut found = Vec::new();
        for reference in self.gix.references()?.prefixed(prefix)? {
            self.budget.charge(1, 0)?;
            let reference = reference.map_err(|error| read_error(&error))?;
            let name = RefName::new(reference.name().as_bstr().to_string());
            if let (Ok(name), Some(id)) = (name, reference.target().try_id()) {
                found.push((name, id.into()));
            }
        }
        Ok(found)
    }

    /// All branches, the most recently changed first; if there are too many, those whose tips could be read.
    pub fn branches(&self) -> Result<Answer<Vec<Branch>>> {
        match self.references(BranchName::PREFIX) {
            Ok(references) => self.dated(references),
            Err(error) => self.budget.answer(Err(error), Vec::new()),
        }
    }

    /// The branches among references that were listed before, with their dates.
    pub fn dated(&self, references: Vec<(RefName, ObjectId)>) -> Result<Answer<Vec<Branch>>> {
        let mut branches = Vec::new();
        let looked = self.look_at_branches(references, &mut branches);
        branches.sort_by(|a, b| b.committed_at.cmp(&a.committed_at).then_with(|| a.name.cmp(&b.name)));
        self.budget.answer(looked, branches)
    }

    fn look_at_branches(
        &self,
        references: Vec<(RefName, ObjectId)>,
        branches: &mut Vec<Branch>,
    ) -> Result<()> {
        let mut history = self.history();
        for (name, id) in references {
            let Some(name) = name.branch() else { continue };
            let node = history.enter(id.gix())?;
            let committed_at = Timestamp::from_second(history.time(node)).unwrap_or(Timestamp::UNIX_EPOCH);
            branches.push(Branch { name, id, committed_at });
        }
        Ok(())
    }

    /// All tags, the highest version first (`v1.10` before `v1.9`).
    pub fn tags(&self) -> Result<Vec<TagRef>> {
        let mut tags: Vec<TagRef> = self
            .references(TagName::PREFIX)?
            .into_iter()
            .filter_map(|(name, id)| Some(TagRef { name: name.tag()?, id }))
            .collect();
        tags.sort_by_cached_key(|tag| std::cmp::Reverse(version_key(tag.name.as_str())));
        Ok(tags)
    }

    /// One tag with its message.
    pub fn tag(&self, name: &TagName) -> Result<Option<Tag>> {
        let Some(id) = self.reference(&name.full())? else { return Ok(None) };
        let (target, target_kind) = self.follow_tags(id)?;
        let annotation = self.find_object(id.gix(), |kind, text| {
            if kind != gix::objs::Kind::Tag {
                return Ok((None, None));
            }
            let end = text.windows(2).position(|pair| pair == b"\n\n").unwrap_or(text.len());
            let tagger =
                text[..end].split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"tagger "));
            let body = cut(text.get(end + 2..).unwrap_or_default(), MOST_MESSAGE_BYTES);
            let unsigned = body.split("-----BEGIN ").next().unwrap_or_default();
            Ok((tagger.map(signature), Some(unsigned.trim().to_owned())))
        })?;
        let (tagger, message) = annotation.unwrap_or_default();
        Ok(Some(Tag { name: name.clone(), id, target, target_kind, tagger, message }))
    }

    /// Follows tag objects to a commit.
    pub(crate) fn peel(&self, id: ObjectId) -> Result<ObjectId> {
        match self.follow_tags(id)? {
            (commit, TagTarget::Commit) => Ok(commit),
            _ => Err(Error::WrongKind("commit")),
        }
    }

    /// Follows tag objects to their target.
    fn follow_tags(&self, mut id: ObjectId) -> Result<(ObjectId, TagTarget)> {
        for _ in 0..MOST_NESTED_TAGS {
            self.budget.charge(1, 0)?;
            let header = self.gix.try_find_header(id.gix())?;
            let header = header.ok_or_else(|| Error::Damaged(format!("object {id} is missing")))?;
            match header.kind() {
                gix::objs::Kind::Commit => return Ok((id, TagTarget::Commit)),
                gix::objs::Kind::Tree => return Ok((id, TagTarget::Tree)),
                gix::objs::Kind::Blob => return Ok((id, TagTarget::Blob)),
                gix::objs::Kind::Tag => id = self.with_object(id.gix(), header.kind(), tagged)?,
            }
        }
        Ok((id, TagTarget::Tag))
    }
}

/// The first line of a tag object.
fn tagged(text: &[u8]) -> Result<ObjectId> {
    let line = text.split(|byte| *byte == b'\n').next().and_then(|line| line.strip_prefix(b"object "));
    let id = line.and_then(|id| std::str::from_utf8(id).ok()?.parse().ok());
    id.ok_or_else(|| Error::Damaged("a tag cannot be parsed".to_owned()))
}

/// Splits a name into runs of digits, compared as numbers, and the text between them. A version without a
/// suffix comes after its pre-releases.
fn version_key(name: &str) -> Vec<(u8, u64, String)> {
    let mut key = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|character: char| character.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        key.push(match run.parse() {
            Ok(number) if is_digit => (2, number, String::new()),
            _ => (u8::from(!run.starts_with('-')) * 2, 0, run.to_owned()),
        });
        rest = after;
    }
    key.push((1, 0, String::new()));
    key
}

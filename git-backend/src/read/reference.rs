//! Branches and tags.

use jiff::Timestamp;

use super::commit::signature;
use crate::{
    BranchName, Error, ObjectId, OpenRepository, RefName, Result, Signature, TagName, graph::History,
};

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

/// A tag as the list of references has it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TagRef {
    /// Its name.
    pub name: TagName,
    /// What the reference points to: a commit, or a tag object.
    pub id: ObjectId,
}

/// A tag with what it says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Tag {
    /// Its name.
    pub name: TagName,
    /// What the reference points to: a commit, or a tag object.
    pub id: ObjectId,
    /// The tagged commit.
    pub commit: ObjectId,
    /// Who made the tag; `None` for a lightweight one.
    pub tagger: Option<Signature>,
    /// The message of an annotated tag.
    pub message: Option<String>,
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
        Ok(self.head()?.is_none() && self.references(BranchName::PREFIX)?.is_empty())
    }

    /// Where a reference points, without following tag objects.
    pub fn reference(&self, name: &RefName) -> Result<Option<ObjectId>> {
        let reference = self.gix.try_find_reference(name.as_str())?;
        Ok(reference.and_then(|reference| reference.target().try_id().map(ObjectId::from)))
    }

    /// The tip of a branch.
    pub fn branch(&self, name: &BranchName) -> Result<Option<ObjectId>> {
        self.reference(&name.full())
    }

    /// All references under a prefix such as `refs/heads/`, in the order of their names.
    pub fn references(&self, prefix: &str) -> Result<Vec<(RefName, ObjectId)>> {
        let mut found = Vec::new();
        for reference in self.gix.references()?.prefixed(prefix)? {
            let reference = reference.map_err(|error| Error::Damaged(error.to_string()))?;
            let name = RefName::new(reference.name().as_bstr().to_string());
            if let (Ok(name), Some(id)) = (name, reference.target().try_id()) {
                found.push((name, id.into()));
            }
        }
        Ok(found)
    }

    /// All branches, the most recently changed first.
    pub fn branches(&self) -> Result<Vec<Branch>> {
        let mut history = History::new(&self.gix, self.repository.shared.graph.get(self.repository.path()));
        let mut branches = Vec::new();
        for (name, id) in self.references(BranchName::PREFIX)? {
            let Some(name) = name.branch() else { continue };
            let node = history.enter(id.gix())?;
            let committed_at = Timestamp::from_second(history.time(node)).unwrap_or(Timestamp::UNIX_EPOCH);
            branches.push(Branch { name, id, committed_at });
        }
        branches.sort_by(|a, b| b.committed_at.cmp(&a.committed_at).then_with(|| a.name.cmp(&b.name)));
        Ok(branches)
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
        let commit = self.peel(id)?;
        let object = self.gix.find_object(id.gix())?;
        let (mut tagger, mut message) = (None, None);
        if object.kind == gix::objs::Kind::Tag {
            let text = object.data.as_slice();
            let end = text.windows(2).position(|pair| pair == b"\n\n").unwrap_or(text.len());
            tagger = text[..end].split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"tagger "));
            let body = text.get(end + 2..).unwrap_or_default();
            let body = String::from_utf8_lossy(body);
            let unsigned = body.split("-----BEGIN ").next().unwrap_or_default();
            message = Some(unsigned.trim().to_owned());
        }
        let tagger = tagger.map(signature);
        Ok(Some(Tag { name: name.clone(), id, commit, tagger, message }))
    }

    /// Follows tag objects to the commit they mean.
    pub(crate) fn peel(&self, id: ObjectId) -> Result<ObjectId> {
        let object = self.gix.try_find_object(id.gix())?;
        let object = object.ok_or_else(|| Error::Damaged(format!("object {id} is missing")))?;
        let peeled = object.peel_tags_to_end()?;
        if peeled.kind == gix::objs::Kind::Commit {
            Ok(peeled.id.into())
        } else {
            Err(Error::WrongKind("commit"))
        }
    }
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

//! Applying single commits elsewhere.

use super::{Merge, Rebase};
use crate::{Error, ObjectId, OpenRepository, Result, Signature};

impl OpenRepository {
    /// Applies what a commit changed, against its first parent, to another commit.
    pub fn cherry_pick(&self, commit: ObjectId, onto: ObjectId) -> Result<Merge> {
        let (before, after) = self.change_of(commit)?;
        self.merge_trees([before, self.commit(onto)?.tree, after])
    }

    /// Takes back what a commit changed, against its first parent: for a merge that is everything it brought in.
    pub fn revert(&self, commit: ObjectId, onto: ObjectId) -> Result<Merge> {
        let (before, after) = self.change_of(commit)?;
        self.merge_trees([after, self.commit(onto)?.tree, before])
    }

    /// Applies commits, oldest first, one after the other. Each keeps its author, the author's date and its message
    /// and gets a new committer; a signature would not fit any more and is left out. A commit that already stands
    /// where it would go stays as it is. Left out are merges, as `git rebase` does, and commits of which nothing
    /// remains; one that was empty from the start is kept.
    pub fn rebase(&self, commits: &[ObjectId], onto: ObjectId, committer: &Signature) -> Result<Rebase> {
        let mut head = onto;
        let mut tree = self.commit(onto)?.tree;
        let mut applied = Vec::new();
        for id in commits {
            let commit = self.commit(*id)?;
            if commit.parent_count > 1 {
                continue;
            }
            if commit.parents.first() == Some(&head) {
                (head, tree) = (*id, commit.tree);
                applied.push((*id, *id));
                continue;
            }
            let (before, after) = self.change_of(*id)?;
            let merged = match self.merge_trees([before, tree, after])? {
                Merge::Clean { tree } => tree,
                Merge::Conflicts(files) => return Ok(Rebase::Conflicts { commit: *id, files }),
            };
            if merged == tree && before != after {
                continue;
            }
            tree = merged;
            head = self.write_again(*id, tree, head, committer)?;
            applied.push((*id, head));
        }
        Ok(Rebase::Done { head, commits: applied })
    }

    /// The trees before and after a commit.
    fn change_of(&self, commit: ObjectId) -> Result<(ObjectId, ObjectId)> {
        let commit = self.commit(commit)?;
        let before = match commit.parents.first() {
            Some(parent) => self.commit(*parent)?.tree,
            None => ObjectId::EMPTY_TREE,
        };
        Ok((before, commit.tree))
    }

    /// Writes a commit again with another tree, parent and committer. The rest is kept byte by byte, whatever
    /// encoding it is in.
    fn write_again(
        &self,
        commit: ObjectId,
        tree: ObjectId,
        parent: ObjectId,
        committer: &Signature,
    ) -> Result<ObjectId> {
        let committer = signature_line(committer)?;
        let data = self.with_object(commit.gix(), gix::objs::Kind::Commit, |data| {
            let end = data.windows(2).position(|pair| pair == b"\n\n").unwrap_or(data.len());
            let (header, message) = data.split_at(end);
            let line = |prefix: &[u8]| {
                let mut lines = header.split(|byte| *byte == b'\n');
                lines.find(|line| line.starts_with(prefix)).map_or(Vec::new(), |line| [line, b"\n"].concat())
            };
            let links = format!("tree {tree}\nparent {parent}\n").into_bytes();
            let parts = [links, line(b"author "), committer, line(b"encoding ")].concat();
            // The blank line before the message starts with the line break of the last line.
            Ok([&parts[..], message.get(1..).unwrap_or(b"\n")].concat())
        })?;
        let made = self.git2()?.odb()?.write(git2::ObjectType::Commit, &data);
        let id = ObjectId::from(made.map_err(Error::of_writing)?);
        self.sync(&[id])?;
        Ok(id)
    }
}

/// The line of a committer.
fn signature_line(committer: &Signature) -> Result<Vec<u8>> {
    // The library's check of names and addresses.
    let checked = committer.git2()?;
    let (sign, minutes) =
        (if committer.offset_minutes < 0 { '-' } else { '+' }, committer.offset_minutes.unsigned_abs());
    let mut line = b"committer ".to_vec();
    line.extend_from_slice(checked.name_bytes());
    line.extend_from_slice(b" <");
    line.extend_from_slice(checked.email_bytes());
    let zone = format!("> {} {sign}{:02}{:02}\n", committer.time.as_second(), minutes / 60, minutes % 60);
    line.extend_from_slice(zone.as_bytes());
    Ok(line)
}

//! The batch call of Git LFS: which objects are to be transferred, asked before anything is.

use std::collections::{HashMap, HashSet};

use hearth_core::{Error, Quota, Read, Result};
use hearth_store::lfs_object;

use super::{
    lfs::{self, Held},
    lfs_room,
};
use crate::{Access, App, blobs::BlobId};

const LOST: &str = "the content of this object is missing on the server: anyone who has it can upload it again with git lfs push --all";

/// Where the objects are to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the client.
    Download,
    /// To the server.
    Upload,
}

/// An object as the client names it, unchecked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub oid: String,
    pub size_bytes: i64,
}

/// What to do about an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Download,
    Upload,
    /// It is here already.
    Nothing,
    /// `code` has the meaning of the same status in HTTP.
    Refused {
        code: u16,
        message: &'static str,
    },
    /// The owner of the repository has no room for it.
    NoRoom(Quota),
}

/// Answers for each object, in their order. An upload takes the right to push, and room on the disk.
pub async fn answer(
    app: &App,
    access: &Access<Read>,
    direction: Direction,
    objects: &[Asked],
) -> Result<Vec<Answer>> {
    if objects.len() as u64 > app.limits().lfs_batch_objects {
        return Err(Error::TooLarge(app.limits().lfs_batch()));
    }
    if direction == Direction::Upload {
        access.push()?;
    }
    let oids: Vec<_> = objects.iter().filter_map(|object| BlobId::parse(&object.oid)).collect();
    let mut held = lfs::held(app, access, &oids).await?;
    if direction == Direction::Upload {
        let kept = keep(app, access, &held).await?;
        held.retain(|oid, _| kept.contains(oid));
    }
    if direction == Direction::Upload {
        let comes = objects.iter().filter(|object| held.get(&object.oid).is_none_or(|held| !held.is_here));
        let sizes = comes.map(|object| u64::try_from(object.size_bytes).unwrap_or(0));
        app.disk().check_room_for(sizes.fold(0, u64::saturating_add))?;
    }
    let most = app.limits().lfs_object_bytes;
    let answers = objects.iter().map(|object| one(direction, object, held.get(&object.oid).copied(), most));
    let mut answers: Vec<_> = answers.collect();
    if answers.contains(&Answer::Upload) {
        refuse_without_room(app, access, objects, &mut answers).await?;
    }
    Ok(answers)
}

/// Notes that the client relies on these objects: from now on none of them is removed for as long as an unneeded object is kept.
/// Returns those that have not been removed meanwhile.
async fn keep(app: &App, access: &Access<Read>, held: &HashMap<String, Held>) -> Result<HashSet<String>> {
    if held.is_empty() {
        return Ok(HashSet::new());
    }
    let oids: Vec<_> = held.keys().cloned().collect();
    let mut operation = app.begin().await?;
    let now = operation.now();
    let kept = lfs_object::need(&mut operation, access.repository().id, &oids, now).await?;
    operation.commit().await?;
    Ok(kept.into_iter().collect())
}

/// Refuses the uploads for which the repository's owner has no room, so that nothing is sent in vain. What counts for them
/// already, in another repository, takes none.
async fn refuse_without_room(
    app: &App,
    access: &Access<Read>,
    objects: &[Asked],
    answers: &mut [Answer],
) -> Result<()> {
    let owner = access.repository().owner_id;
    let oids: Vec<_> = objects.iter().map(|object| object.oid.clone()).collect();
    let mut reader = app.store().read().await?;
    let usage = lfs_room::usage(app, &mut reader, owner).await?;
    let mut counted: HashSet<_> =
        lfs_object::filter_of_owner(&mut reader, owner, &oids).await?.into_iter().collect();
    drop(reader);
    let mut more_bytes = 0_u64;
    let uploads = objects.iter().zip(answers).filter(|(_, answer)| **answer == Answer::Upload);
    for (object, answer) in uploads {
        if counted.contains(&object.oid) {
            continue;
        }
        let with_it = more_bytes.saturating_add(u64::try_from(object.size_bytes).unwrap_or(0));
        if usage.has_room_for(with_it) {
            more_bytes = with_it;
            counted.insert(object.oid.clone());
        } else {
            *answer = Answer::NoRoom(usage.spent());
        }
    }
    Ok(())
}

fn one(direction: Direction, object: &Asked, held: Option<Held>, most: u64) -> Answer {
    use Direction::{Download, Upload};
    let size = u64::try_from(object.size_bytes).ok().filter(|_| BlobId::parse(&object.oid).is_some());
    let refused = |code, message| Answer::Refused { code, message };
    match (direction, size, held) {
        (_, None, _) => refused(422, "not an object id, or not a size"),
        (_, Some(size), Some(held)) if size != held.size_bytes => refused(422, "the object has another size"),
        (Download, _, Some(Held { is_here: false, .. })) => refused(404, LOST),
        (Download, _, None) => refused(404, "no such object here"),
        (Download, _, Some(_)) => Answer::Download,
        (Upload, Some(size), None) if size > most => refused(422, "larger than limits.lfs_object_bytes"),
        (Upload, _, Some(Held { is_here: true, .. })) => Answer::Nothing,
        (Upload, _, _) => Answer::Upload,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_asked_for_only_where_it_is_missing() {
        use Direction::{Download, Upload};
        let object = |size_bytes| Asked { oid: "a1".repeat(32), size_bytes };
        let held = |is_here| Some(Held { size_bytes: 7, is_here });
        let code = |direction, size, held| match one(direction, &object(size), held, 100) {
            Answer::Refused { code, .. } => u32::from(code),
            Answer::Download => 1,
            Answer::Upload => 2,
            Answer::Nothing => 0,
            Answer::NoRoom(_) => 3,
        };
        assert_eq!([code(Download, 7, held(true)), code(Download, 7, None)], [1, 404]);
        assert_eq!([code(Download, 7, held(false)), code(Download, 8, held(true))], [404, 422]);
        assert_eq!([code(Upload, 7, held(true)), code(Upload, 7, held(false))], [0, 2]);
        assert_eq!([code(Upload, 7, None), code(Upload, 101, None), code(Upload, -1, None)], [2, 422, 422]);
    }
}

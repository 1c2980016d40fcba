//! A version as the steps that made it: its commits from the oldest to the newest, each with its first parent.

use std::collections::HashMap;

use super::{MOST_COMMITS, Range, pairing};
use crate::{ObjectId, OpenRepository, PatchId, Result};

/// One commit of a version.
pub(super) struct Link {
    pub(super) id: ObjectId,
    pub(super) parent: Option<ObjectId>,
    /// Which link of the other version is the same change.
    pub(super) partner: Option<usize>,
}

/// The commits of one version along first parents, oldest first.
pub(super) struct Chain {
    /// What the oldest one was made on.
    pub(super) bottom: Option<ObjectId>,
    pub(super) links: Vec<Link>,
    places: HashMap<ObjectId, usize>,
}

impl Chain {
    /// `None` for a version of very many commits.
    fn of(git: &OpenRepository, range: &Range) -> Result<Option<Self>> {
        let ids = git.ids_between(range)?;
        if !ids.is_whole() || ids.value.len() > MOST_COMMITS {
            return Ok(None);
        }
        let inside: std::collections::HashSet<ObjectId> = ids.value.into_iter().collect();
        let mut links = Vec::new();
        let mut at = Some(range.head);
        while let Some(id) = at.filter(|id| inside.contains(id)) {
            let parent = git.first_parent(id)?;
            links.push(Link { id, parent, partner: None });
            at = parent;
        }
        links.reverse();
        let places = links.iter().enumerate().map(|(place, link)| (link.id, place)).collect();
        Ok(Some(Self { bottom: at, links, places }))
    }

    /// Where in the chain a commit is.
    pub(super) fn place_of(&self, commit: ObjectId) -> Option<usize> {
        self.places.get(&commit).copied()
    }

    /// Whether all its changes are also in the other version.
    pub(super) fn is_kept(&self) -> bool {
        self.links.iter().all(|link| link.partner.is_some())
    }

    fn patch_ids(&self, git: &OpenRepository) -> Result<Vec<PatchId>> {
        self.links.iter().map(|link| git.commit_patch_id(link.id)).collect()
    }
}

/// Two versions of one change, and which commits of them are the same.
pub(super) struct Chains {
    pub(super) from: Chain,
    pub(super) to: Chain,
}

impl Chains {
    /// `None` if one of them has very many commits.
    pub(super) fn of(git: &OpenRepository, from: &Range, to: &Range) -> Result<Option<Self>> {
        let (Some(mut from), Some(mut to)) = (Chain::of(git, from)?, Chain::of(git, to)?) else {
            return Ok(None);
        };
        let pairs = pairing::pairs(&from.patch_ids(git)?, &to.patch_ids(git)?);
        for (one, other) in pairs.unambiguous {
            from.links[one].partner = Some(other);
            to.links[other].partner = Some(one);
        }
        Ok(Some(Self { from, to }))
    }
}

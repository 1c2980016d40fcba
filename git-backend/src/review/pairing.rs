//! Which commits of two versions are the same change, by the identity of what they changed.

use std::collections::HashMap;

use crate::PatchId;

/// Places in the two lists that belong together.
pub(super) struct Pairs {
    /// Each in its order, as far as both lists have one.
    pub(super) all: Vec<(usize, usize)>,
    /// Only of changes that both lists have equally often.
    pub(super) unambiguous: Vec<(usize, usize)>,
}

/// Pairs equal identities, the first of one list with the first of the other, and so on.
pub(super) fn pairs(old: &[PatchId], new: &[PatchId]) -> Pairs {
    let (old, new) = (places(old), places(new));
    let (mut all, mut unambiguous) = (Vec::new(), Vec::new());
    for (id, places) in &old {
        let Some(others) = new.get(id) else { continue };
        let pairs = places.iter().copied().zip(others.iter().copied());
        if places.len() == others.len() {
            unambiguous.extend(pairs.clone());
        }
        all.extend(pairs);
    }
    Pairs { all, unambiguous }
}

fn places(ids: &[PatchId]) -> HashMap<PatchId, Vec<usize>> {
    let mut places: HashMap<PatchId, Vec<usize>> = HashMap::new();
    for (place, id) in ids.iter().enumerate() {
        places.entry(*id).or_default().push(place);
    }
    places
}

//! Queue order: by priority, then by least recent usage of the payer, then by age.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap, VecDeque},
};

use hearth_core::{OwnerId, TaskId, Timestamp};

/// A waiting task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Claim {
    pub(crate) id: TaskId,
    pub(crate) payer: OwnerId,
    pub(crate) priority: i64,
    pub(crate) queued_at: Timestamp,
    /// What it adds to its payer's usage, in card-seconds.
    pub(crate) cost: i64,
}

/// The assumed duration of a task before its actual one is known.
pub(crate) const SUPPOSED_SECONDS: i64 = 3_600;
/// This many CPUs count as one card.
const CPUS_OF_A_CARD: i64 = 64;

/// The cost of a task with this many cards and CPUs in total.
pub(crate) fn cost(cards: i64, cpus: i64) -> i64 {
    cards
        .saturating_mul(SUPPOSED_SECONDS)
        .saturating_add(cpus.saturating_mul(SUPPOSED_SECONDS / CPUS_OF_A_CARD))
}

/// Sums card-seconds by how many weeks ago they were used: each week counts half of the one after it.
pub(crate) fn decayed(weeks: impl IntoIterator<Item = (i64, i64)>) -> i64 {
    weeks.into_iter().map(|(weeks_ago, card_seconds)| card_seconds >> weeks_ago.clamp(0, 62)).sum()
}

/// The indices of the claims in the order in which they are served.
///
/// Each payer's claims are served by age. Among payers the one with the least usage comes first, and every
/// served claim adds its cost, so that payers with equal usage take turns. A second of waiting offsets a
/// card-second, so nobody waits for ever.
pub(crate) fn order(claims: &[Claim], used: &BTreeMap<OwnerId, i64>, now: Timestamp) -> Vec<usize> {
    let mut levels: BTreeMap<Reverse<i64>, BTreeMap<OwnerId, VecDeque<usize>>> = BTreeMap::new();
    let mut by_age: Vec<usize> = (0..claims.len()).collect();
    by_age.sort_unstable_by_key(|&place| (claims[place].queued_at, claims[place].id));
    for place in by_age {
        let claim = &claims[place];
        levels.entry(Reverse(claim.priority)).or_default().entry(claim.payer).or_default().push_back(place);
    }
    let mut used = used.clone();
    let mut served = Vec::with_capacity(claims.len());
    for mut payers in levels.into_values() {
        let key = |used: &BTreeMap<OwnerId, i64>, place: usize| {
            let claim = &claims[place];
            let waited = i64::try_from(now.since(claim.queued_at).as_secs()).unwrap_or(i64::MAX);
            let use_of_payer = used.get(&claim.payer).copied().unwrap_or(0);
            Reverse((use_of_payer.saturating_sub(waited), claim.queued_at, claim.id, place))
        };
        let mut heads: BinaryHeap<_> =
            payers.values().filter_map(|queue| queue.front()).map(|&place| key(&used, place)).collect();
        while let Some(Reverse((.., place))) = heads.pop() {
            let claim = &claims[place];
            served.push(place);
            *used.entry(claim.payer).or_default() += claim.cost;
            let queue = payers.get_mut(&claim.payer);
            let next = queue.and_then(|queue| {
                queue.pop_front();
                queue.front().copied()
            });
            heads.extend(next.map(|place| key(&used, place)));
        }
    }
    served
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn claim(id: i64, owner: i64, priority: i64, queued_at: i64) -> Claim {
        Claim {
            id: TaskId(id),
            payer: OwnerId(owner),
            priority,
            queued_at: Timestamp::from_second(queued_at),
            cost: cost(1, 0),
        }
    }

    fn ids(claims: &[Claim], used: &[(i64, i64)]) -> Vec<i64> {
        let used = used.iter().map(|(owner, seconds)| (OwnerId(*owner), *seconds)).collect();
        let served = order(claims, &used, Timestamp::from_second(1_000));
        served.into_iter().map(|place| claims[place].id.0).collect()
    }

    #[test]
    fn priority_comes_before_age() {
        assert_eq!(ids(&[claim(1, 1, 0, 0), claim(2, 1, 5, 900), claim(3, 1, 0, 10)], &[]), [2, 1, 3]);
    }

    #[test]
    fn two_payers_who_used_alike_take_turns() {
        let claims =
            [claim(1, 1, 0, 0), claim(2, 1, 0, 1), claim(3, 1, 0, 2), claim(4, 2, 0, 3), claim(5, 2, 0, 4)];
        assert_eq!(ids(&claims, &[]), [1, 4, 2, 5, 3]);
    }

    #[test]
    fn who_used_much_lately_comes_later() {
        assert_eq!(ids(&[claim(1, 1, 0, 0), claim(2, 2, 0, 500)], &[(1, 100_000)]), [2, 1]);
    }

    #[test]
    fn waiting_makes_up_for_use() {
        assert_eq!(ids(&[claim(1, 1, 0, 0), claim(2, 2, 0, 990)], &[(1, 900)]), [1, 2]);
    }

    #[test]
    fn a_week_ago_counts_half() {
        assert_eq!(decayed([(0, 100), (1, 100), (2, 100), (70, 100)]), 175);
    }

    proptest! {
        #[test]
        fn everybody_is_served_once_and_no_priority_is_passed(
            drawn in proptest::collection::vec((1_i64..5, 0_i64..3, 0_i64..1_000), 0..60),
            used in proptest::collection::vec(0_i64..100_000, 5),
        ) {
            let claims: Vec<Claim> = drawn
                .iter()
                .enumerate()
                .map(|(id, (owner, priority, at))| claim(i64::try_from(id).unwrap(), *owner, *priority, *at))
                .collect();
            let used: Vec<(i64, i64)> = (0..).zip(used).collect();
            let served = ids(&claims, &used);
            let mut all = served.clone();
            all.sort_unstable();
            prop_assert_eq!(all, (0..i64::try_from(claims.len()).unwrap()).collect::<Vec<_>>());
            let of = |id: &i64| claims[usize::try_from(*id).unwrap()];
            for pair in served.windows(2) {
                prop_assert!(of(&pair[0]).priority >= of(&pair[1]).priority);
            }
            // Within a payer and a priority: by age.
            for (at, first) in served.iter().enumerate() {
                for later in &served[at + 1..] {
                    let (first, later) = (of(first), of(later));
                    if first.payer == later.payer && first.priority == later.priority {
                        prop_assert!((first.queued_at, first.id) <= (later.queued_at, later.id));
                    }
                }
            }
        }
    }
}

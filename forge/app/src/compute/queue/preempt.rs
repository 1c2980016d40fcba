//! Preemption: for a task of higher priority, or for a payer who reclaims what others borrowed.

use std::{cmp::Reverse, collections::BTreeMap};

use hearth_core::{OwnerId, TaskId};

use super::{
    class::{Candidate, Class},
    plan::{Held, Pass, Waiting},
    site::Room,
};

/// The number of victims, and the sum of their priorities.
type Price = (usize, i64);

impl Pass {
    /// Machines that will hold the task once all that were asked to stop have left, and the tasks to ask now.
    /// `None` if preemption does not help.
    ///
    /// Takes the fewest victims: borrowed cards first, then low priority, then the youngest.
    pub(super) fn make_room(
        &mut self,
        waiting: &Waiting,
        permitted: &[usize],
    ) -> Option<(Vec<Candidate>, Vec<TaskId>)> {
        let Class { need, groups, .. } = &self.classes[waiting.class];
        let nodes = usize::try_from(need.nodes).unwrap_or(usize::MAX);
        let mut best: Option<(Price, Vec<Candidate>, Vec<usize>)> = None;
        for &place in permitted {
            let group = &groups[place];
            let eligible = self.eligible(waiting, group.vendor.as_deref(), i64::from(need.all_cards()));
            let mut ways: Vec<(Candidate, Vec<usize>)> = group
                .candidates
                .iter()
                .filter_map(|&candidate| Some((candidate, self.victims_on(waiting, candidate, &eligible)?)))
                .collect();
            if ways.len() < nodes {
                continue;
            }
            ways.sort_by_key(|(_, victims)| victims.len());
            ways.truncate(nodes);
            let mut victims: Vec<usize> = ways.iter().flat_map(|(_, victims)| victims).copied().collect();
            victims.sort_unstable();
            victims.dedup();
            let weight = victims.iter().map(|&victim| self.held[victim].priority).sum();
            let key = (victims.len(), weight);
            let is_reserve_kept = need.cards == 0 || {
                let gained: i64 = victims
                    .iter()
                    .filter_map(|&victim| self.held[victim].cards.as_ref())
                    .map(|(_, cards)| cards)
                    .sum();
                let leaving: u32 = self
                    .site
                    .machines_of(group.pool)
                    .map(|machine| machine.leaving.cards.iter().sum::<u32>())
                    .sum();
                let later = i64::from(self.site.free_cards(group.pool)) + i64::from(leaving) + gained;
                later >= i64::from(need.all_cards()) + i64::from(self.site.pools[group.pool].reserved_cards)
            };
            if is_reserve_kept && best.as_ref().is_none_or(|(known, ..)| key < *known) {
                best = Some((key, ways.into_iter().map(|(candidate, _)| candidate).collect(), victims));
            }
        }
        let (_, machines, victims) = best?;
        for &victim in &victims {
            self.note_leaving(victim);
        }
        Some((machines, victims.into_iter().map(|victim| self.held[victim].task).collect()))
    }

    /// Tasks that may be preempted for this one, in order of preference.
    fn eligible(&self, waiting: &Waiting, vendor: Option<&str>, cards: i64) -> Vec<usize> {
        let reclaims =
            vendor.is_some_and(|vendor| self.quotas.is_within_nominal(waiting.payer, vendor, cards));
        let borrows = |held: &Held| {
            vendor.zip(held.cards.as_ref()).is_some_and(|(vendor, (code, _))| {
                code == vendor && held.payer != waiting.payer && self.quotas.borrowed(held.payer, vendor) > 0
            })
        };
        let mut found: Vec<(bool, usize)> = self
            .held
            .iter()
            .enumerate()
            .filter(|(_, held)| !held.is_leaving)
            .filter_map(|(place, held)| {
                let is_borrowed = reclaims && held.priority <= waiting.priority && borrows(held);
                (is_borrowed || held.priority < waiting.priority).then_some((is_borrowed, place))
            })
            .collect();
        found.sort_by_key(|&(is_borrowed, place)| {
            let held = &self.held[place];
            (!is_borrowed, held.priority, Reverse((held.since, held.task)))
        });
        found.into_iter().map(|(_, place)| place).collect()
    }

    /// The fewest victims on one machine. `None` if preempting all of them is not enough; empty if enough
    /// tasks are leaving already.
    fn victims_on(&self, waiting: &Waiting, candidate: Candidate, eligible: &[usize]) -> Option<Vec<usize>> {
        let need = &self.classes[waiting.class].need;
        let machine = &self.site.machines[candidate.machine];
        let holds = |room: &Room| room.holds(need, candidate.kind);
        let mut room = machine.free.clone();
        room.add(&machine.leaving);
        if holds(&room) {
            let is_left_soon = machine.leaving.cpus > 0 || machine.leaving.memory_bytes > 0;
            // If nothing is leaving, room on this machine is not what is missing.
            return is_left_soon.then(Vec::new);
        }
        let base = room.clone();
        let on = |victim: &usize| {
            self.held[*victim].rooms.iter().find(|(at, _)| *at == candidate.machine).map(|(_, room)| room)
        };
        let mut taken_back: BTreeMap<OwnerId, i64> = BTreeMap::new();
        let mut chosen = Vec::new();
        for victim in eligible {
            let Some(left) = on(victim) else { continue };
            let held = &self.held[*victim];
            if held.priority >= waiting.priority
                && let Some((vendor, cards)) = &held.cards
            {
                // Only borrowed cards are reclaimed.
                let before = taken_back.entry(held.payer).or_default();
                if *before >= self.quotas.borrowed(held.payer, vendor) {
                    continue;
                }
                *before += cards;
            }
            room.add(left);
            chosen.push(*victim);
            if holds(&room) {
                break;
            }
        }
        if !holds(&room) {
            return None;
        }
        // A victim chosen early may turn out to be unnecessary.
        for place in (0..chosen.len()).rev() {
            let mut without = base.clone();
            for (_, victim) in chosen.iter().enumerate().filter(|(other, _)| *other != place) {
                if let Some(left) = on(victim) {
                    without.add(left);
                }
            }
            if holds(&without) {
                chosen.remove(place);
            }
        }
        Some(chosen)
    }
}

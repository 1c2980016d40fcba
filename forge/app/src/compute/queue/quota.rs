//! Quotas on what owners may hold. All owners form one cohort: each is entitled to their nominal share, and
//! may borrow what others leave unused, up to a limit, until they reclaim it.

use std::collections::BTreeMap;

use hearth_core::OwnerId;

/// One row of the administrator's table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    /// `None` means everybody who has no row of their own.
    pub owner: Option<OwnerId>,
    /// `None` means all cards together.
    pub accelerator: Option<String>,
    pub nominal_cards: i64,
    /// `None` means without a limit.
    pub borrow_cards: Option<i64>,
    /// How much of the nominal share others may borrow; `None` means all of it.
    pub lend_cards: Option<i64>,
    pub weekly_card_seconds: Option<i64>,
}

/// Why a quota lets nothing more start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaShort {
    pub limit: QuotaLimit,
    /// The accelerator type; `None` means all cards together.
    pub accelerator: Option<String>,
    pub used: i64,
    pub most: i64,
    pub wanted: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaLimit {
    /// Cards held at once, borrowed ones included.
    Cards,
    /// What others are willing to lend.
    Lent,
    /// Card-seconds of this week.
    Week,
}

impl QuotaLimit {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cards => "cards",
            Self::Lent => "lent",
            Self::Week => "week",
        }
    }
}

type Code = Option<String>;

/// The rows, and what each owner holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Quotas {
    rows: BTreeMap<(Code, Option<OwnerId>), Share>,
    held: BTreeMap<(Code, OwnerId), i64>,
    week: BTreeMap<(Code, OwnerId), i64>,
    used: BTreeMap<Code, i64>,
    /// Cards that are still held but about to be freed.
    left: BTreeMap<(Code, OwnerId), i64>,
    /// Cards promised to tasks that wait for room.
    promised: BTreeMap<(Code, OwnerId), i64>,
    capacity: BTreeMap<Code, i64>,
}

impl Quotas {
    /// `capacity` is the number of cards of every type.
    pub(crate) fn new(shares: Vec<Share>, capacity: &BTreeMap<String, i64>) -> Self {
        let rows =
            shares.into_iter().map(|share| ((share.accelerator.clone(), share.owner), share)).collect();
        let mut whole: BTreeMap<Code, i64> =
            capacity.iter().map(|(code, cards)| (Some(code.clone()), *cards)).collect();
        whole.insert(None, capacity.values().sum());
        Self { rows, capacity: whole, ..Self::default() }
    }

    pub(crate) fn take(&mut self, owner: OwnerId, accelerator: &str, cards: i64) {
        for scope in scopes(accelerator) {
            *self.used.entry(scope.clone()).or_default() += cards;
            *self.held.entry((scope, owner)).or_default() += cards;
        }
    }

    /// Records that cards are about to be freed: they are still held, but need not be reclaimed a second
    /// time.
    pub(crate) fn leave(&mut self, owner: OwnerId, accelerator: &str, cards: i64) {
        for scope in scopes(accelerator) {
            *self.left.entry((scope, owner)).or_default() += cards;
        }
    }

    /// Reserves a part of an owner's quota for a task that waits for room.
    pub(crate) fn promise(&mut self, owner: OwnerId, accelerator: &str, cards: i64) {
        for scope in scopes(accelerator) {
            *self.promised.entry((scope, owner)).or_default() += cards;
        }
    }

    /// Whether an owner may hold this many more cards besides those promised to their own earlier tasks.
    pub(crate) fn check_promises(&self, owner: OwnerId, accelerator: &str, cards: i64) -> bool {
        let promised = self.promised.get(&(Some(accelerator.to_owned()), owner)).copied().unwrap_or(0);
        promised == 0 || self.check(owner, accelerator, cards + promised).is_ok()
    }

    /// Records what an owner used this week.
    pub(crate) fn spend(&mut self, owner: OwnerId, accelerator: &str, card_seconds: i64) {
        for scope in scopes(accelerator) {
            *self.week.entry((scope, owner)).or_default() += card_seconds;
        }
    }

    fn share(&self, scope: &Code, owner: OwnerId) -> Option<&Share> {
        self.rows.get(&(scope.clone(), Some(owner))).or_else(|| self.rows.get(&(scope.clone(), None)))
    }

    fn held(&self, scope: &Code, owner: OwnerId) -> i64 {
        self.held.get(&(scope.clone(), owner)).copied().unwrap_or(0)
    }

    /// Cards that an owner holds beyond their nominal share, except those about to be freed.
    pub(crate) fn borrowed(&self, owner: OwnerId, accelerator: &str) -> i64 {
        let beyond = |scope: &Code| {
            let left = self.left.get(&(scope.clone(), owner)).copied().unwrap_or(0);
            self.share(scope, owner).map_or(0, |share| self.held(scope, owner) - left - share.nominal_cards)
        };
        scopes(accelerator).iter().map(beyond).max().unwrap_or(0).max(0)
    }

    /// Whether an owner has a nominal share and stays within it with this many more cards.
    pub(crate) fn is_within_nominal(&self, owner: OwnerId, accelerator: &str, cards: i64) -> bool {
        let mut shares = scopes(accelerator)
            .into_iter()
            .filter_map(|scope| Some((self.share(&scope, owner)?.nominal_cards, scope)))
            .peekable();
        shares.peek().is_some() && shares.all(|(nominal, scope)| self.held(&scope, owner) + cards <= nominal)
    }

    /// Whether an owner has a share and exceeds it with this many more cards.
    pub(crate) fn would_borrow(&self, owner: OwnerId, accelerator: &str, cards: i64) -> bool {
        let has_share = scopes(accelerator).iter().any(|scope| self.share(scope, owner).is_some());
        has_share && !self.is_within_nominal(owner, accelerator, cards)
    }

    /// Whether an owner may hold this many more cards.
    pub(crate) fn check(&self, owner: OwnerId, accelerator: &str, cards: i64) -> Result<(), QuotaShort> {
        if self.rows.is_empty() || cards == 0 {
            return Ok(());
        }
        for scope in scopes(accelerator) {
            let Some(share) = self.share(&scope, owner) else { continue };
            let short = |limit, used, most| {
                Err(QuotaShort { limit, accelerator: scope.clone(), used, most, wanted: cards })
            };
            let week = self.week.get(&(scope.clone(), owner)).copied().unwrap_or(0);
            if let Some(most) = share.weekly_card_seconds
                && week >= most
            {
                return short(QuotaLimit::Week, week, most);
            }
            let held = self.held(&scope, owner);
            if held + cards <= share.nominal_cards {
                continue;
            }
            if let Some(borrow) = share.borrow_cards
                && held + cards > share.nominal_cards + borrow
            {
                return short(QuotaLimit::Cards, held, share.nominal_cards + borrow);
            }
            let used = self.used.get(&scope).copied().unwrap_or(0);
            let lent = self.capacity.get(&scope).copied().unwrap_or(0) - self.kept_back(&scope, owner);
            if used + cards > lent {
                return short(QuotaLimit::Lent, used, lent.max(0));
            }
        }
        Ok(())
    }

    /// What other owners neither use nor lend.
    fn kept_back(&self, scope: &Code, borrower: OwnerId) -> i64 {
        let owners = self.rows.keys().filter(|(of, _)| of == scope).filter_map(|(_, owner)| *owner);
        owners
            .filter(|owner| *owner != borrower)
            .filter_map(|owner| Some((self.share(scope, owner)?, owner)))
            .map(|(share, owner)| {
                let lend = share.lend_cards.unwrap_or(share.nominal_cards).min(share.nominal_cards);
                (share.nominal_cards - lend - self.held(scope, owner)).max(0)
            })
            .sum()
    }
}

fn scopes(accelerator: &str) -> [Code; 2] {
    [Some(accelerator.to_owned()), None]
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEI: OwnerId = OwnerId(1);
    const LI: OwnerId = OwnerId(2);

    fn share(owner: Option<OwnerId>, nominal_cards: i64) -> Share {
        Share {
            owner,
            accelerator: Some("nvidia".into()),
            nominal_cards,
            borrow_cards: None,
            lend_cards: None,
            weekly_card_seconds: None,
        }
    }

    fn quotas(shares: Vec<Share>) -> Quotas {
        Quotas::new(shares, &BTreeMap::from([("nvidia".into(), 8), ("ascend".into(), 8)]))
    }

    fn limit(quotas: &Quotas, owner: OwnerId, cards: i64) -> Option<QuotaLimit> {
        quotas.check(owner, "nvidia", cards).err().map(|short| short.limit)
    }

    #[test]
    fn without_rows_nothing_is_limited() {
        assert_eq!(limit(&quotas(vec![]), MEI, 100), None);
    }

    #[test]
    fn an_owner_borrows_what_others_leave_up_to_the_limit() {
        let mut quotas =
            quotas(vec![Share { borrow_cards: Some(2), ..share(Some(MEI), 4) }, share(Some(LI), 4)]);
        assert_eq!(limit(&quotas, MEI, 6), None);
        assert_eq!(limit(&quotas, MEI, 7), Some(QuotaLimit::Cards));
        quotas.take(MEI, "nvidia", 6);
        assert_eq!(limit(&quotas, MEI, 1), Some(QuotaLimit::Cards));
        assert_eq!(quotas.borrowed(MEI, "nvidia"), 2);
        // Within their share Li is never refused by the quota: borrowed cards are reclaimed.
        assert_eq!(limit(&quotas, LI, 4), None);
        assert!(quotas.is_within_nominal(LI, "nvidia", 4));
        assert!(!quotas.is_within_nominal(LI, "nvidia", 5));
    }

    #[test]
    fn cards_that_are_not_lent_stay_reserved() {
        let mut quotas =
            quotas(vec![share(Some(MEI), 4), Share { lend_cards: Some(1), ..share(Some(LI), 4) }]);
        assert_eq!(limit(&quotas, MEI, 5), None);
        assert_eq!(limit(&quotas, MEI, 6), Some(QuotaLimit::Lent));
        quotas.take(LI, "nvidia", 3);
        assert_eq!(limit(&quotas, MEI, 5), None);
        quotas.take(MEI, "nvidia", 5);
        assert_eq!(limit(&quotas, MEI, 1), Some(QuotaLimit::Lent));
    }

    #[test]
    fn a_row_for_everybody_counts_for_each_one_who_has_none() {
        let mut quotas = quotas(vec![Share { borrow_cards: Some(0), ..share(None, 2) }]);
        quotas.take(MEI, "nvidia", 2);
        assert_eq!(limit(&quotas, MEI, 1), Some(QuotaLimit::Cards));
        assert_eq!(limit(&quotas, LI, 2), None);
        // The row is for one accelerator type.
        assert_eq!(quotas.check(MEI, "ascend", 8), Ok(()));
    }

    #[test]
    fn a_row_for_all_cards_counts_them_together() {
        let all = Share { accelerator: None, borrow_cards: Some(0), ..share(Some(MEI), 3) };
        let mut quotas = quotas(vec![all]);
        quotas.take(MEI, "ascend", 2);
        assert_eq!(limit(&quotas, MEI, 1), None);
        assert_eq!(limit(&quotas, MEI, 2), Some(QuotaLimit::Cards));
    }

    #[test]
    fn a_week_that_is_spent_lets_nothing_start() {
        let mut quotas = quotas(vec![Share { weekly_card_seconds: Some(3_600), ..share(None, 8) }]);
        quotas.spend(MEI, "nvidia", 3_599);
        assert_eq!(limit(&quotas, MEI, 1), None);
        quotas.spend(MEI, "nvidia", 1);
        let short = quotas.check(MEI, "nvidia", 1).expect_err("spent");
        assert_eq!((short.limit, short.used, short.most), (QuotaLimit::Week, 3_600, 3_600));
    }
}

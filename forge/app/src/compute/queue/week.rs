//! Weeks for counting usage, from Monday 00:00 UTC.

use std::time::Duration;

use hearth_core::Timestamp;

const WEEK: i64 = 7 * 24 * 3_600;
/// 1970 began on a Thursday.
const FIRST_MONDAY: i64 = 4 * 24 * 3_600;

/// The start of the week that contains this time.
pub(crate) fn start(time: Timestamp) -> Timestamp {
    let second = time.as_second();
    Timestamp::from_second(second - (second - FIRST_MONDAY).rem_euclid(WEEK))
}

/// Weeks from the one that began at `week_start` to the one of `time`; 0 if they are the same.
pub(crate) fn between(week_start: Timestamp, time: Timestamp) -> i64 {
    (start(time).as_second() - start(week_start).as_second()) / WEEK
}

/// The weeks between two times, with the seconds in each.
pub(crate) fn seconds(from: Timestamp, to: Timestamp) -> Vec<(Timestamp, i64)> {
    let mut weeks = Vec::new();
    let mut begin = from;
    while begin < to {
        let week = start(begin);
        let end = (week + Duration::from_secs(WEEK.unsigned_abs())).min(to);
        weeks.push((week, i64::try_from(end.since(begin).as_secs()).unwrap_or(i64::MAX)));
        begin = end;
    }
    weeks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::new(text.parse().expect("a time"))
    }

    #[test]
    fn a_week_begins_on_monday() {
        assert_eq!(start(at("2026-11-22T23:59:59Z")), at("2026-11-16T00:00:00Z"));
        assert_eq!(start(at("2026-11-23T00:00:00Z")), at("2026-11-23T00:00:00Z"));
        assert_eq!(start(at("1969-12-30T00:00:00Z")), at("1969-12-29T00:00:00Z"));
    }

    #[test]
    fn time_is_counted_in_the_week_it_was_spent() {
        let weeks = seconds(at("2026-11-22T23:00:00Z"), at("2026-11-23T00:10:00Z"));
        assert_eq!(weeks, [(at("2026-11-16T00:00:00Z"), 3_600), (at("2026-11-23T00:00:00Z"), 600)]);
        assert_eq!(between(at("2026-11-16T00:00:00Z"), at("2026-11-23T00:10:00Z")), 1);
        assert!(seconds(at("2026-11-23T00:00:00Z"), at("2026-11-22T00:00:00Z")).is_empty());
    }
}

//! How long something takes, in the reader's language.

use std::time::Duration;

use crate::{Words, t};

/// The two largest units, without those that are zero: `850 ms`, `12.4 s`, `3 min 5 s`, `3 h 20 min`, `7 days`.
/// Smaller units are cut off, not rounded.
pub fn duration(words: Words, time: Duration) -> String {
    let seconds = time.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes, seconds % 60) {
        (0, 0, 0, 0) => t!(words, "common-duration-milliseconds", count = time.subsec_millis()),
        (0, 0, 0, seconds) => t!(words, "common-duration-seconds", count = tenths(seconds, time)),
        (0, 0, minutes, 0) => t!(words, "common-duration-minutes", count = minutes),
        (0, 0, minutes, seconds) => {
            t!(words, "common-duration-minutes-seconds", minutes = minutes, seconds = seconds)
        }
        (0, hours, 0, _) => t!(words, "common-duration-hours", count = hours),
        (0, hours, minutes, _) => {
            t!(words, "common-duration-hours-minutes", hours = hours, minutes = minutes)
        }
        (days, 0, ..) => t!(words, "common-duration-days", count = days),
        (days, hours, ..) => t!(words, "common-duration-days-hours", days = days, hours = hours),
    }
}

/// `12.4`, or `12` where the tenth is zero.
fn tenths(seconds: u64, time: Duration) -> String {
    match time.subsec_millis() / 100 {
        0 => seconds.to_string(),
        tenth => format!("{seconds}.{tenth}"),
    }
}

#[cfg(test)]
mod tests {
    use hearth_core::Language;

    use super::*;

    fn spans(language: Language) -> [String; 10] {
        let milliseconds = [
            850,
            12_400,
            5_050,
            180_000,
            185_000,
            7_200_000,
            12_030_000,
            90_000_000,
            604_800_000,
            86_400_000,
        ];
        milliseconds.map(|span| duration(Words::of(language), Duration::from_millis(span)))
    }

    #[test]
    fn a_duration_reads_naturally_in_english() {
        assert_eq!(
            spans(Language::En),
            [
                "850 ms",
                "12.4 s",
                "5 s",
                "3 min",
                "3 min 5 s",
                "2 h",
                "3 h 20 min",
                "1 day 1 h",
                "7 days",
                "1 day"
            ]
        );
    }

    #[test]
    fn a_duration_reads_naturally_in_chinese() {
        assert_eq!(
            spans(Language::ZhCn),
            [
                "850 毫秒",
                "12.4 秒",
                "5 秒",
                "3 分钟",
                "3 分 5 秒",
                "2 小时",
                "3 小时 20 分",
                "1 天 1 小时",
                "7 天",
                "1 天"
            ]
        );
    }
}

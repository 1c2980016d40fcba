//! Points in time: "3 days ago" for reading, the exact moment in the title.

use hearth_core::Timestamp;
use jiff::tz::TimeZone;

use crate::words::{Html, Words};

/// `<relative-time>` around `<time>`: the script keeps it fresh and adds the reader's own time zone.
pub fn relative(words: Words, at: Timestamp, now: Timestamp) -> Html {
    let text = ago(words, now.as_second().saturating_sub(at.as_second()));
    Html::trusted(format!(
        "<relative-time><time datetime=\"{}\" title=\"{}\">{text}</time></relative-time>",
        machine(at),
        written(at)
    ))
}

/// `2026-11-21 14:05 UTC`.
pub fn absolute(at: Timestamp) -> Html {
    Html::trusted(format!("<time datetime=\"{}\">{}</time>", machine(at), written(at)))
}

/// The text of a moment in UTC.
pub fn written(at: Timestamp) -> String {
    at.as_jiff().to_zoned(TimeZone::UTC).strftime("%Y-%m-%d %H:%M UTC").to_string()
}

fn machine(at: Timestamp) -> String {
    at.as_jiff().to_zoned(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn ago(words: Words, seconds: i64) -> String {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    match seconds {
        i64::MIN..MINUTE => t!(words, "common-time-now").to_owned(),
        MINUTE..HOUR => t!(words, "common-time-minutes", count = seconds / MINUTE),
        HOUR..DAY => t!(words, "common-time-hours", count = seconds / HOUR),
        DAY..2_592_000 => t!(words, "common-time-days", count = seconds / DAY),
        2_592_000..31_536_000 => t!(words, "common-time-months", count = seconds / (30 * DAY)),
        _ => t!(words, "common-time-years", count = seconds / (365 * DAY)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    #[test]
    fn a_moment_reads_naturally_in_both_languages() {
        let [en, zh] = [Language::En, Language::ZhCn].map(Words::of);
        assert_eq!(
            [5, 60, 7200, 3 * 86_400].map(|seconds| ago(en, seconds)),
            ["just now", "1 minute ago", "2 hours ago", "3 days ago"]
        );
        assert_eq!(
            [5, 60, 7200, 3 * 86_400].map(|seconds| ago(zh, seconds)),
            ["刚刚", "1 分钟前", "2 小时前", "3 天前"]
        );
    }

    #[test]
    fn a_moment_carries_its_exact_time() {
        let at = Timestamp::new("2026-11-21T14:05:09Z".parse().unwrap());
        let html = relative(Words::of(Language::En), at, at);
        assert!(
            html.as_str()
                .contains("datetime=\"2026-11-21T14:05:09Z\" title=\"2026-11-21 14:05 UTC\">just now")
        );
    }
}

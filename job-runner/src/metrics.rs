//! Metric points from what a program writes about its own progress.
//!
//! **`metrics.jsonl`**: one JSON object per line. Every member whose value is a number is a point of that
//! name; `step` (also `global_step`, `iteration`, `iter`), `epoch` and `time` (RFC 3339 text, or seconds
//! since 1970) give its position. Members of other types are skipped. A name is any visible text of at most
//! 64 characters, in any script.
//!
//! ```json
//! {"step": 10, "loss": 0.31, "accuracy": 0.97, "验证/损失": "NaN"}
//! ```
//!
//! **Values that are not finite** are the strings `"NaN"`, `"Infinity"` and `"-Infinity"`, because JSON has no
//! such numbers (Protocol Buffers write them in the same way, and `float()` of Python reads them back). The
//! bare words `NaN`, `Infinity` and `-Infinity`, which Python writes, are read as well, and stored as strings.
//!
//! **Plain log lines**: words of the form `name=number`, between white space or one of `, ; | ， ； 、 ｜`,
//! brackets around a word ignored. A name starts with a letter and consists of letters and digits of any
//! script and of `_ . / - @` (64 characters at most). A number is a decimal with an optional exponent, `nan`
//! or `inf`, with nothing after it; only `step` and `epoch` may be written as `3/10`, which is 3. Every other
//! word is skipped. A `--name=value` is an argument and no metric.
//!
//! ```text
//! step=10 loss=0.31 accuracy=0.97
//! [epoch=3/10], lr=1e-4 | val/loss=nan
//! ```
//!
//! Lines longer than 16 KiB have no points; a line has 64 points at most.

mod name;
pub mod not_finite;

use hearth_core::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::{
    name::{is_label, is_word},
    not_finite::{from_json, to_json},
};

/// One value of one curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub step: Option<u64>,
    pub epoch: Option<f64>,
    pub time: Option<Timestamp>,
    pub name: String,
    /// May be infinite or not a number.
    #[serde(with = "not_finite")]
    pub value: f64,
}

const LONGEST_LINE: usize = 16 << 10;
const MOST_POINTS: usize = 64;

/// The points of one line of `metrics.jsonl`; none when it is not one.
pub fn parse_json_line(line: &str) -> Vec<Point> {
    let Some(object) = json_object(line) else { return Vec::new() };
    let mut place = PointPosition::default();
    let mut values = Vec::new();
    for (name, value) in &object {
        if is_time(name) {
            place.time = json_time(value);
        } else if let Some(number) = from_json(value)
            && !place.take(name, number)
            && is_label(name)
        {
            values.push((name.as_str(), number));
        }
    }
    place.points(values)
}

/// What separates the words of a log line, besides white space.
const BETWEEN_WORDS: [char; 7] = [',', ';', '|', '，', '；', '、', '｜'];
const AROUND_WORDS: [char; 10] = ['[', ']', '(', ')', '{', '}', '（', '）', '【', '】'];

/// The points of one plain log line; mostly none.
pub fn parse_text_line(line: &str) -> Vec<Point> {
    if line.len() > LONGEST_LINE || !line.contains('=') {
        return Vec::new();
    }
    let mut place = PointPosition::default();
    let mut values = Vec::new();
    for word in line.split(|c: char| c.is_whitespace() || BETWEEN_WORDS.contains(&c)) {
        let word = word.trim_matches(AROUND_WORDS);
        let Some((name, text)) = word.split_once('=') else { continue };
        // When a line was printed is known already; a JSON line says it by these names.
        if !is_word(name) || is_time(name) {
            continue;
        }
        if is_place(name) {
            let first = text.split_once('/').map_or(text, |(first, _)| first);
            if let Some(number) = decimal(first) {
                place.take(name, number);
            }
        } else if let Some(number) = decimal(text) {
            values.push((name, number));
        }
    }
    place.points(values)
}

/// A point as a line of `metrics.jsonl`, so that points from the log are stored in the same form.
pub fn to_json_line(points: &[Point], now: Timestamp) -> String {
    let mut object = serde_json::Map::new();
    object.insert("time".to_owned(), Value::from(now.to_string()));
    for point in points {
        if let Some(step) = point.step {
            object.insert("step".to_owned(), Value::from(step));
        }
        if let Some(epoch) = point.epoch {
            object.insert("epoch".to_owned(), Value::from(epoch));
        }
        object.insert(point.name.clone(), to_json(point.value));
    }
    let mut line = Value::Object(object).to_string();
    line.push('\n');
    line
}

/// A line of `metrics.jsonl` as it is stored: valid JSON, with the time at which it was read if it has none,
/// so that it can be drawn over time.
pub fn stored_json_line(line: &str, now: Timestamp) -> Option<String> {
    let valid = not_finite::quoted(line.trim());
    let object = json_object(&valid).filter(|object| !object.is_empty())?;
    let rest = valid.strip_prefix('{')?;
    let has_time = object.get("time").or(object.get("timestamp")).and_then(json_time).is_some();
    Some(if has_time { format!("{valid}\n") } else { format!("{{\"time\": \"{now}\", {rest}\n") })
}

/// The position of a line's values.
#[derive(Default)]
struct PointPosition {
    step: Option<u64>,
    epoch: Option<f64>,
    time: Option<Timestamp>,
}

impl PointPosition {
    /// True if the name is a position and not a value.
    fn take(&mut self, name: &str, number: f64) -> bool {
        if name == "epoch" {
            self.epoch = Some(number).filter(|number| number.is_finite());
            return true;
        }
        if !is_place(name) {
            return false;
        }
        if (0.0..=LAST_EXACT).contains(&number) {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "checked to be in range"
            )]
            let step = number as u64;
            self.step = Some(step);
        }
        true
    }

    fn points(&self, values: Vec<(&str, f64)>) -> Vec<Point> {
        let values = values.into_iter().take(MOST_POINTS);
        values
            .map(|(name, value)| Point {
                step: self.step,
                epoch: self.epoch,
                time: self.time,
                name: name.to_owned(),
                value,
            })
            .collect()
    }
}

/// The largest integer up to which every integer is an exact double.
const LAST_EXACT: f64 = 9_007_199_254_740_991.0;

fn is_time(name: &str) -> bool {
    matches!(name, "time" | "timestamp")
}

fn is_place(name: &str) -> bool {
    matches!(name, "step" | "global_step" | "iteration" | "iter" | "epoch")
}

/// A decimal, or `nan`, `inf` and `infinity` in any case, as C and Python print them.
fn decimal(text: &str) -> Option<f64> {
    text.parse().ok()
}

fn json_object(line: &str) -> Option<serde_json::Map<String, Value>> {
    let line = line.trim();
    if line.len() > LONGEST_LINE || !line.starts_with('{') {
        return None;
    }
    serde_json::from_str(&not_finite::quoted(line)).ok()
}

fn json_time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::String(text) => text.parse::<jiff::Timestamp>().ok().map(Timestamp::new),
        Value::Number(number) => {
            let seconds = number.as_f64().filter(|seconds| (0.0..1e11).contains(seconds))?;
            #[expect(clippy::cast_possible_truncation, reason = "checked to be in range")]
            let microseconds = (seconds * 1e6) as i64;
            Some(Timestamp::from_microsecond(microseconds))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs(points: &[Point]) -> Vec<(&str, f64)> {
        points.iter().map(|point| (point.name.as_str(), point.value)).collect()
    }

    #[test]
    fn a_json_line_gives_a_point_for_every_number() {
        let points =
            parse_json_line(r#"{"step": 10, "loss": 0.31, "accuracy": 0.97, "note": "x", "ok": true}"#);
        assert_eq!(pairs(&points), [("accuracy", 0.97), ("loss", 0.31)]);
        assert!(points.iter().all(|point| point.step == Some(10)));
    }

    #[test]
    fn values_that_are_not_finite_are_read_as_words_and_as_strings() {
        for line in [
            r#"{"step": 1, "loss": NaN, "lr": 0.1, "up": -Infinity}"#,
            r#"{"step": 1, "loss": "NaN", "lr": 0.1, "up": "-Infinity"}"#,
        ] {
            let points = parse_json_line(line);
            assert_eq!(pairs(&points)[1..], [("lr", 0.1), ("up", f64::NEG_INFINITY)], "{line}");
            assert!(points[0].value.is_nan(), "{line}");
        }
        assert!(parse_json_line(r#"{"note": "not NaN", "other": "nan"}"#).is_empty());
    }

    #[test]
    fn names_are_of_any_script() {
        let line = r#"{"验证/损失": 0.5, "F1 (макро)": 0.9, "दर": 1, "mAP@0.5": 0.4, "a\nb": 1, "": 2, "\u202e": 3}"#;
        let points = parse_json_line(line);
        let names: Vec<_> = points.iter().map(|point| point.name.as_str()).collect();
        assert_eq!(names, ["F1 (макро)", "mAP@0.5", "दर", "验证/损失"]);
        let points = parse_text_line("第3轮，损失=0.5、【准确率=0.9】 précision=0.7 सटीकता=0.25 mAP@50=0.4");
        assert_eq!(
            pairs(&points),
            [("损失", 0.5), ("准确率", 0.9), ("précision", 0.7), ("सटीकता", 0.25), ("mAP@50", 0.4)]
        );
    }

    #[test]
    fn a_line_is_stored_as_valid_json_with_its_time() {
        let now = Timestamp::from_second(0);
        for (line, stored) in [
            (" {\"loss\": NaN}", "{\"time\": \"1970-01-01T00:00:00Z\", \"loss\": \"NaN\"}\n"),
            ("{\"time\": 5, \"loss\": 1}", "{\"time\": 5, \"loss\": 1}\n"),
            (
                "{\"note\": \"NaN, NaN\", \"loss\": 1, \"timestamp\": 7}",
                "{\"note\": \"NaN, NaN\", \"loss\": 1, \"timestamp\": 7}\n",
            ),
        ] {
            let kept = stored_json_line(line, now).expect("a line");
            assert_eq!(kept, stored);
            assert!(serde_json::from_str::<Value>(&kept).is_ok(), "{kept}");
        }
        assert_eq!(stored_json_line("loss=1", now), None);
    }

    #[test]
    fn a_plain_line_gives_its_numbers_and_its_step() {
        let points = parse_text_line("step=10 loss=0.31 accuracy=0.97");
        assert_eq!(pairs(&points), [("loss", 0.31), ("accuracy", 0.97)]);
        assert_eq!(points[0].step, Some(10));
    }

    #[test]
    fn brackets_commas_and_fractions_of_epochs_are_understood() {
        let points = parse_text_line("[epoch=3/10], lr=1e-4 | val/loss=0.29");
        assert_eq!(pairs(&points), [("lr", 1e-4), ("val/loss", 0.29)]);
        assert_eq!(points[0].epoch, Some(3.0));
    }

    #[test]
    fn arguments_words_and_odd_numbers_are_no_metrics() {
        for line in ["--lr=0.1", "name=resnet", "loss=none", "x=1s", "a=b=1", "=1", "50%=2", "", "time=12:30"]
        {
            assert!(parse_text_line(line).is_empty(), "{line}");
        }
    }

    #[test]
    fn a_loss_that_diverges_is_a_value() {
        let points = parse_text_line("step=3 loss=nan grad=inf low=-Infinity");
        assert_eq!(pairs(&points)[1..], [("grad", f64::INFINITY), ("low", f64::NEG_INFINITY)]);
        let again = parse_json_line(&to_json_line(&points, Timestamp::from_second(0)));
        assert_eq!(again.len(), 3);
        assert!(again.iter().any(|point| point.name == "loss" && point.value.is_nan()));
    }

    #[test]
    fn a_plain_line_is_kept_as_a_json_line_that_reads_the_same() {
        let points = parse_text_line("step=7 epoch=2 loss=0.5");
        let again = parse_json_line(&to_json_line(&points, Timestamp::from_second(0)));
        assert_eq!(pairs(&again), [("loss", 0.5)]);
        assert_eq!((again[0].step, again[0].epoch), (Some(7), Some(2.0)));
        assert_eq!(again[0].time, Some(Timestamp::from_second(0)));
    }

    proptest! {
        #[test]
        fn no_line_is_too_strange(line in ".{0,300}") {
            for point in parse_text_line(&line) {
                prop_assert!(is_word(&point.name) && is_label(&point.name));
            }
            for point in parse_json_line(&line) {
                prop_assert!(is_label(&point.name));
            }
            if let Some(stored) = stored_json_line(&line, Timestamp::from_second(0)) {
                prop_assert!(serde_json::from_str::<Value>(&stored).is_ok());
            }
        }

        #[test]
        fn what_a_program_prints_is_read_back(step in 0_u64..1 << 53, value in -1e30_f64..1e30, name in "[a-z][a-z_]{0,20}") {
            prop_assume!(!is_place(&name) && !is_time(&name) && decimal(&name).is_none());
            let points = parse_text_line(&format!("step={step} {name}={value}"));
            prop_assert_eq!(points.len(), 1);
            prop_assert_eq!(points[0].step, Some(step));
            prop_assert_eq!(points[0].value.to_bits(), value.to_bits());
        }
    }
}

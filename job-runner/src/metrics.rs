//! Metric points from what a program writes about its own progress.
//!
//! **`metrics.jsonl`**: one JSON object per line. Every member whose value is a number is a point of that
//! name; `step` (also `global_step`, `iteration`, `iter`), `epoch` and `time` (RFC 3339 text, or seconds
//! since 1970) give its position. Members of other types are skipped; `NaN` and infinities, which Python
//! writes, count as no value.
//!
//! ```json
//! {"step": 10, "loss": 0.31, "accuracy": 0.97}
//! ```
//!
//! **Plain log lines**: words of the form `name=number`, between white space, `,`, `;` or `|`, brackets
//! around a word ignored. A name starts with a letter and consists of letters, digits and `_ . / -` (64 at
//! most). A number is a finite decimal with an optional exponent and nothing after it; only `step` and
//! `epoch` may be written as `3/10`, which is 3. Every other word is skipped. A `--name=value` is an argument
//! and no metric.
//!
//! ```text
//! step=10 loss=0.31 accuracy=0.97
//! [epoch=3/10], lr=1e-4 | val/loss=0.29
//! ```
//!
//! Lines longer than 16 KiB have no points; a line has 64 points at most.

use hearth_core::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One value of one curve.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub step: Option<u64>,
    pub epoch: Option<f64>,
    pub time: Option<Timestamp>,
    pub name: String,
    pub value: f64,
}

const LONGEST_LINE: usize = 16 << 10;
const LONGEST_NAME: usize = 64;
const MOST_POINTS: usize = 64;

/// The points of one line of `metrics.jsonl`; none when it is not one.
pub fn parse_json_line(line: &str) -> Vec<Point> {
    let Some(object) = json_object(line) else { return Vec::new() };
    let mut place = PointPosition::default();
    let mut values = Vec::new();
    for (name, value) in &object {
        if name == "time" || name == "timestamp" {
            place.time = json_time(value);
        } else if let Some(number) = value.as_f64()
            && !place.take(name, number)
            && is_name(name)
        {
            values.push((name.as_str(), number));
        }
    }
    place.points(values)
}

/// The points of one plain log line; mostly none.
pub fn parse_text_line(line: &str) -> Vec<Point> {
    if line.len() > LONGEST_LINE || !line.contains('=') {
        return Vec::new();
    }
    let mut place = PointPosition::default();
    let mut values = Vec::new();
    for word in line.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|')) {
        let word = word.trim_matches(['[', ']', '(', ')', '{', '}']);
        let Some((name, text)) = word.split_once('=') else { continue };
        if !is_name(name) {
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
        object.insert(point.name.clone(), Value::from(point.value));
    }
    let mut line = Value::Object(object).to_string();
    line.push('\n');
    line
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
            self.epoch = Some(number);
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

fn is_place(name: &str) -> bool {
    matches!(name, "step" | "global_step" | "iteration" | "iter" | "epoch")
}

fn is_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_./-".contains(&byte))
}

fn decimal(text: &str) -> Option<f64> {
    // `inf` and `nan` parse as well but are not values.
    if !text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte)) {
        return None;
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

fn json_object(line: &str) -> Option<serde_json::Map<String, Value>> {
    let line = line.trim();
    if line.len() > LONGEST_LINE || !line.starts_with('{') {
        return None;
    }
    if let Ok(object) = serde_json::from_str(line) {
        return Some(object);
    }
    let without = line.replace("-Infinity", "null").replace("Infinity", "null").replace("NaN", "null");
    serde_json::from_str(&without).ok()
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
    fn a_json_line_with_nan_keeps_its_other_values() {
        assert_eq!(
            pairs(&parse_json_line(r#"{"step": 1, "loss": NaN, "lr": 0.1, "up": -Infinity}"#)),
            [("lr", 0.1)]
        );
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
        for line in [
            "--lr=0.1",
            "name=resnet",
            "loss=nan",
            "loss=inf",
            "x=1s",
            "a=b=1",
            "=1",
            "50%=2",
            "",
            "time=12:30",
        ] {
            assert!(parse_text_line(line).is_empty(), "{line}");
        }
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
            for point in parse_text_line(&line).into_iter().chain(parse_json_line(&line)) {
                prop_assert!(point.value.is_finite());
                prop_assert!(is_name(&point.name));
            }
        }

        #[test]
        fn what_a_program_prints_is_read_back(step in 0_u64..1 << 53, value in -1e30_f64..1e30, name in "[a-z][a-z_]{0,20}") {
            prop_assume!(!is_place(&name) && name != "time" && name != "timestamp");
            let points = parse_text_line(&format!("step={step} {name}={value}"));
            prop_assert_eq!(points.len(), 1);
            prop_assert_eq!(points[0].step, Some(step));
            prop_assert_eq!(points[0].value.to_bits(), value.to_bits());
        }
    }
}

//! Curves that keep their outline in a bounded number of points, however many values they have.

use std::collections::BTreeMap;

use hearth_core::Timestamp;
use hearth_runner::metrics::{Point, parse_json_line};
use serde::{Deserialize, Serialize};

use super::{Metrics, Series, SeriesPoint};
use crate::summary::LineSummary;

/// Maximum curves of one attempt; values of further names are only in the download.
pub const MOST_CURVES: usize = 200;
/// Maximum stretches of a curve, each of which keeps its minimum and maximum.
const MOST_STRETCHES: usize = 256;

/// The curves of a file by name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Curves {
    by_name: BTreeMap<String, Curve>,
    /// Whether values of further names were left out.
    has_more: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Curve {
    count: usize,
    least: f64,
    most: f64,
    last: CurvePoint,
    /// Values in each stretch but the last.
    length: usize,
    stretches: Vec<Stretch>,
}

/// The minimum and maximum of neighbouring values.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Stretch {
    count: usize,
    low: CurvePoint,
    high: CurvePoint,
    low_is_first: bool,
}

/// Step, epoch, time and value, serialised compactly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct CurvePoint(Option<u64>, Option<f64>, Option<Timestamp>, f64);

impl LineSummary for Curves {
    fn take(&mut self, line: &str) {
        for Point { step, epoch, time, name, value } in parse_json_line(line) {
            let place = CurvePoint(step, epoch, time, value);
            if let Some(curve) = self.by_name.get_mut(&name) {
                curve.push(place);
            } else if self.by_name.len() < MOST_CURVES {
                self.by_name.insert(name, Curve::new(place));
            } else {
                self.has_more = true;
            }
        }
    }
}

impl Curves {
    pub(super) fn into_metrics(self, most: usize) -> Metrics {
        let series = self.by_name.into_iter().map(|(name, curve)| curve.into_series(name, most));
        Metrics { series: series.collect(), has_more: self.has_more }
    }
}

impl Curve {
    fn new(first: CurvePoint) -> Self {
        let value = first.3;
        Self {
            count: 1,
            least: value,
            most: value,
            last: first,
            length: 1,
            stretches: vec![Stretch::of(first)],
        }
    }

    fn push(&mut self, place: CurvePoint) {
        self.count += 1;
        self.least = self.least.min(place.3);
        self.most = self.most.max(place.3);
        self.last = place;
        match self.stretches.last_mut() {
            Some(open) if open.count < self.length => *open = open.joined(Stretch::of(place)),
            _ => self.stretches.push(Stretch::of(place)),
        }
        if self.stretches.len() > MOST_STRETCHES {
            self.stretches = self.stretches.chunks(2).map(Stretch::of_neighbours).collect();
            self.length *= 2;
        }
    }

    fn into_series(self, name: String, most: usize) -> Series {
        let mut points: Vec<SeriesPoint> =
            self.stretches.iter().flat_map(Stretch::places).map(SeriesPoint::from).collect();
        let last = SeriesPoint::from(self.last);
        if points.last() != Some(&last) {
            points.push(last);
        }
        Series {
            name,
            count: self.count,
            points: super::thin(&points, most),
            last: self.last.3,
            least: self.least,
            most: self.most,
        }
    }
}

impl Stretch {
    const fn of(place: CurvePoint) -> Self {
        Self { count: 1, low: place, high: place, low_is_first: true }
    }

    fn of_neighbours(neighbours: &[Self]) -> Self {
        neighbours.iter().skip(1).fold(neighbours[0], |joined, next| joined.joined(*next))
    }

    /// Merges this stretch and the one after it.
    fn joined(self, next: Self) -> Self {
        let has_new_low = next.low.3 < self.low.3;
        let has_new_high = next.high.3 > self.high.3;
        Self {
            count: self.count + next.count,
            low: if has_new_low { next.low } else { self.low },
            high: if has_new_high { next.high } else { self.high },
            low_is_first: match (has_new_low, has_new_high) {
                (true, true) => next.low_is_first,
                (false, false) => self.low_is_first,
                (new_low, _) => !new_low,
            },
        }
    }

    /// The points in their original order.
    fn places(&self) -> impl Iterator<Item = CurvePoint> + use<> {
        let (first, second) = if self.low_is_first { (self.low, self.high) } else { (self.high, self.low) };
        std::iter::once(first).chain((first != second).then_some(second))
    }
}

impl From<CurvePoint> for SeriesPoint {
    fn from(CurvePoint(step, epoch, time, value): CurvePoint) -> Self {
        Self { step, epoch, time, value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(values: impl IntoIterator<Item = f64>) -> Series {
        let mut curves = Curves::default();
        for (step, value) in values.into_iter().enumerate() {
            curves.take(&format!("{{\"step\": {step}, \"loss\": {value:?}}}"));
        }
        curves.into_metrics(100_000).series.pop().expect("a curve")
    }

    #[test]
    fn a_long_curve_keeps_its_spikes_and_its_ends() {
        let spikes = |step: i32| match step {
            7_777 => 99.0,
            88_888 => -5.0,
            _ => 1.0,
        };
        let series = curve((0..100_000).map(spikes));
        assert_eq!((series.count, series.least, series.most, series.last), (100_000, -5.0, 99.0, 1.0));
        assert!(series.points.len() <= 2 * MOST_STRETCHES + 1, "{}", series.points.len());
        assert!(series.is_thinned());
        assert!(series.points.is_sorted_by_key(|point| point.step));
        for wanted in [0, 7_777, 88_888, 99_999] {
            assert!(series.points.iter().any(|point| point.step == Some(wanted)), "step {wanted}");
        }
    }

    #[test]
    fn a_short_curve_is_kept_as_it_is() {
        let series = curve([0.5, 0.4, 0.6]);
        let values: Vec<f64> = series.points.iter().map(|point| point.value).collect();
        assert_eq!((series.count, values), (3, vec![0.5, 0.4, 0.6]));
        assert!(!series.is_thinned());
    }

    #[test]
    fn ten_thousand_names_are_not_ten_thousand_curves() {
        let mut curves = Curves::default();
        for number in 0..10_000 {
            curves.take(&format!("{{\"name{number}\": 1.0, \"loss\": 2.0}}"));
        }
        let Metrics { series, has_more } = curves.into_metrics(100);
        assert!(has_more);
        assert_eq!(series.len(), MOST_CURVES);
        assert!(series.iter().any(|curve| curve.name == "loss" && curve.count == 10_000));
    }
}

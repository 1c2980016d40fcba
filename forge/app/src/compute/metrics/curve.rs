//! The curves of a `metrics.jsonl`, in bounded memory however many values they have.

use std::collections::BTreeMap;

use hearth_core::Timestamp;
use hearth_runner::metrics::{Point, parse_json_line};
use serde::{Deserialize, Serialize};

use super::{Metrics, NotFinite, Series, SeriesPoint};
use crate::summary::LineSummary;

/// Maximum curves of one attempt; values of further names are only in the download.
pub const MOST_CURVES: usize = 200;
/// Maximum stretches of a curve, each of which keeps its minimum and maximum.
const MOST_STRETCHES: usize = 512;
/// Maximum places of a curve that are marked because its values there are not finite.
const MOST_GAPS: usize = 32;

/// The curves of a file by name.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Curves {
    by_name: BTreeMap<String, Curve>,
    /// Whether values of further names were left out.
    has_more: bool,
}

#[derive(Debug, Serialize, Deserialize)]
struct Curve {
    count: u64,
    last: CurvePoint,
    /// Values in each stretch but the last.
    length: u64,
    /// Of the finite values.
    stretches: Vec<Stretch>,
    gaps: Vec<Gap>,
}

/// The minimum and maximum of neighbouring values.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Stretch {
    count: u64,
    low: CurvePoint,
    high: CurvePoint,
    low_is_first: bool,
}

/// Equal values in succession that are not finite.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Gap {
    first: CurvePoint,
    last: CurvePoint,
}

/// Number in the order of arrival, step, epoch, time and value, serialised compactly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct CurvePoint(
    u64,
    Option<u64>,
    Option<f64>,
    Option<Timestamp>,
    #[serde(with = "hearth_runner::metrics::not_finite")] f64,
);

impl LineSummary for Curves {
    fn take(&mut self, line: &str) {
        for Point { step, epoch, time, name, value } in parse_json_line(line) {
            let place = |number| CurvePoint(number, step, epoch, time, value);
            if let Some(curve) = self.by_name.get_mut(&name) {
                curve.push(place(curve.count));
            } else if self.by_name.len() < MOST_CURVES {
                self.by_name.insert(name, Curve::new(place(0)));
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
        let mut curve = Self { count: 0, last: first, length: 1, stretches: Vec::new(), gaps: Vec::new() };
        curve.push(first);
        curve
    }

    fn push(&mut self, place: CurvePoint) {
        self.count += 1;
        self.last = place;
        if place.value().is_finite() {
            self.push_finite(place);
        } else {
            self.push_gap(place);
        }
    }

    fn push_finite(&mut self, place: CurvePoint) {
        match self.stretches.last_mut() {
            Some(open) if open.count < self.length => *open = open.joined(Stretch::of(place)),
            _ => self.stretches.push(Stretch::of(place)),
        }
        if self.stretches.len() > MOST_STRETCHES {
            self.stretches = self.stretches.chunks(2).map(Stretch::of_neighbours).collect();
            self.length *= 2;
        }
    }

    fn push_gap(&mut self, place: CurvePoint) {
        if let Some(gap) = self.gaps.last_mut().filter(|gap| gap.continues_at(place)) {
            gap.last = place;
        } else if self.gaps.len() < MOST_GAPS {
            self.gaps.push(Gap { first: place, last: place });
        }
    }

    fn into_series(self, name: String, most: usize) -> Series {
        let mut points: Vec<SeriesPoint> =
            self.stretches.iter().flat_map(Stretch::places).map(SeriesPoint::from).collect();
        let last = SeriesPoint::from(self.last);
        if last.value.is_finite() && points.last() != Some(&last) {
            points.push(last);
        }
        Series {
            name,
            count: usize::try_from(self.count).unwrap_or(usize::MAX),
            points: super::thin(&points, most),
            not_finite: self.gaps.into_iter().map(NotFinite::from).collect(),
            last: last.value,
            // `min` and `max` of floats ignore NaN, which remains where there is no finite value.
            least: self.stretches.iter().map(|stretch| stretch.low.value()).fold(f64::NAN, f64::min),
            most: self.stretches.iter().map(|stretch| stretch.high.value()).fold(f64::NAN, f64::max),
        }
    }
}

impl CurvePoint {
    const fn value(self) -> f64 {
        self.4
    }
}

impl Gap {
    /// Whether the next value of this gap is at `place`.
    fn continues_at(&self, place: CurvePoint) -> bool {
        let (value, next) = (self.last.value(), place.value());
        let is_same = value.to_bits() == next.to_bits() || (value.is_nan() && next.is_nan());
        self.last.0 + 1 == place.0 && is_same
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
        let has_new_low = next.low.value() < self.low.value();
        let has_new_high = next.high.value() > self.high.value();
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
    fn from(CurvePoint(number, step, epoch, time, value): CurvePoint) -> Self {
        Self { number, step, epoch, time, value }
    }
}

impl From<Gap> for NotFinite {
    fn from(gap: Gap) -> Self {
        Self { first: gap.first.into(), last: gap.last.into() }
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
    fn values_that_are_not_finite_are_kept_beside_the_curve() {
        let mut curves = Curves::default();
        for value in ["1", "NaN", "\"NaN\"", "2", "Infinity", "3", "-Infinity"] {
            curves.take(&format!("{{\"loss\": {value}}}"));
        }
        // What is stored between two looks is the same.
        let stored = serde_json::to_string(&curves).expect("JSON");
        let again: Curves = serde_json::from_str(&stored).expect("the same");
        let series = again.into_metrics(100).series.pop().expect("a curve");
        assert_eq!(series.points.iter().map(|point| point.value).collect::<Vec<_>>(), [1.0, 2.0, 3.0]);
        assert_eq!((series.count, series.least, series.most, series.last), (7, 1.0, 3.0, f64::NEG_INFINITY));
        let gaps: Vec<_> = series.not_finite.iter().map(|gap| (gap.first.number, gap.count())).collect();
        assert_eq!(gaps, [(1, 2), (4, 1), (6, 1)]);
        assert!(!series.is_thinned());
    }

    #[test]
    fn a_curve_of_nothing_but_gaps_stays_small() {
        let mut curves = Curves::default();
        for step in 0..10_000 {
            curves.take(&format!("{{\"step\": {step}, \"loss\": {}}}", ["NaN", "Infinity"][step % 2]));
        }
        let series = curves.into_metrics(100).series.pop().expect("a curve");
        assert_eq!((series.count, series.points.len(), series.not_finite.len()), (10_000, 0, MOST_GAPS));
        assert!(series.least.is_nan());
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

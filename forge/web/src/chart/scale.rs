//! Maps values to coordinates of the drawing.

use super::number::{float, number};

/// The most ticks on one axis.
const MOST_TICKS: usize = 6;

/// Maps `low..high` to `from..to`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    is_log: bool,
    /// Whether all values are whole numbers, between which there is nothing to mark.
    is_whole: bool,
    /// The only value of a linear scale that has a single one.
    only: Option<f64>,
}

impl Scale {
    pub(super) fn linear(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let mut is_whole = true;
        let (least, most) = ends(values.inspect(|value| is_whole &= value.fract() == 0.0));
        let only = (least.is_finite() && least >= most).then_some(least);
        let (low, high) = apart((least, most));
        Self { low, high, from, to, is_log: false, is_whole, only }
    }

    /// For positive values only.
    pub(super) fn logarithmic(values: impl Iterator<Item = f64>, from: f64, to: f64) -> Self {
        let (low, high) = apart(ends(values.map(f64::log10)));
        Self { low, high, from, to, is_log: true, is_whole: false, only: None }
    }

    pub(super) fn place(&self, value: f64) -> f64 {
        self.at(if self.is_log { value.log10() } else { value })
    }

    fn at(&self, value: f64) -> f64 {
        // Halved first: the span of all floats overflows a float.
        let part = (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0);
        self.from + part * (self.to - self.from)
    }

    /// The value of a scale that has a single one: around it there is nothing to mark.
    pub(super) const fn only(&self) -> Option<f64> {
        self.only
    }

    /// The ends of a linear scale.
    pub(super) const fn low(&self) -> f64 {
        self.low
    }

    pub(super) const fn high(&self) -> f64 {
        self.high
    }

    /// Ticks at round multiples of a unit, with the text of how many units they are.
    pub(super) fn ticks_in(&self, unit: f64, text: impl Fn(f64) -> String) -> Vec<(f64, String)> {
        let scale = Self { low: self.low / unit, high: self.high / unit, ..*self };
        let marks = scale.multiples(round_step(scale.high / 2.0 - scale.low / 2.0));
        marks.into_iter().map(|mark| (scale.at(mark), text(mark))).collect()
    }

    /// Ticks at all multiples of `step`, with their text.
    pub(super) fn ticks_every(&self, step: f64, text: impl Fn(f64) -> String) -> Vec<(f64, String)> {
        self.multiples(step).into_iter().map(|mark| (self.at(mark), text(mark))).collect()
    }

    /// Ticks at round values: their position and label.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let step = round_step(self.high / 2.0 - self.low / 2.0);
        let marks = if self.is_log {
            self.powers()
        } else {
            self.multiples(if self.is_whole { step.max(1.0) } else { step })
        };
        marks
            .into_iter()
            .map(|mark| (self.at(mark), number(if self.is_log { 10_f64.powf(mark) } else { mark })))
            .collect()
    }

    fn multiples(&self, step: f64) -> Vec<f64> {
        let first = (self.low / step).ceil();
        // Slightly beyond the end, to allow for rounding errors.
        let end = self.high + step / 1e6;
        let all = (0..=2 * MOST_TICKS).map(|place| (first + float(place as u64)) * step);
        // Rounding errors around zero count as zero.
        all.take_while(|&mark| mark <= end)
            .map(|mark| if mark.abs() < step / 1e6 { 0.0 } else { mark })
            .collect()
    }

    /// Whole powers of ten; 1, 2 and 5 times them where there are few.
    fn powers(&self) -> Vec<f64> {
        let powers = self.multiples(round_step(self.high / 2.0 - self.low / 2.0).max(1.0).round());
        if powers.len() > 2 {
            return powers;
        }
        let first = self.low.floor();
        let decades = (0..3_u64).map(|decade| first + float(decade));
        let marks = decades.flat_map(|decade| [0.0, 2_f64.log10(), 5_f64.log10()].map(|part| decade + part));
        marks.filter(|&mark| (self.low..=self.high).contains(&mark)).collect()
    }
}

fn ends(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)))
}

/// Widens the range where all values are (almost) equal; without values it is 0 to 1.
fn apart((low, high): (f64, f64)) -> (f64, f64) {
    if low > high {
        return (0.0, 1.0);
    }
    if high / 2.0 - low / 2.0 > low.abs().max(high.abs()) * 1e-9 {
        return (low, high);
    }
    let room = if low == 0.0 { 1.0 } else { low.abs() * 0.1 };
    (low - room, high + room)
}

/// 1, 2 or 5 times a power of ten.
fn round_step(half_span: f64) -> f64 {
    let rough = half_span / 3.0;
    let power = 10_f64.powf(rough.log10().floor());
    let step = match rough / power {
        ..1.5 => power,
        ..3.5 => 2.0 * power,
        ..7.5 => 5.0 * power,
        _ => 10.0 * power,
    };
    step.max(f64::MIN_POSITIVE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round() {
        let texts = |scale: Scale| scale.ticks().into_iter().map(|tick| tick.1).collect::<Vec<_>>();
        assert_eq!(texts(Scale::linear([0.0, 1.0].into_iter(), 0.0, 1.0)), ["0", "1"]);
        assert_eq!(
            texts(Scale::linear([0.0, 0.5, 1.0].into_iter(), 0.0, 1.0)),
            ["0", "0.2", "0.4", "0.6", "0.8", "1"]
        );
        assert_eq!(texts(Scale::linear([3.0, 3.0].into_iter(), 0.0, 1.0)), ["3"]);
        assert_eq!(
            texts(Scale::logarithmic([0.001, 100.0].into_iter(), 0.0, 1.0)),
            ["0.001", "0.01", "0.1", "1", "10", "100"]
        );
    }
}

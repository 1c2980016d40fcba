//! What the x of a chart is, and its ticks.

use hearth_core::Timestamp;
use jiff::tz::TimeZone;

use super::{number::number, scale::Scale};

/// The x of a chart, with its label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Axis {
    /// Numbers: steps, epochs.
    Number(String),
    /// Seconds since a beginning.
    Elapsed(String),
    /// Seconds since 1970, shown in UTC.
    Moment(String),
}

const MINUTE: f64 = 60.0;
const HOUR: f64 = 60.0 * MINUTE;
const DAY: f64 = 24.0 * HOUR;
/// Units of durations; their symbols are the same in every language.
const UNITS: [(f64, &str); 4] = [(DAY, "d"), (HOUR, "h"), (MINUTE, "min"), (1.0, "s")];
/// Distances between ticks of a clock.
const CLOCK_STEPS: [f64; 19] = [
    1.0,
    2.0,
    5.0,
    10.0,
    15.0,
    30.0,
    60.0,
    120.0,
    300.0,
    600.0,
    900.0,
    1_800.0,
    HOUR,
    7_200.0,
    10_800.0,
    21_600.0,
    43_200.0,
    DAY,
    2.0 * DAY,
];
const MOST_CLOCK_TICKS: f64 = 6.0;
/// Ticks further apart than this are told by month and year.
const LONG_STEP: f64 = 40.0 * DAY;

impl Axis {
    pub(super) fn label(&self) -> &str {
        let (Self::Number(label) | Self::Elapsed(label) | Self::Moment(label)) = self;
        label
    }

    /// As the script knows it.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Number(_) => "number",
            Self::Elapsed(_) => "elapsed",
            Self::Moment(_) => "moment",
        }
    }

    /// Ticks at round values: their position and text.
    pub(super) fn ticks(&self, scale: &Scale) -> Vec<(f64, String)> {
        if let Some(only) = scale.only() {
            return vec![(scale.place(only), self.text(only))];
        }
        match self {
            Self::Number(_) => scale.ticks(),
            Self::Elapsed(_) => {
                let unit = UNITS.into_iter().find(|(seconds, _)| scale.high() >= 2.0 * seconds);
                let (seconds, symbol) = unit.unwrap_or((1.0, "s"));
                scale.ticks_in(seconds, |mark| format!("{} {symbol}", number(mark)))
            }
            Self::Moment(_) => {
                let span = scale.high() - scale.low();
                let fits = |step: &f64| span / step <= MOST_CLOCK_TICKS;
                let step = CLOCK_STEPS
                    .into_iter()
                    .find(fits)
                    .unwrap_or((span / MOST_CLOCK_TICKS / DAY).ceil() * DAY);
                scale.ticks_every(step, |seconds| clock(seconds, step))
            }
        }
    }

    /// One x, in full.
    pub(super) fn text(&self, x: f64) -> String {
        match self {
            Self::Number(_) if x.fract() == 0.0 && x.abs() < 1e15 => format!("{x:.0}"),
            Self::Number(_) => number(x),
            Self::Elapsed(_) => {
                let whole = x.max(0.0).floor();
                let (hours, minutes, seconds) = (whole / HOUR, whole % HOUR / MINUTE, whole % MINUTE);
                if whole < MINUTE {
                    format!("{} s", number(x))
                } else {
                    format!("{:.0}:{:02.0}:{:02.0}", hours.floor(), minutes.floor(), seconds)
                }
            }
            // What begins with a day, such as a week, is called by it.
            Self::Moment(_) if x % DAY == 0.0 => written(x, "%Y-%m-%d"),
            Self::Moment(_) => written(x, "%Y-%m-%d %H:%M:%S"),
        }
    }
}

/// A tick of a clock: the date where a day begins, with the year where years go by.
fn clock(seconds: f64, step: f64) -> String {
    if step > LONG_STEP {
        written(seconds, "%Y-%m")
    } else if seconds % DAY == 0.0 {
        written(seconds, "%m-%d")
    } else if step < MINUTE {
        written(seconds, "%H:%M:%S")
    } else {
        written(seconds, "%H:%M")
    }
}

fn written(seconds: f64, form: &str) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "casts of floats saturate, and so does the time")]
    let at = Timestamp::from_second(seconds as i64);
    at.as_jiff().to_zoned(TimeZone::UTC).strftime(form).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(axis: &Axis, from: f64, to: f64) -> Vec<String> {
        let scale = Scale::linear([from, to].into_iter(), 0.0, 1.0);
        axis.ticks(&scale).into_iter().map(|tick| tick.1).collect()
    }

    #[test]
    fn durations_have_the_unit_that_fits() {
        let elapsed = Axis::Elapsed(String::new());
        assert_eq!(texts(&elapsed, 0.0, 90.0), ["0 s", "20 s", "40 s", "60 s", "80 s"]);
        assert_eq!(texts(&elapsed, 0.0, 5_400.0), ["0 min", "20 min", "40 min", "60 min", "80 min"]);
        assert_eq!(texts(&elapsed, 0.0, 10_800.0)[..3], ["0 h", "0.5 h", "1 h"]);
        assert_eq!((elapsed.text(3_725.0), elapsed.text(2.5)), ("1:02:05".to_owned(), "2.5 s".to_owned()));
    }

    #[test]
    fn a_single_value_is_marked_alone() {
        assert_eq!(texts(&Axis::Elapsed(String::new()), 0.0, 0.0), ["0 s"]);
        assert_eq!(texts(&Axis::Number(String::new()), 7.0, 7.0), ["7"]);
    }

    #[test]
    fn moments_are_marked_at_round_times() {
        let moment = Axis::Moment(String::new());
        let day = 1_795_996_800.0;
        assert_eq!(
            texts(&moment, day + 3_600.0, day + 3_600.0 + 1_500.0),
            ["01:00", "01:05", "01:10", "01:15", "01:20", "01:25"]
        );
        assert_eq!(texts(&moment, day - 7_200.0, day + 7_200.0)[2], "11-30");
        assert_eq!(moment.text(day + 1.0), "2026-11-30 00:00:01");
        assert_eq!(moment.text(day), "2026-11-30");
    }

    #[test]
    fn whole_steps_are_not_split() {
        assert_eq!(texts(&Axis::Number(String::new()), 1.0, 3.0), ["1", "2", "3"]);
        assert_eq!(Axis::Number(String::new()).text(12_345_678.0), "12345678");
    }
}

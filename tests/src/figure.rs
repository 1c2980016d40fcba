//! The output of a measurement: one line per figure, `name<TAB>value<TAB>unit`, for `cargo xtask bench`.

use std::io::Write as _;
use std::time::Duration;

/// Prints one figure.
pub fn figure(name: &str, value: f64, unit: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{name}\t{value:.3}\t{unit}").and_then(|()| out.flush()).unwrap_or_default();
}

/// The percentile of at least one time, in seconds.
pub fn percentile(times: &mut [Duration], percent: usize) -> f64 {
    times.sort();
    let place = (times.len() * percent / 100).min(times.len() - 1);
    times[place].as_secs_f64()
}

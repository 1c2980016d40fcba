//! The resource usage of an attempt, in a bounded number of samples.

use hearth_runner::protocol::ResourceSample;
use serde::{Deserialize, Serialize};

use crate::summary::LineSummary;

const MOST_SAMPLES: usize = 512;
/// More cards than one machine has.
const MOST_CARDS: usize = 64;

#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Usage {
    samples: Vec<ResourceSample>,
    /// How many samples each one stands for, except the last.
    each: usize,
    /// How many the last one stands for.
    in_last: usize,
}

impl LineSummary for Usage {
    fn take(&mut self, line: &str) {
        let Ok(mut sample) = serde_json::from_str::<ResourceSample>(line) else { return };
        sample.accelerators.truncate(MOST_CARDS);
        self.each = self.each.max(1);
        match self.samples.last_mut() {
            Some(last) if self.in_last < self.each => {
                self.in_last += 1;
                *last = fuller(last, &sample);
            }
            _ => {
                self.samples.push(sample);
                self.in_last = 1;
            }
        }
        if self.samples.len() > MOST_SAMPLES {
            let pairs = self.samples.chunks(2);
            self.samples = pairs.map(|pair| fuller(&pair[0], &pair[pair.len() - 1])).collect();
            self.each *= 2;
        }
    }
}

impl Usage {
    pub(super) fn into_samples(self, most: usize) -> Vec<ResourceSample> {
        let stretch = self.samples.len().div_ceil(most.max(1)).max(1);
        let fullest = |part: &[ResourceSample]| {
            part.iter().skip(1).fold(part[0].clone(), |full, next| fuller(&full, next))
        };
        self.samples.chunks(stretch).map(fullest).collect()
    }
}

/// The sample with the higher memory usage: peaks are what users look for.
fn fuller(one: &ResourceSample, other: &ResourceSample) -> ResourceSample {
    if other.memory_bytes > one.memory_bytes { other.clone() } else { one.clone() }
}

#[cfg(test)]
mod tests {
    use hearth_core::Timestamp;

    use super::*;

    #[test]
    fn the_peak_of_a_long_run_is_kept() {
        let mut usage = Usage::default();
        for second in 0..50_000 {
            let sample = ResourceSample {
                time: Timestamp::from_second(second),
                cpu_percent: 50.0,
                memory_bytes: if second == 33_333 { 9_000 } else { 1_000 },
                processes: 2,
                accelerators: Vec::new(),
            };
            usage.take(&serde_json::to_string(&sample).expect("a sample"));
        }
        assert!(usage.samples.len() <= MOST_SAMPLES);
        let samples = usage.into_samples(100);
        assert!(samples.len() <= 100, "{}", samples.len());
        assert!(samples.is_sorted_by_key(|sample| sample.time));
        assert!(samples.iter().any(|sample| sample.memory_bytes == 9_000));
    }
}

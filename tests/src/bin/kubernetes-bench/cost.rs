//! The cost of work: its time, and the control plane's CPU time for it, which hardly depends on what else the
//! machine does.

use std::fs;
use std::time::{Duration, Instant};

use hearth_tests::Site;

/// The cost of one piece of work, or of several together.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cost {
    took: Duration,
    cpu: Duration,
    count: usize,
}

impl Cost {
    /// Measures work that is done `count` times.
    pub(crate) fn of(site: &Site, count: usize, work: impl FnOnce()) -> Self {
        let (started, before) = (Instant::now(), cpu(site));
        work();
        Self { took: started.elapsed(), cpu: cpu(site).saturating_sub(before), count }
    }

    pub(crate) fn with(self, other: Self) -> Self {
        Self { took: self.took + other.took, cpu: self.cpu + other.cpu, count: self.count + other.count }
    }

    /// Per second.
    pub(crate) fn rate(self) -> f64 {
        self.count as f64 / self.took.as_secs_f64()
    }

    /// CPU time of the control plane, per piece of work.
    pub(crate) fn cpu_milliseconds(self) -> f64 {
        self.cpu.as_secs_f64() * 1000.0 / self.count as f64
    }
}

fn cpu(site: &Site) -> Duration {
    let ticks: u64 = site.cluster.processes().into_iter().filter_map(ticks).sum();
    Duration::from_secs(ticks) / u32::try_from(rustix::param::clock_ticks_per_second()).unwrap_or(100)
}

/// User and system time of a process: fields 14 and 15 of proc(5)'s `stat`, counted after the name, which may
/// contain anything.
fn ticks(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let (_, after) = stat.rsplit_once(')')?;
    let fields: Vec<u64> =
        after.split_whitespace().skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    Some(fields.iter().sum())
}

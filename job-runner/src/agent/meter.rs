use std::{
    collections::HashMap,
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use hearth_core::{Clock, SystemClock};

use super::{heartbeat::Pulse, program::Program};
use crate::{
    process::Process,
    protocol::{AcceleratorSample, ResourceSample, SAMPLE_EVERY, Usage},
    sandbox::{Bounds, Cgroup},
    spec::Accelerator,
};

/// Measures what a running program uses, and kills it if only a watchdog limits its memory.
pub(crate) struct Meter {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Readings>,
}

/// Totals over the whole run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Readings {
    pub(crate) usage: Usage,
    pub(crate) is_out_of_memory: bool,
}

const LOOK_EVERY: Duration = Duration::from_millis(100);

struct Watch {
    program: Program,
    cgroup: Option<Arc<Cgroup>>,
    bounds: Bounds,
    accelerators: Vec<Accelerator>,
    begun: Instant,
    /// CPU time by process, kept after a process ends.
    seen: HashMap<(u32, u64), f64>,
    peak_memory_bytes: u64,
    was_ended: bool,
}

impl Meter {
    pub(crate) fn start(
        program: Program,
        cgroup: Option<Arc<Cgroup>>,
        bounds: Bounds,
        accelerators: Vec<Accelerator>,
        pulse: Arc<Pulse>,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let is_over = Arc::clone(&stop);
        let mut watch = Watch {
            program,
            cgroup,
            bounds,
            accelerators,
            begun: Instant::now(),
            seen: HashMap::new(),
            peak_memory_bytes: 0,
            was_ended: false,
        };
        let thread = std::thread::Builder::new().name("meter".to_owned()).spawn(move || {
            watch.run(&is_over, &pulse);
            watch.readings()
        })?;
        Ok(Self { stop, thread })
    }

    pub(crate) fn finish(self) -> Readings {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl Watch {
    fn run(&mut self, is_over: &AtomicBool, pulse: &Pulse) {
        let mut last: Option<(Instant, f64)> = None;
        while !is_over.load(Ordering::Relaxed) {
            let is_due = last.is_none_or(|(at, _)| at.elapsed() >= SAMPLE_EVERY);
            let has_group = self.cgroup.as_ref().is_some_and(|cgroup| cgroup.bounds_memory());
            if is_due || !has_group {
                let processes = self.program.processes();
                let memory_bytes = self.look(&processes);
                if is_due {
                    let cpu = self.cpu_seconds();
                    let cpu_percent = last.map_or(0.0, |(at, before)| {
                        (cpu - before).max(0.0) / at.elapsed().as_secs_f64().max(0.001) * 100.0
                    });
                    last = Some((Instant::now(), cpu));
                    pulse.sample(ResourceSample {
                        time: SystemClock.now(),
                        cpu_percent,
                        memory_bytes,
                        processes: u32::try_from(processes.len()).unwrap_or(u32::MAX),
                        accelerators: accelerator_samples(&self.accelerators),
                    });
                }
            } else if let Some(bytes) = self.cgroup.as_ref().and_then(|cgroup| cgroup.usage().memory_bytes) {
                self.peak_memory_bytes = self.peak_memory_bytes.max(bytes);
            }
            std::thread::sleep(LOOK_EVERY);
        }
    }

    /// Records the processes. Returns the memory in use; the watchdog may kill the program for it.
    fn look(&mut self, processes: &[Process]) -> u64 {
        for process in processes {
            self.seen.insert((process.pid, process.started), process.cpu_seconds);
        }
        let resident = processes.iter().map(|process| process.memory_bytes).sum();
        let of_group = self.cgroup.as_ref().and_then(|cgroup| cgroup.usage().memory_bytes);
        let memory_bytes: u64 = of_group.unwrap_or(resident);
        self.peak_memory_bytes = self.peak_memory_bytes.max(memory_bytes);
        let is_bounded = self.cgroup.as_ref().is_some_and(|cgroup| cgroup.bounds_memory());
        if !is_bounded && memory_bytes > self.bounds.memory_bytes {
            self.was_ended = true;
            self.program.kill();
        }
        memory_bytes
    }

    fn cpu_seconds(&self) -> f64 {
        let of_group = self.cgroup.as_ref().and_then(|cgroup| cgroup.usage().cpu_seconds);
        of_group.unwrap_or_else(|| self.seen.values().sum())
    }

    fn readings(&self) -> Readings {
        let wall_seconds = self.begun.elapsed().as_secs_f64();
        let cards = u32::try_from(self.accelerators.len()).unwrap_or(u32::MAX);
        Readings {
            usage: Usage {
                wall_seconds,
                cpu_seconds: self.cpu_seconds(),
                peak_memory_bytes: self.peak_memory_bytes,
                accelerator_seconds: wall_seconds * f64::from(cards),
            },
            is_out_of_memory: self.was_ended
                || self.cgroup.as_ref().is_some_and(|cgroup| cgroup.usage().out_of_memory > 0),
        }
    }
}

fn accelerator_samples(cards: &[Accelerator]) -> Vec<AcceleratorSample> {
    if !cards.iter().any(|card| card.vendor == "nvidia") {
        return Vec::new();
    }
    let answer = Command::new("nvidia-smi")
        .args(["--query-gpu=index,utilization.gpu,memory.used", "--format=csv,noheader,nounits"])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let text = answer.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let samples = text.lines().filter_map(accelerator_sample);
    samples.filter(|sample| cards.iter().any(|card| card.index == sample.index)).collect()
}

fn accelerator_sample(line: &str) -> Option<AcceleratorSample> {
    let mut fields = line.split(", ").map(str::trim);
    Some(AcceleratorSample {
        index: fields.next()?.parse().ok()?,
        busy_percent: fields.next()?.parse().ok()?,
        memory_bytes: fields.next()?.parse::<u64>().ok()? << 20,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cards_use_is_read_from_its_line() {
        let sample = accelerator_sample("0, 87, 1024").unwrap();
        assert_eq!((sample.index, sample.memory_bytes), (0, 1 << 30));
        assert!((sample.busy_percent - 87.0).abs() < f64::EPSILON);
        assert!(accelerator_sample("0, [N/A], 1").is_none());
    }
}

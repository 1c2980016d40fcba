//! The steps of a run with their durations and results, printed at its end.

use std::fmt::Write as _;
use std::io::Write as _;
use std::time::{Duration, Instant};

use crate::Outcome;

/// Prints to the terminal; a closed pipe is ignored.
pub(crate) fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).unwrap_or_default();
}

/// How many tests a step ran, as its runner counted them.
#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.ignored += other.ignored;
    }

    /// Reads `test result: ok. 12 passed; 0 failed; 1 ignored; …`, the line that ends each test binary.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let figures = line.trim().strip_prefix("test result:")?.split_once(". ")?.1;
        let of = |word: &str| {
            figures
                .split(';')
                .find_map(|part| part.trim().strip_suffix(word)?.trim().parse().ok())
                .unwrap_or_default()
        };
        Some(Self { passed: of("passed"), failed: of("failed"), ignored: of("ignored") })
    }
}

struct Step {
    name: String,
    took: Duration,
    counts: Counts,
    problem: Option<String>,
}

/// The steps of one run.
pub(crate) struct Report {
    started: Instant,
    steps: Vec<Step>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), steps: Vec::new() }
    }

    /// Runs one step, records its result, and returns whether it succeeded.
    pub(crate) fn step(&mut self, name: &str, body: impl FnOnce(&mut Counts) -> Outcome) -> bool {
        say(&format!("\n=== {name}"));
        let started = Instant::now();
        let mut counts = Counts::default();
        let problem = body(&mut counts).err();
        if let Some(problem) = &problem {
            say(&format!("FAILED: {name}: {problem}"));
        }
        let held = problem.is_none();
        self.steps.push(Step { name: name.to_owned(), took: started.elapsed(), counts, problem });
        held
    }

    /// How many tests were ignored so far.
    pub(crate) fn ignored(&self) -> u64 {
        self.steps.iter().map(|step| step.counts.ignored).sum()
    }

    /// Prints the final summary and returns whether every step succeeded.
    pub(crate) fn close(&self) -> bool {
        let mut text = String::from("\n=== Summary\n");
        let mut all = Counts::default();
        for step in &self.steps {
            all.add(step.counts);
            let mark = if step.problem.is_some() { "FAILED" } else { "ok" };
            let tests = match step.counts {
                Counts { passed: 0, failed: 0, .. } => String::new(),
                counts => format!("{} passed, {} failed", counts.passed, counts.failed),
            };
            let seconds = step.took.as_secs_f64();
            writeln!(text, "{mark:>6}  {seconds:>7.1} s  {:<44} {tests}", step.name).unwrap_or_default();
            if let Some(problem) = &step.problem {
                let first = problem.lines().next().unwrap_or_default();
                writeln!(text, "        {first}").unwrap_or_default();
            }
        }
        let held = self.steps.iter().all(|step| step.problem.is_none());
        writeln!(text, "{:>17.1} s  in all", self.started.elapsed().as_secs_f64()).unwrap_or_default();
        if all.passed + all.failed > 0 {
            let broken = self.steps.iter().filter(|step| step.problem.is_some()).count();
            writeln!(text, "{} passed, {} failed", all.passed, all.failed.max(broken as u64))
                .unwrap_or_default();
        }
        say(text.trim_end());
        held
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn a_closing_line_of_a_test_binary_is_counted() {
        let line = "test result: ok. 12 passed; 1 failed; 2 ignored; 0 measured; 3 filtered out";
        let counts = Counts::parse(line).unwrap();
        assert_eq!((counts.passed, counts.failed, counts.ignored), (12, 1, 2));
        assert!(Counts::parse("running 12 tests").is_none());
    }
}

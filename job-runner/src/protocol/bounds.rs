//! Bounds on what agents send, applied before it is stored: any holder of a token can send anything.

use super::{Event, Finish};
use crate::outputs::LeftOut;

const SHORT: usize = 256;
const LONG: usize = 4096;
const LONGEST_COMMAND: usize = 1 << 20;
const LONGEST_LOCK: usize = 1 << 20;
const MOST_FACTS: usize = 32;
const MOST_PACKAGES: usize = 2_000;
/// Seconds and card seconds beyond this are not measurements.
const MOST_SECONDS: f64 = 1e12;

impl Finish {
    /// The same with every text cut and every number clamped. Outputs are not cut: each is checked against
    /// the stored files.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        self.signal = self.signal.map(|text| cut(text, SHORT));
        self.working_directory = cut(self.working_directory, LONG);
        self.system = cut(self.system, SHORT);
        self.driver = self.driver.map(|text| cut(text, LONG));
        self.environment_lock = cut(self.environment_lock, LONGEST_LOCK);
        let mut room = LONGEST_COMMAND;
        self.command.retain(|part| {
            let fits = part.len() < room;
            if fits {
                room -= part.len() + 1;
            }
            fits
        });
        if let Some(sandbox) = &mut self.sandbox {
            for text in [
                &mut sandbox.fence,
                &mut sandbox.network,
                &mut sandbox.memory,
                &mut sandbox.cpu,
                &mut sandbox.processes,
            ] {
                *text = cut(std::mem::take(text), SHORT);
            }
        }
        for seconds in
            [&mut self.usage.wall_seconds, &mut self.usage.cpu_seconds, &mut self.usage.accelerator_seconds]
        {
            *seconds = if seconds.is_finite() { seconds.clamp(0.0, MOST_SECONDS) } else { 0.0 };
        }
        if let Some(packages) = &mut self.packages {
            packages.requirements_sha256 = cut(std::mem::take(&mut packages.requirements_sha256), SHORT);
            packages.packages.truncate(MOST_PACKAGES);
            packages.packages.iter_mut().for_each(|name| *name = cut(std::mem::take(name), SHORT));
        }
        let mut left_out = LeftOut { named: Vec::new(), more: self.outputs_left_out_more };
        for (path, why) in std::mem::take(&mut self.outputs_left_out) {
            left_out.push(&path, &cut(why, SHORT));
        }
        (self.outputs_left_out, self.outputs_left_out_more) = (left_out.named, left_out.more);
        self
    }
}

impl Event {
    /// The same, with no more facts than a sentence can use, each of them cut.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        let facts = std::mem::take(&mut self.data).into_iter().take(MOST_FACTS);
        self.data = facts.map(|(name, value)| (cut(name, SHORT), cut(value, LONG))).collect();
        self
    }
}

/// Not every database stores a NUL, which programs print: an agent whose report is refused would repeat it forever.
fn cut(text: String, most: usize) -> String {
    let mut text = if text.contains('\0') { text.replace('\0', "\u{fffd}") } else { text };
    text.truncate(text.floor_char_boundary(most));
    text
}

#[cfg(test)]
mod tests {
    use hearth_core::{Outcome, Reason, TaskState, Timestamp};

    use super::*;
    use crate::protocol::Usage;

    #[test]
    fn an_end_that_says_too_much_is_cut_and_its_numbers_are_numbers() {
        let outcome = Outcome { state: TaskState::Failed, reason: Reason::RunSignal };
        let mut finish = Finish::without_run(outcome, Timestamp::from_second(1));
        finish.signal = Some("界".repeat(1000));
        finish.environment_lock = "x".repeat(5 << 20);
        finish.command = vec!["python3".into(), "y".repeat(2 << 20), "z".into()];
        finish.usage = Usage { wall_seconds: -1.0, cpu_seconds: 1e300, ..Usage::default() };
        finish.outputs_left_out = vec![("p".repeat(5000), "limit".into()); 5000];
        let bounded = finish.bounded();
        assert_eq!(bounded.signal.map(|text| text.len()), Some(255));
        assert_eq!((bounded.environment_lock.len(), bounded.command.len()), (LONGEST_LOCK, 2));
        assert_eq!((bounded.usage.wall_seconds, bounded.usage.cpu_seconds), (0.0, MOST_SECONDS));
        assert_eq!((bounded.outputs_left_out.len(), bounded.outputs_left_out_more), (1000, 4000));
    }

    #[test]
    fn a_line_of_the_timeline_has_so_many_facts() {
        let data = (0..100).map(|number| (format!("{number:03}"), "v".repeat(10_000))).collect();
        let event = Event { time: Timestamp::from_second(1), reason: Reason::RunStarted, data }.bounded();
        assert_eq!(event.data.len(), MOST_FACTS);
        assert!(event.data.values().all(|value| value.len() == LONG));
    }

    #[test]
    fn a_nul_that_a_program_printed_is_replaced() {
        let data = std::iter::once(("detail\0".to_owned(), "pip said\0".to_owned())).collect();
        let event = Event { time: Timestamp::from_second(1), reason: Reason::PackagesFailed, data }.bounded();
        assert_eq!(event.data["detail\u{fffd}"], "pip said\u{fffd}");
    }
}

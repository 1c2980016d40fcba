use std::io::{IsTerminal as _, Write as _, stderr};

use hearth_words::bytes;

use super::one_line;

/// One line on standard error that says how much of a file has passed; silent until the end where that is no terminal.
pub(crate) struct Progress {
    name: String,
    whole_bytes: u64,
    /// The last percentage shown, so that a line is written a hundred times at most.
    shown: Option<u64>,
}

impl Progress {
    pub(crate) fn new(name: &str, whole_bytes: u64) -> Self {
        Self { name: one_line(name), whole_bytes, shown: None }
    }

    pub(crate) fn show(&mut self, passed_bytes: u64) {
        let percent = passed_bytes.saturating_mul(100) / self.whole_bytes.max(1);
        if self.shown == Some(percent) || !stderr().is_terminal() {
            return;
        }
        self.shown = Some(percent);
        write(&format!("\r{}  {percent} % of {}", self.name, bytes(self.whole_bytes)));
    }

    pub(crate) fn finish(&self, facts: &str) {
        let begin = if self.shown.is_some() { "\r" } else { "" };
        write(&format!("{begin}{}  {facts}\n", self.name));
    }
}

fn write(text: &str) {
    let mut out = stderr().lock();
    write!(out, "{text}").and_then(|()| out.flush()).ok();
}

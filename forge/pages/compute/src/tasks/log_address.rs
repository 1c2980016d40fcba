//! Addresses in the log of one machine of one attempt.

use hearth_app::log::LogPosition;
use hearth_core::{TaskId, urls};
use url::form_urlencoded::byte_serialize;

/// The log of one machine of one attempt. Its addresses name the attempt, so that they stay true when the
/// task is run again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LogAddress {
    task: TaskId,
    pub(crate) attempt: i64,
    pub(crate) node: u32,
}

impl LogAddress {
    pub(crate) const fn new(task: TaskId, (attempt, node): (i64, u32)) -> Self {
        Self { task, attempt, node }
    }

    /// Without attempt and machine, for a form that sends both.
    pub(crate) fn page(self) -> String {
        urls::task_part(self.task, "log")
    }

    /// The page around a line, with the line marked.
    pub(crate) fn line(self, line: u64) -> String {
        format!("{}{line}#L{line}", self.before_line())
    }

    /// The address of a line, up to its number.
    pub(crate) fn before_line(self) -> String {
        format!("{}&line=", self.of("log"))
    }

    /// A line that was found by searching for a text.
    pub(crate) fn found(self, line: u64, sought: &str) -> String {
        let sought: String = byte_serialize(sought.as_bytes()).collect();
        format!("{}&q={sought}&line={line}#L{line}", self.of("log"))
    }

    pub(crate) fn first_error(self) -> String {
        format!("{}&error=first", self.of("log"))
    }

    pub(crate) fn download(self) -> String {
        self.of("log/download")
    }

    /// The stream of what comes after a position.
    pub(crate) fn stream(self, from: LogPosition) -> String {
        format!("{}&from={from}", self.of("log/stream"))
    }

    fn of(self, part: &str) -> String {
        let node = if self.node == 0 { String::new() } else { format!("&node={}", self.node) };
        format!("{}?attempt={}{node}", urls::task_part(self.task, part), self.attempt)
    }
}

//! The output of a command, for the person or program that called it.

use std::io::Write as _;

/// A line on standard output. A closed pipe is ignored.
pub(crate) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).ok();
}

/// A line on standard error.
pub(crate) fn error(text: &str) {
    writeln!(std::io::stderr().lock(), "{text}").ok();
}

/// The raw output of a program, on standard output.
pub(crate) fn bytes(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).ok();
}

/// Raw text on standard output.
pub(crate) fn text(text: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).ok();
}

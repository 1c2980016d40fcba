//! What a command says to the person or program that called it.

use std::io::Write as _;

/// A line on standard output. A reader that has gone away ends nothing.
pub(crate) fn line(text: &str) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).ok();
}

/// A line on standard error.
pub(crate) fn error(text: &str) {
    writeln!(std::io::stderr().lock(), "{text}").ok();
}

/// What a program wrote, as it is, on standard output.
pub(crate) fn bytes(bytes: &[u8]) {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).ok();
}

/// Text as it is on standard output.
pub(crate) fn text(text: &str) {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).ok();
}

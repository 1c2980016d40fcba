//! How a test reports that it cannot run here: visibly, and so that CI fails.

use std::fs::OpenOptions;
use std::io::Write as _;

/// Records that a test could not run, and why. Call it and return:
///
/// ```
/// # fn sandbox_is_there() -> bool { true }
/// if !sandbox_is_there() {
///     return hearth_skip::skip("bubblewrap is not installed");
/// }
/// ```
///
/// The note goes to standard error and to the file named by `HEARTH_SKIP_LOG`, which `cargo xtask test`
/// reads.
///
/// # Panics
///
/// When that file cannot be written: an unnoticed skip would count as a success.
pub fn skip(reason: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let line = format!("SKIPPED: {test}: {reason}\n");
    std::io::stderr().write_all(line.as_bytes()).expect("standard error takes a line");
    if let Some(file) = std::env::var_os("HEARTH_SKIP_LOG") {
        let log = OpenOptions::new().append(true).create(true).open(file);
        log.and_then(|mut log| log.write_all(line.as_bytes())).expect("the list of skips can be written");
    }
}

//! Transparent huge pages. Where the kernel gives them to every program, a server's memory is rounded up to two
//! megabytes at each place that it touches: twice the memory, and no more requests a second.

use rustix::thread::disable_transparent_huge_pages;

/// For the server. Programs that it starts inherit this.
pub(crate) fn refuse() {
    set(false);
}

/// For an agent, whose task may gain much by them.
pub(crate) fn accept() {
    set(true);
}

fn set(accepted: bool) {
    // A kernel without them refuses, and nothing is lost.
    if let Err(error) = disable_transparent_huge_pages(!accepted) {
        tracing::debug!(error = &error as &dyn std::error::Error, "the kernel keeps its huge pages");
    }
}

//! Regenerates the snapshots, so that a reviewer sees the changes of the pages rather than of the code.

use std::process::Command;

use crate::Outcome;
use crate::program::{cargo, output, run};
use crate::report::say;

/// Runs every test with new snapshots accepted and lists what changed.
pub(crate) fn renew() -> Outcome<bool> {
    run(cargo()
        .args(["test", "--workspace", "--lib", "--bins", "--test", "it"])
        .env("INSTA_UPDATE", "always"))?;
    let changed = output(Command::new("git").args(["status", "--short", "--", "*.snap"]))?;
    say(if changed.is_empty() {
        "No snapshot changed."
    } else {
        "These snapshots changed; read their diff:"
    });
    say(changed.trim_end());
    Ok(true)
}

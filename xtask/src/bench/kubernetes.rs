//! The Kubernetes rows: Hearth against the same API server without Hearth.

use std::path::Path;

use super::figures;
use crate::Outcome;
use crate::kubernetes::{Kubernetes, build};
use crate::program::find;

/// Hearth's own targets, by the figure's name.
const BARS: &[(&str, &str)] = &[
    ("tasks against bare Jobs", "at least 0.9"),
    ("create while 1,000 wait, p99", "100"),
    ("a pod's end on the open page, slowest", "500"),
    ("log lines taken, with 200 viewers", "20,000"),
    ("log lines that a viewer missed", "0"),
    ("memory at most, Hearth", "400"),
];

/// Measures a binary on a control plane with fake nodes, and returns a table.
pub(super) fn measure(binary: &Path) -> Outcome<String> {
    if find("go").is_none() {
        return Ok("\nGo is not installed: the rows on Kubernetes are left out.\n".to_owned());
    }
    build()?;
    let cluster = Kubernetes::start()?;
    let said = figures::of("kubernetes-bench", binary, |command| cluster.tell(command))?;
    Ok(figures::table("On Kubernetes", BARS, &said))
}

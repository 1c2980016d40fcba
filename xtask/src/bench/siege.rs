//! The rows about a siege: what everybody else feels of clients that stall, idle and ask for what unfolds.

use std::path::Path;

use super::figures;
use crate::Outcome;

/// What Hearth sets itself, by the figure's name.
const BARS: &[(&str, &str)] = &[("home under siege, p99", "100"), ("memory at most", "400")];

/// Measures a binary, and hands back a table.
pub(super) fn measure(binary: &Path) -> Outcome<String> {
    Ok(figures::table("Under siege", BARS, &figures::of("siege-bench", binary, |_| ())?))
}

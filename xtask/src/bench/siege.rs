//! The siege rows: how clients that stall, idle and request decompression bombs affect everybody else.

use std::path::Path;

use super::figures;
use crate::Outcome;

/// Hearth's own targets, by the figure's name.
const BARS: &[(&str, &str)] = &[("home under siege, p99", "100"), ("memory at most", "400")];

/// Measures a binary, and returns a table.
pub(super) fn measure(binary: &Path) -> Outcome<String> {
    Ok(figures::table("Under siege", BARS, &figures::of("siege-bench", binary, |_| ())?))
}

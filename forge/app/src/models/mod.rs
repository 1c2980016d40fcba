//! What came out of tasks, and where it came from.

pub mod lineage;
pub mod model;

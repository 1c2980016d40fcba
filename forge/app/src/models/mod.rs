//! The results of tasks, and where they came from.

pub mod lineage;
pub mod model;

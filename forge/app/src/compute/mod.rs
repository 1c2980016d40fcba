//! Computing tasks: launching, queueing, running, watching and recording them, and their machines and images.

pub mod accelerator;
pub mod attempt;
pub mod comparison;
mod control;
pub(crate) mod effect;
pub(crate) mod fields;
pub mod image;
pub mod log;
pub mod metrics;
pub mod output;
pub(crate) mod pieces;
pub mod pool;
pub mod queue;
pub mod quota;
pub mod record;
pub mod scene;
pub mod spec;
pub(crate) mod summary;
pub mod task;
pub mod undelivered_outputs;
pub(crate) mod zip;

pub use control::*;

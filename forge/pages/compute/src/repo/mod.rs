//! Pages of a repository that are about tasks.

pub mod tasks;

//! Lists of tasks beyond one repository.

pub mod tasks;

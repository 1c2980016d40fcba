//! The tasks of one repository.

mod command;
mod form;
pub(crate) mod list;
pub(crate) mod new;

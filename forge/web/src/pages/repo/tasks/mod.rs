//! The tasks of one repository.

mod form;
pub(crate) mod list;
pub(crate) mod new;

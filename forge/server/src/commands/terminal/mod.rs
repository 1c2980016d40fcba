//! What people see: clean text, tables, colours, questions.
//!
//! Everything that a server says is cleaned before it reaches a terminal: a title must not be able to move the cursor,
//! change colours, or hide what stands beside it.

mod ask;
mod clean;
mod colour;
mod editor;
mod progress;
mod table;
mod times;

pub(crate) use ask::{can_ask, confirm, secret};
pub(crate) use clean::{json, one_line, paragraphs};
pub(crate) use colour::{Colour, paint};
pub(crate) use editor::edit;
pub(crate) use progress::Progress;
pub(crate) use table::Table;
pub(crate) use times::moment;

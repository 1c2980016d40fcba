//! What somebody is asked, and their answers.

mod letter;
mod list;

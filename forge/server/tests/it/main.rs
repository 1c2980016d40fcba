//! The program's parts together, with real agents of the program itself.

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]

mod task;

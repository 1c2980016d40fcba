//! The program's parts together, with the program itself as a real agent.

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]

mod task;

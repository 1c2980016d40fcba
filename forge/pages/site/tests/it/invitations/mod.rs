//! Requests that await the reader's answer, and the answers.

mod letter;
mod list;

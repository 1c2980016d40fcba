//! Changing files on pages.

mod delete;
mod file;
mod upload;

/// What a form sends to commit to the branch itself.
const TO_BRANCH: (&str, &str) = ("target", "branch");

//! End-to-end tests of the real binary.

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod ai_task;
mod bucket;
mod command_line;
mod content;
mod demonstration;
mod disk;
mod faults;
mod full_disk;
mod git;
mod go_sdk;
mod hang_up;
mod kubernetes;
mod letters;
mod lfs;
mod live;
mod pull_request;
mod run;
mod several;
mod siege;
mod smoke;
mod stalled;
mod start;
mod task;
mod walk;

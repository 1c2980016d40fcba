//! Tools for end-to-end tests of the real binary: starting and killing it, real git, a real browser, an API
//! client.
//!
//! A test here is a sentence about what a person or a program sees:
//!
//! ```no_run
//! use hearth_tests::{Git, TestServer};
//!
//! let server = TestServer::start();
//! let mei = server.admin("mei");
//! mei.create_repository("llm");
//! Git::of(&mei).run(&["clone", &mei.clone_address("llm")]);
//! ```

#![allow(clippy::disallowed_methods, reason = "tests read what they have written")]

mod api;
pub mod browser;
mod cluster;
mod database;
mod dice;
mod figure;
mod git;
mod noise;
mod open_files;
mod person;
mod process;
mod proxy;
mod pull_request;
mod raw;
mod server;
mod session;
mod siege;
mod small_disk;

use std::path::PathBuf;
use std::thread::sleep;
use std::time::{Duration, Instant};

pub use api::{Answer, Api};
pub use browser::{Browser, Screen};
pub use cluster::{
    Absence, Agents, FakeNode, LOCAL_QUEUE, Life, NodeGuard, RealNode, Script, Site, TestCluster, Watch, told,
};
pub use dice::Dice;
pub use figure::{figure, percentile};
pub use git::{Finished, Git};
pub use hearth_skip::skip;
pub use noise::noise;
pub use person::Person;
pub use process::Process;
pub use proxy::BreakingProxy;
pub use pull_request::PullRequest;
pub use raw::{Leaving, RawRequest, connect};
pub use server::{Builder, TestServer};
pub use session::Session;
pub use siege::{IDLE, Scene, Siege};
pub use small_disk::SmallDisk;

/// Polls until there is an answer.
///
/// # Panics
///
/// When there is none within `limit`; `what` names the thing waited for.
#[track_caller]
pub fn wait_for<T>(what: &str, limit: Duration, ask: impl FnMut() -> Option<T>) -> T {
    wait_or_tell(limit, ask, || what.to_owned())
}

/// The same, with a failure message that is computed from the state at that time.
///
/// # Panics
///
/// When there is no answer within `limit`.
#[track_caller]
pub fn wait_or_tell<T>(
    limit: Duration,
    mut ask: impl FnMut() -> Option<T>,
    what: impl FnOnce() -> String,
) -> T {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited {limit:?} in vain for {}", what());
        sleep(Duration::from_millis(25));
    }
}

/// Waits until something holds.
#[track_caller]
pub fn wait_until(what: &str, limit: Duration, mut holds: impl FnMut() -> bool) {
    wait_for(what, limit, || holds().then_some(()));
}

/// The folder that cargo builds into: this test binary is in its `debug/deps`.
pub fn target_folder() -> PathBuf {
    let binary = std::env::current_exe().expect("a running program has a path");
    let folder = binary.ancestors().nth(3).expect("a test binary lies three folders below the target folder");
    folder.to_path_buf()
}

/// Whether the tests run as root, who needs no permissions and whom some programs refuse.
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

//! Installs Debian packages, on a machine where another process may be installing some at the same time.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::report::say;

/// How long another process may hold apt's locks: the first update of a new machine takes minutes.
const PATIENCE: Duration = Duration::from_mins(10);

/// Updates the package lists, then installs these packages.
pub(crate) fn install(packages: &[&str]) -> Outcome {
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
}

/// Runs apt, and retries while another process holds one of its locks. Apt itself waits only for the lock of
/// dpkg, not for those of its lists and archives.
fn apt(arguments: &[&str]) -> Outcome {
    let line = format!("apt-get {}", arguments.join(" "));
    say(&format!("$ {line}"));
    let deadline = Instant::now() + PATIENCE;
    let mut is_told = false;
    loop {
        let output = attempt(arguments).map_err(|e| format!("cannot start {line}: {e}"))?;
        if output.status.success() {
            return Ok(());
        }
        if !is_locked(&output) || Instant::now() > deadline {
            std::io::stderr().write_all(&output.stderr).unwrap_or_default();
            return Err(format!("{line}: {}", output.status));
        }
        if !is_told {
            say("Another process is installing packages; waiting for its end.");
            is_told = true;
        }
        sleep(Duration::from_secs(1));
    }
}

fn attempt(arguments: &[&str]) -> std::io::Result<Output> {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive").env("LC_ALL", "C").arg("--quiet=2");
    command.arg(format!("--option=DPkg::Lock::Timeout={}", PATIENCE.as_secs())).args(arguments);
    command.stdin(Stdio::null()).stdout(Stdio::inherit()).stderr(Stdio::piped()).spawn()?.wait_with_output()
}

fn is_locked(output: &Output) -> bool {
    String::from_utf8_lossy(&output.stderr).contains("Could not get lock")
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::thread;

    use rustix::fs::{FlockOperation, fcntl_lock};

    use super::*;

    #[test]
    fn a_lock_that_another_process_holds_is_waited_for() {
        if crate::program::find("apt-get").is_none() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("partial")).unwrap();
        let lock = File::create(folder.path().join("lock")).unwrap();
        fcntl_lock(&lock, FlockOperation::LockExclusive).unwrap();
        let lists = format!("--option=Dir::State::Lists={}", folder.path().display());
        // No sources, so nothing is fetched.
        let sources =
            ["SourceList", "SourceParts"].map(|name| format!("--option=Dir::Etc::{name}=/dev/null"));
        let arguments = ["update", &lists, &sources[0], &sources[1]];
        assert!(is_locked(&attempt(&arguments).unwrap()), "apt itself gives up at once");
        thread::scope(|scope| {
            let waiting = scope.spawn(|| apt(&arguments));
            // Apt has been refused by then, or is about to try; either way it gets the lock.
            sleep(Duration::from_millis(300));
            fcntl_lock(&lock, FlockOperation::Unlock).unwrap();
            waiting.join().unwrap().unwrap();
        });
    }
}

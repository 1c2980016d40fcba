//! Clones of the repository of 100 MB: again and again, over SSH, and fifty at once.
//!
//! The fifty only receive their pack: what fifty clients would do with it costs far more than the server.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::Client;
use super::git::{self, clone_in_turn, median};
use super::review::LARGE;
use super::review_sample;
use super::subject::Subject;
use super::table::{Table, ms};
use super::usage;
use crate::Outcome;
use crate::program::output;

const AT_ONCE: usize = 50;
/// A whole pack is longer.
const LEAST_BYTES: u64 = 90_000_000;
const TURNS: usize = 3;
/// How often the processes are looked at. Packing takes longer.
const LOOK_EVERY: Duration = Duration::from_millis(10);

/// Clones what [`super::review::merges`] has made.
pub(super) fn measure(subject: &Subject, folder: &Path, table: &mut Table) -> Outcome {
    at_once(subject, table)?;
    let temporary = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
    let near = review_sample::large(folder)?;
    let name = format!("bench/{LARGE}");
    let [mut near, mut far] = clone_in_turn(
        temporary.path(),
        TURNS,
        [
            &|clone| {
                clone.args(["--single-branch", "--no-local"]).arg(&near);
            },
            &|clone| {
                clone.arg("--single-branch").arg(subject.address_of(&name));
            },
        ],
    )?;
    let (near, far) = (median(&mut near), median(&mut far));
    table.figure("repeated clone of 100 MB", ms(far), "ms");
    table.figure("repeated clone of 100 MB against a raw local clone", times(far, near), "times");
    if subject.is_hearth() {
        over_ssh(subject, &name, temporary.path(), table)?;
    }
    Ok(())
}

/// The same over SSH, in turn with HTTP.
fn over_ssh(subject: &Subject, name: &str, folder: &Path, table: &mut Table) -> Outcome {
    let key = folder.join("key");
    output(Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key))?;
    let public = std::fs::read_to_string(key.with_extension("pub")).map_err(|e| format!("no key: {e}"))?;
    let asked = json!({ "title": "bench", "key": public.trim() }).to_string();
    let answer = subject.program().send("POST", "/api/v1/user/keys", &asked)?;
    if answer.status != 201 {
        return Err(format!("adding a key answered {}", answer.status));
    }
    let ssh = format!(
        "ssh -F /dev/null -i {} -o IdentitiesOnly=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
         -o LogLevel=ERROR",
        key.display()
    );
    let [mut http, mut over_ssh] = clone_in_turn(
        folder,
        TURNS,
        [
            &|clone| {
                clone.arg("--single-branch").arg(subject.address_of(name));
            },
            &|clone| {
                clone.env("GIT_SSH_COMMAND", &ssh).arg("--single-branch").arg(subject.ssh_address_of(name));
            },
        ],
    )?;
    let (http, over_ssh) = (median(&mut http), median(&mut over_ssh));
    table.figure("clone of 100 MB over SSH", ms(over_ssh), "ms");
    table.figure("clone over SSH against HTTP", times(over_ssh, http), "times");
    Ok(())
}

/// Fifty clones that arrive together, of something that nobody has cloned before.
fn at_once(subject: &Subject, table: &mut Table) -> Outcome {
    let name = format!("bench/{LARGE}");
    let listed = output(git::git(subject.folder()).args([
        "ls-remote",
        &subject.address_of(&name),
        "refs/heads/main",
    ]))?;
    let head = listed.split_whitespace().next().ok_or("the large repository has no branch")?;
    let (path, request) = (format!("/{name}.git/git-upload-pack"), request(head));
    let is_over = AtomicBool::new(false);
    let started = Instant::now();
    let (packers, received) = thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut seen = BTreeSet::new();
            while !is_over.load(Ordering::Relaxed) {
                seen.extend(usage::packing(subject.folder()));
                thread::sleep(LOOK_EVERY);
            }
            seen
        });
        let clone = |mut client: Client| {
            let (path, request) = (&path, &request);
            move || client.count("application/x-git-upload-pack-request", path, request)
        };
        let clones: Vec<_> = (0..AT_ONCE).map(|_| scope.spawn(clone(subject.fetcher()))).collect();
        let received: Vec<_> = clones.into_iter().map(thread::ScopedJoinHandle::join).collect();
        is_over.store(true, Ordering::Relaxed);
        (watcher.join(), received)
    });
    let took = started.elapsed();
    for received in received {
        let (status, bytes) = received.map_err(|_| "a client stopped".to_owned())??;
        if status != 200 || bytes < LEAST_BYTES {
            return Err(format!("one of {AT_ONCE} clones was answered {status} and {bytes} bytes"));
        }
    }
    let packings = packers.map_err(|_| "the watcher stopped".to_owned())?.len();
    let packings = u32::try_from(packings).map_err(|_| "more packings than clones".to_owned())?;
    table.figure("50 clones of 100 MB at once", ms(took), "ms");
    table.figure("50 clones of 100 MB at once: packs that were computed", f64::from(packings), "");
    let before = subject.cpu()?;
    let started = Instant::now();
    subject.fetcher().count("application/x-git-upload-pack-request", &path, &request)?;
    table.figure("one more clone of 100 MB", ms(started.elapsed()), "ms");
    table.figure("one more clone of 100 MB, server CPU", ms(subject.cpu()?.saturating_sub(before)), "ms");
    Ok(())
}

/// What git asks for when it clones one branch, in version 2 of the protocol.
fn request(head: &str) -> String {
    let line = |text: &str| format!("{:04x}{text}", text.len() + 4);
    let arguments = ["thin-pack\n", "no-progress\n", "ofs-delta\n"].map(line).concat();
    format!(
        "{}0001{arguments}{}{}0000",
        line("command=fetch\n"),
        line(&format!("want {head}\n")),
        line("done\n")
    )
}

fn times(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

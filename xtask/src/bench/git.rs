//! Git performance: the first push, clones compared with a raw local clone, pushes of one commit.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::sample::Sample;
use super::subject::{REPOSITORY, Subject};
use super::table::{Table, ms};
use crate::Outcome;
use crate::program::output;

/// Pushes the whole repository, with every branch and tag.
pub(super) fn first_push(subject: &Subject, sample: &Sample, table: &mut Table) -> Outcome {
    let refs = ["refs/heads/*:refs/heads/*", "refs/tags/*:refs/tags/*"];
    let took = timed(git(&sample.path).args(["push", "--quiet", &subject.address()]).args(refs))?;
    table.figure("first push of the whole repository", ms(took), "ms");
    Ok(())
}

/// Clones from several places in turn, so that all see the same load: the times of each place.
pub(super) fn clone_in_turn<const PLACES: usize>(
    folder: &Path,
    turns: usize,
    places: [&dyn Fn(&mut Command); PLACES],
) -> Outcome<[Vec<Duration>; PLACES]> {
    let mut times = [const { Vec::new() }; PLACES];
    for _ in 0..turns {
        for (place, times) in places.iter().zip(&mut times) {
            let made = folder.join("clone.git");
            let mut command = clone(folder);
            place(&mut command);
            times.push(timed(command.arg(&made))?);
            fs::remove_dir_all(made).map_err(|e| format!("cannot remove a clone: {e}"))?;
        }
    }
    Ok(times)
}

/// Clones by HTTP and from the disk.
pub(super) fn clones(subject: &Subject, sample: &Sample, table: &mut Table) -> Outcome {
    let folder = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
    let place = |name: String| folder.path().join(name);
    let [mut near, mut far] = clone_in_turn(
        folder.path(),
        5,
        [
            &|clone| {
                clone.arg("--no-local").arg(&sample.path);
            },
            &|clone| {
                clone.arg(subject.address());
            },
        ],
    )?;
    let first = far[0];
    let (near, far) = (median(&mut near), median(&mut far));
    table.figure("raw local clone", ms(near), "ms");
    table.figure("first clone", ms(first), "ms");
    table.figure("clone", ms(far), "ms");
    table.figure("clone against a raw local clone", far.as_secs_f64() / near.as_secs_f64(), "times");
    let started = Instant::now();
    let started_all: Outcome<Vec<Child>> = (0..4)
        .map(|turn| {
            let mut command = clone(folder.path());
            command.arg(subject.address()).arg(place(format!("together-{turn}")));
            command.stdin(Stdio::null()).spawn().map_err(|e| format!("cannot start git: {e}"))
        })
        .collect();
    for mut child in started_all? {
        let status = child.wait().map_err(|e| format!("git does not end: {e}"))?;
        if !status.success() {
            return Err(format!("one of four clones: {status}"));
        }
    }
    table.figure("four clones at once", ms(started.elapsed()), "ms");
    let mut listed = Vec::new();
    for _ in 0..10 {
        listed.push(timed(git(folder.path()).args(["ls-remote", "--quiet", &subject.address()]))?);
    }
    table.figure("git ls-remote", ms(median(&mut listed)), "ms");
    Ok(())
}

/// Pushes one commit at a time, and requests the repository's home page right after each.
pub(super) fn pushes(subject: &Subject, sample: &Sample, table: &mut Table) -> Outcome {
    let folder = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
    let work = folder.path().join("work");
    output(git(folder.path()).args(["clone", "--quiet", &subject.address()]).arg(&work))?;
    let bare = folder.path().join("bare.git");
    output(clone(folder.path()).arg(&sample.path).arg(&bare))?;
    let (mut near, mut far, mut cold, mut warm) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut visitor = subject.visitor();
    let home = format!("/{REPOSITORY}");
    for turn in 0..10 {
        let text = format!("Note {turn}\n");
        fs::write(work.join("note.txt"), text).map_err(|e| format!("cannot write a file: {e}"))?;
        output(git(&work).args(["add", "note.txt"]))?;
        output(git(&work).args(["commit", "--quiet", "--message", "Change a note"]))?;
        far.push(timed(git(&work).args(["push", "--quiet", "origin", "HEAD"]))?);
        for times in [&mut cold, &mut warm] {
            let started = Instant::now();
            let status = visitor.get(&home)?.status;
            times.push(started.elapsed());
            if status != 200 {
                return Err(format!("the home page answered {status} after a push"));
            }
        }
        near.push(timed(git(&work).args(["push", "--quiet"]).arg(&bare).arg("HEAD"))?);
    }
    let (cold, warm) = (median(&mut cold), median(&mut warm));
    let (near, far) = (median(&mut near), median(&mut far));
    table.figure("push of one commit to a bare local repository", ms(near), "ms");
    table.figure("push of one commit", ms(far), "ms");
    // What a local push costs is work that both do; the rest is one more program, a connection and the record.
    let allowed = near.mul_f64(1.3) + Duration::from_millis(40);
    table.figure(
        "push of one commit against 1.3 local ones and 40 ms",
        far.as_secs_f64() / allowed.as_secs_f64(),
        "times",
    );
    table.figure("first page after a push", ms(cold), "ms");
    let ratio = cold.as_secs_f64() / warm.as_secs_f64();
    table.figure("first page after a push against a warm page", ratio, "times");
    Ok(())
}

/// Pushes what is in a folder as the only commit of a new branch.
pub(super) fn push_folder(subject: &Subject, folder: &Path, branch: &str) -> Outcome {
    output(git(folder).args(["init", "--quiet"]))?;
    output(git(folder).args(["add", "--all"]))?;
    output(git(folder).args(["commit", "--quiet", "--message", "Begin"]))?;
    output(git(folder).args(["push", "--quiet", &subject.address(), &format!("HEAD:refs/heads/{branch}")]))?;
    Ok(())
}

/// What a push of one commit costs.
pub(super) struct PushCost {
    pub(super) cpu: Duration,
    pub(super) wall: Duration,
}

/// Pushes one commit at a time to each server, alternating: the mean CPU time of the server and its children
/// until the pusher had the answer, and the median of the elapsed time.
pub(super) fn push_costs(subjects: &[Subject; 2], sample: &Sample) -> Outcome<[PushCost; 2]> {
    const PUSHES: u32 = 40;
    let folder = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
    let work = folder.path().join("work");
    output(git(folder.path()).args(["clone", "--quiet"]).arg(&sample.path).arg(&work))?;
    let mut costs = [(Duration::ZERO, Vec::new()), (Duration::ZERO, Vec::new())];
    for turn in 0..PUSHES {
        fs::write(work.join("note.txt"), format!("Note {turn}\n"))
            .map_err(|e| format!("cannot write a file: {e}"))?;
        output(git(&work).args(["add", "note.txt"]))?;
        output(git(&work).args(["commit", "--quiet", "--message", "Change a note"]))?;
        let mut order = [0, 1];
        if turn % 2 == 1 {
            order.reverse();
        }
        for which in order {
            let subject = &subjects[which];
            let refs = format!("HEAD:refs/heads/{}", sample.branch);
            let before = subject.cpu()?;
            costs[which].1.push(timed(git(&work).args(["push", "--quiet", &subject.address(), &refs]))?);
            costs[which].0 += subject.cpu()?.saturating_sub(before);
            // Later jobs are not part of the next answer.
            std::thread::sleep(Duration::from_millis(300));
        }
    }
    Ok(costs.map(|(cpu, mut times)| PushCost { cpu: cpu / PUSHES, wall: median(&mut times) }))
}

/// git without the developer's configuration.
pub(super) fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command.env("GIT_TERMINAL_PROMPT", "0");
    for role in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{role}_NAME"), "Bench")
            .env(format!("GIT_{role}_EMAIL"), "bench@example.org");
    }
    command
}

/// A bare clone; where from and where to follow.
pub(super) fn clone(folder: &Path) -> Command {
    let mut command = git(folder);
    command.args(["clone", "--quiet", "--bare"]);
    command
}

/// How long a command takes.
pub(super) fn timed(command: &mut Command) -> Outcome<Duration> {
    let started = Instant::now();
    output(command)?;
    Ok(started.elapsed())
}

pub(super) fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

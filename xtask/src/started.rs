//! Lists the programs that Hearth starts, and why each is safe: a new one has to be thought about before it
//! passes.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use crate::{Outcome, program::output};

/// Every product file that starts programs: how many, and why untrusted files cannot make it start another
/// one.
const STARTED: &[(&str, usize, &str)] = &[
    (
        "diagram/src/program.rs",
        1,
        "this program, which limits itself, with a text on its standard input and nothing else of anybody's",
    ),
    (
        "forge/app/src/compute/image/contents.rs",
        1,
        "an interpreter that the operator named, isolated, with our question alone",
    ),
    (
        "forge/app/src/compute/image/mod.rs",
        1,
        "an interpreter that the operator named, isolated, with our question alone",
    ),
    (
        "forge/server/src/commands/browser.rs",
        1,
        "the browser of the person who asks, with an address on the web as its only argument",
    ),
    (
        "forge/server/src/commands/demo/sample.rs",
        1,
        "git on the demo's own files, in a folder that it has just made",
    ),
    ("forge/server/src/commands/doctor/mod.rs", 1, "programs that say their version"),
    (
        "forge/server/src/commands/remote/git.rs",
        2,
        "git of the person who asks, in that person's own checkout",
    ),
    ("forge/server/src/commands/remote/token.rs", 1, "git's keeper of passwords, of the person who asks"),
    (
        "forge/server/src/commands/terminal/editor.rs",
        2,
        "the editor of the person who asks, as git names it, on a new file with their own text",
    ),
    ("git-backend/hook/packs.rs", 1, "the very git that called the hook, in a repository of the server"),
    (
        "git-backend/src/program.rs",
        1,
        "git in bare repositories of the server, with an environment of its own",
    ),
    ("job-runner/src/agent/meter.rs", 1, "the driver's own listing of cards"),
    ("job-runner/src/engine/capacity.rs", 1, "the driver's own listing of cards"),
    ("job-runner/src/engine/local/mod.rs", 1, "the agent, which is this program"),
    ("job-runner/src/sandbox/gate.rs", 1, "the fence itself: everything on a task's files goes through it"),
    ("job-runner/src/sandbox/network.rs", 1, "pasta, which sees connections and no files"),
    (
        "job-runner/src/sandbox/python.rs",
        1,
        "an interpreter that the operator named, isolated, with our question alone",
    ),
    ("job-runner/src/sandbox/report.rs", 1, "bubblewrap, which says its version"),
];

/// Where the product's sources are; tests and tools may start what they like.
const PRODUCT: [&str; 5] = [
    "diagram/src/*.rs",
    "forge/*/src/*.rs",
    "job-runner/src/*.rs",
    "git-backend/src/*.rs",
    "git-backend/hook/*.rs",
];

/// Compares the sources with the list.
pub(crate) fn check() -> Outcome {
    check_in(Path::new("."))
}

fn check_in(root: &Path) -> Outcome {
    let mut git = Command::new("git");
    git.arg("-C").arg(root).args(["ls-files", "-z", "--cached", "--"]).args(PRODUCT);
    let listed = output(&mut git)?;
    let files = listed.split('\0').filter(|name| !name.is_empty());
    let found: BTreeMap<&str, usize> = files
        .filter_map(|file| Some((file, count(&fs::read_to_string(root.join(file)).ok()?))))
        .filter(|(_, count)| *count > 0)
        .collect();
    let allowed: BTreeMap<&str, usize> = STARTED.iter().map(|(file, count, _)| (*file, *count)).collect();
    let known = allowed.keys().chain(found.keys());
    let mut odd: Vec<&str> = known.copied().filter(|file| allowed.get(file) != found.get(file)).collect();
    odd.sort_unstable();
    odd.dedup();
    if odd.is_empty() {
        return Ok(());
    }
    Err(format!(
        "these start other programs than xtask/src/started.rs says; none may be started on anybody's files outside the fence:\n{}",
        odd.join("\n")
    ))
}

/// How many programs a source starts, not counting its tests.
fn count(source: &str) -> usize {
    let product = source.split("#[cfg(test)]").next().unwrap_or_default();
    ["Command::new(", "Command::from(", "std::process::Command as", "tokio::process::Command as"]
        .iter()
        .map(|words| product.matches(words).count())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::{check_in, count};

    #[test]
    fn every_program_that_the_product_starts_is_on_the_list() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        assert_eq!(check_in(&root), Ok(()));
    }

    #[test]
    fn what_is_started_is_counted_by_whatever_name_and_tests_are_not() {
        assert_eq!(count("use std::process::Command as Program;\nProgram::new(1)"), 1);
        assert_eq!(count("std::process::Command::new(a); tokio::process::Command::new(b)"), 2);
        assert_eq!(count("fn a() {}\n#[cfg(test)]\nmod tests { Command::new(1) }"), 0);
    }
}

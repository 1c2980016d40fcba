//! Calls that are allowed in one file only, so that every caller goes through it and nothing is left out.

use std::{fs, path::Path, process::Command};

use crate::{Outcome, program::output};

/// The calls, the file where they are allowed, and why only there.
struct RestrictedCall {
    calls: &'static [&'static str],
    only_in: &'static str,
    why: &'static str,
}

const RESTRICTED_CALLS: &[RestrictedCall] = &[
    RestrictedCall {
        calls: &["store().write()"],
        only_in: "forge/app/src/site/operation.rs",
        why: "rows, events and jobs of one act are kept by one `Operation`",
    },
    RestrictedCall {
        calls: &["row::transition(", "row::requeue(", "row::admit("],
        only_in: "forge/app/src/compute/task/transitions.rs",
        why: "whoever moves a task leaves the event that says so",
    },
];

/// Pages and API do not use the store: they ask the app, which knows who may see what.
const STORE: &str = ".store()";
const FACES: [&str; 4] = ["forge/web/src/", "forge/pages/", "forge/api/src/", "forge/ssh/src/"];

const PRODUCT: [&str; 1] = ["forge/*/src/*.rs"];

/// Looks for such calls elsewhere.
pub(crate) fn check() -> Outcome {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--"]).args(PRODUCT);
    let listed = output(&mut git)?;
    let mut problems = Vec::new();
    for file in listed.split('\0').filter(|name| !name.is_empty()) {
        let Ok(text) = fs::read_to_string(Path::new(file)) else { continue };
        problems.extend(misplaced_calls(file, &text));
        problems.extend(store_use(file, &text));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
}

fn misplaced_calls<'a>(file: &'a str, text: &'a str) -> impl Iterator<Item = String> + 'a {
    let closed = RESTRICTED_CALLS.iter().filter(move |restricted| restricted.only_in != file);
    closed.flat_map(move |restricted| {
        let found = restricted.calls.iter().filter(|call| text.contains(**call));
        found.map(move |call| {
            format!("{file}: `{call}` belongs to {} alone: {}", restricted.only_in, restricted.why)
        })
    })
}

fn store_use(file: &str, text: &str) -> Option<String> {
    let is_face = FACES.iter().any(|folder| file.starts_with(folder));
    (is_face && text.contains(STORE))
        .then(|| format!("{file}: `{STORE}` is not for pages and API: ask the app"))
}

#[cfg(test)]
mod tests {
    use super::{misplaced_calls, store_use};

    #[test]
    fn a_page_that_reads_the_store_is_found() {
        let text = "let reader = app.store().read().await?;";
        assert!(store_use("forge/pages/site/src/home.rs", text).is_some());
        assert!(store_use("forge/app/src/people/user/mod.rs", text).is_none());
    }

    #[test]
    fn a_call_outside_its_file_is_found() {
        let text = "let writer = app.store().write().await?;";
        assert_eq!(misplaced_calls("forge/app/src/discussion/issue/mod.rs", text).count(), 1);
        assert_eq!(misplaced_calls("forge/app/src/site/operation.rs", text).count(), 0);
    }
}

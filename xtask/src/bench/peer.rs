//! What Gitea 1.27.3 needed on a comparable machine (2 cores, `SQLite`, the tokio repository, 1,000 issues),
//! and Hearth's own target. The method is in `docs/performance.md`; these are for orientation, and a `gitea`
//! on the path is measured in the same run instead.

/// One row: the page, Gitea's server CPU time in milliseconds per request, and the target.
pub(super) struct Row {
    pub(super) name: &'static str,
    pub(super) peer: f64,
    pub(super) bar: f64,
}

pub(super) const PAGES: &[Row] = &[
    Row { name: "repository home", peer: 40.8, bar: 4.0 },
    Row { name: "deep tree", peer: 17.8, bar: 1.8 },
    Row { name: "different trees", peer: 70.7, bar: 7.0 },
    Row { name: "largest source file", peer: 81.1, bar: 8.0 },
    Row { name: "different files", peer: 35.5, bar: 3.5 },
    Row { name: "commits list", peer: 40.2, bar: 4.0 },
    Row { name: "one commit, about 10 files", peer: 496.7, bar: 40.0 },
    Row { name: "different commits", peer: 220.0, bar: 20.0 },
    Row { name: "issues list", peer: 19.4, bar: 1.9 },
    Row { name: "one issue", peer: 19.4, bar: 1.9 },
    Row { name: "API: repository", peer: 1.4, bar: 0.3 },
    Row { name: "API: 50 issues", peer: 61.0, bar: 3.0 },
    Row { name: "API: contents of the root", peer: 8.5, bar: 0.9 },
    Row { name: "API: 30 commits", peer: 267.0, bar: 10.0 },
    Row { name: "raw file", peer: 16.6, bar: 0.5 },
    Row { name: "home of 100,000 files", peer: 56.0, bar: 5.6 },
    Row { name: "folder of 5,000 files", peer: 1450.0, bar: 145.0 },
];

/// Other figures, in the unit that the table prints.
pub(super) const FIGURES: &[Row] = &[
    Row { name: "memory, idle (resident)", peer: 174.0, bar: 60.0 },
    Row { name: "memory after everything (resident)", peer: 250.0, bar: 150.0 },
    Row { name: "memory at its highest", peer: 332.0, bar: 250.0 },
    Row { name: "start until ready, existing data", peer: 3500.0, bar: 300.0 },
    Row { name: "first push of the whole repository", peer: 73_000.0, bar: 8000.0 },
    Row { name: "creating an issue, server CPU", peer: 34.0, bar: 2.0 },
    Row { name: "push of one commit", peer: 433.0, bar: 80.0 },
    Row { name: "push of one commit against 1.3 local ones and 40 ms", peer: f64::NAN, bar: 1.0 },
    Row { name: "clone against a raw local clone", peer: 1.27, bar: 1.15 },
    Row { name: "four clones at once", peer: 3023.0, bar: 3023.0 },
    Row { name: "git ls-remote", peer: 33.0, bar: 12.0 },
    Row { name: "first view of a file of 10,000 lines, server CPU", peer: f64::NAN, bar: 60.0 },
    Row { name: "first view of a file of 10,000 lines, HTML", peer: f64::NAN, bar: 150.0 },
    Row { name: "first page after a push against a warm page", peer: f64::NAN, bar: 3.0 },
    Row { name: "memory at its highest, with what is large", peer: f64::NAN, bar: 250.0 },
    Row { name: "50 clones of 100 MB at once: packs that were computed", peer: f64::NAN, bar: 1.0 },
    Row { name: "repeated clone of 100 MB against a raw local clone", peer: f64::NAN, bar: 1.0 },
    Row { name: "clone over SSH against HTTP", peer: f64::NAN, bar: 1.15 },
    Row { name: "merging a pull request, 100,000 files", peer: f64::NAN, bar: 500.0 },
    Row { name: "search of 10,000 issues against their list, CPU", peer: f64::NAN, bar: 3.0 },
    Row { name: "opening a pull request, 100 MB", peer: f64::NAN, bar: 100.0 },
    Row { name: "merging it against git merge-tree", peer: f64::NAN, bar: 1.0 },
    Row { name: "range-diff of 50 commits", peer: f64::NAN, bar: 300.0 },
    Row { name: "files of a pull request of 300 files", peer: f64::NAN, bar: 60.0 },
    Row { name: "blame of 2,000 lines, second time", peer: f64::NAN, bar: 20.0 },
];

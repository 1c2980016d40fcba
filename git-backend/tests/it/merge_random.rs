//! Random histories, merged here and by the installed git.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::Write as _,
    process::Stdio,
};

use hearth_git::{ConflictFile, ConflictKind, Merge, ObjectId};

use crate::support::{Fixture, client};

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }
}

/// Mode and content of each path.
type Files = BTreeMap<String, (&'static str, Vec<String>)>;

const FOLDERS: [&str; 6] = ["", "src/", "src/deep/", "lib/", "docs/", "lib/more/"];
const NAMES: [&str; 7] = ["a", "b", "c", "main", "notes", "deep", "more"];

fn path(dice: &mut Dice) -> String {
    format!("{}{}", dice.pick(&FOLDERS), dice.pick(&NAMES))
}

fn line(dice: &mut Dice) -> String {
    // Few different lines, so that differences are ambiguous now and then.
    match dice.roll(4) {
        0 => "}".to_owned(),
        1 if dice.roll(8) == 0 => "from another system\r".to_owned(),
        1 => format!("line {}", dice.roll(6)),
        _ => format!("the value of {} is {}", dice.roll(40), dice.roll(1000)),
    }
}

fn content(dice: &mut Dice) -> Vec<String> {
    let count = dice.roll(18) + 1;
    (0..count).map(|_| line(dice)).collect()
}

/// Whether a file may be put here without removing another one.
fn is_free(files: &Files, path: &str) -> bool {
    !files.keys().any(|other| {
        other == path || other.starts_with(&format!("{path}/")) || path.starts_with(&format!("{other}/"))
    })
}

fn first(dice: &mut Dice) -> Files {
    let mut files = Files::new();
    for _ in 0..6 + dice.roll(8) {
        let path = path(dice);
        if is_free(&files, &path) {
            files.insert(path, ("100644", content(dice)));
        }
    }
    files
}

fn edit(dice: &mut Dice, lines: &mut Vec<String>) {
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(lines.len() + 1);
        match dice.roll(3) {
            0 if at < lines.len() => drop(lines.remove(at)),
            1 if at < lines.len() => lines[at] = line(dice),
            _ => lines.insert(at, line(dice)),
        }
    }
}

fn change(dice: &mut Dice, files: &mut Files) {
    for _ in 0..=dice.roll(4) {
        let paths: Vec<String> = files.keys().cloned().collect();
        if paths.is_empty() {
            return;
        }
        let chosen = dice.pick(&paths);
        match dice.roll(12) {
            0..=3 => edit(dice, &mut files.get_mut(&chosen).unwrap().1),
            4 => drop(files.remove(&chosen)),
            5 | 6 => {
                let to = path(dice);
                if is_free(files, &to) {
                    let mut moved = files.remove(&chosen).unwrap();
                    if dice.roll(2) == 0 {
                        edit(dice, &mut moved.1);
                    }
                    files.insert(to, moved);
                }
            }
            7 => {
                let file = files.get_mut(&chosen).unwrap();
                file.0 = if file.0 == "100644" { "100755" } else { "100644" };
            }
            8 => {
                // A file becomes a folder, or a folder a file.
                let path = path(dice);
                files.retain(|other, _| {
                    !other.starts_with(&format!("{path}/")) && !path.starts_with(&format!("{other}/"))
                });
                files.insert(path, ("100644", content(dice)));
            }
            9 => {
                let to = path(dice);
                if is_free(files, &to) {
                    files.insert(to, ("100644", content(dice)));
                }
            }
            10 => {
                // A link: a line is its target as well as any other.
                let file = files.get_mut(&chosen).unwrap();
                *file = ("120000", vec![line(dice)]);
            }
            _ => {
                // A whole folder moves.
                let (from, to) = (dice.pick(&FOLDERS[1..]), dice.pick(&FOLDERS[1..]));
                for path in paths {
                    if let Some(rest) = path.strip_prefix(from)
                        && is_free(files, &format!("{to}{rest}"))
                    {
                        let moved = files.remove(&path).unwrap();
                        files.insert(format!("{to}{rest}"), moved);
                    }
                }
            }
        }
    }
}

/// A stream for `git fast-import`.
#[derive(Default)]
struct History {
    stream: String,
    commits: usize,
}

impl History {
    fn commit(&mut self, parents: &[usize], files: &Files) -> usize {
        self.commits += 1;
        let mark = self.commits;
        let time = 1_700_000_000 + mark * 60;
        write!(
            self.stream,
            "commit refs/heads/c{mark}\nmark :{mark}\ncommitter Mei <mei@example.org> {time} +0000\ndata 0\n"
        )
        .unwrap();
        for (index, parent) in parents.iter().enumerate() {
            writeln!(self.stream, "{} :{parent}", if index == 0 { "from" } else { "merge" }).unwrap();
        }
        self.stream.push_str("deleteall\n");
        for (path, (mode, lines)) in files {
            let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
            write!(self.stream, "M {mode} inline {path}\ndata {}\n{text}\n", text.len()).unwrap();
        }
        mark
    }

    /// Two commits to merge; the number decides everything about them.
    fn case(&mut self, seed: u64) -> (usize, usize) {
        let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let files = first(&mut dice);
        let base = self.commit(&[], &files);
        let (mut ours, mut theirs) = (files.clone(), files);
        change(&mut dice, &mut ours);
        change(&mut dice, &mut theirs);
        let (mut one, mut other) = (self.commit(&[base], &ours), self.commit(&[base], &theirs));
        if dice.roll(3) == 0 {
            // Each side merges the other, and takes its own files for the result.
            let crossed = (self.commit(&[one, other], &ours), self.commit(&[other, one], &theirs));
            change(&mut dice, &mut ours);
            change(&mut dice, &mut theirs);
            (one, other) = (self.commit(&[crossed.0], &ours), self.commit(&[crossed.1], &theirs));
        }
        (one, other)
    }
}

/// What git says: a tree if the merge is clean, else the conflicted paths. `None` if git aborts, as some versions do
/// when a renamed file has become a link.
fn git_merges(fixture: &Fixture, one: usize, other: usize) -> Option<Result<ObjectId, BTreeSet<String>>> {
    let output = client(fixture.repository.path())
        .args(["merge-tree", "--write-tree", "--name-only", "--no-messages", "--allow-unrelated-histories"])
        .args([format!("refs/heads/c{one}"), format!("refs/heads/c{other}")])
        .output()
        .unwrap();
    output.status.code()?;
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines();
    let tree = lines.next().unwrap().parse().unwrap();
    match output.status.code() {
        Some(0) => Some(Ok(tree)),
        Some(1) => Some(Err(lines.map(plain).collect())),
        _ => panic!("{}", String::from_utf8_lossy(&output.stderr)),
    }
}

/// Git puts one of two things that cannot have the same name beside the other, as `name~branch`.
fn plain(path: &str) -> String {
    path.split('~').next().unwrap().to_owned()
}

fn cases() -> u64 {
    std::env::var("HEARTH_TEST_MERGES").ok().and_then(|count| count.parse().ok()).unwrap_or(300)
}

#[tokio::test]
async fn random_merges_are_those_of_git() {
    let fixture = Fixture::new().await;
    let mut history = History::default();
    let pairs: Vec<_> = (1..=cases()).map(|seed| (seed, history.case(seed))).collect();
    let mut import = client(fixture.repository.path())
        .args(["fast-import", "--quiet"])
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    import.stdin.take().unwrap().write_all(history.stream.as_bytes()).unwrap();
    assert!(import.wait().unwrap().success());
    let mut odd = Vec::new();
    let (mut clean, mut aborted) = (0, 0);
    for (seed, (one, other)) in pairs {
        let Some(expected) = git_merges(&fixture, one, other) else {
            aborted += 1;
            continue;
        };
        let merged = fixture
            .repository
            .run_expensive(move |git| {
                let id = |number: usize| {
                    let name = hearth_git::RefName::new(format!("refs/heads/c{number}"))?;
                    git.reference(&name).map(|found| found.expect("it was imported"))
                };
                git.merge(id(one)?, id(other)?)
            })
            .await
            .unwrap();
        let found = match merged {
            Merge::Clean { tree } => Ok(tree),
            Merge::Conflicts(files) => {
                // Where a renamed folder leads to a place that is taken or unclear, git says that there is a
                // conflict, but not for which path.
                let is_named = |file: &ConflictFile| {
                    file.kind != ConflictKind::FolderRenamed
                        || expected.as_ref().is_err_and(|paths| paths.contains(&file.path))
                };
                let named = files.into_iter().filter(is_named).map(|file| plain(&file.path));
                Err(named.collect::<BTreeSet<_>>())
            }
        };
        clean += usize::from(found.is_ok());
        if found != expected {
            odd.push(format!("seed {seed}: c{one} and c{other}\n  git    {expected:?}\n  hearth {found:?}"));
        }
    }
    assert!(clean > 20 && aborted < 10, "{clean} were clean, git aborted {aborted} times");
    assert!(odd.is_empty(), "{} differ:\n{}", odd.len(), odd[..odd.len().min(12)].join("\n"));
}

use std::{
    ffi::OsStr,
    fs::Permissions,
    os::unix::{ffi::OsStrExt as _, fs::PermissionsExt as _},
    path::{Path, PathBuf},
    process::Stdio,
};

use hearth_git::{ObjectId, Range};
use tokio::io::AsyncReadExt as _;

use super::pushes::Story;
use crate::support::{Fixture, WorkingCopy, client};

/// Everything that can happen to a file.
fn two_commits(copy: &WorkingCopy) -> (ObjectId, ObjectId) {
    let bytes: Vec<u8> = (0..2_000_u32).flat_map(|number| (number * 7919).to_be_bytes()).collect();
    let text: String =
        (1..=30).flat_map(|number| ["line ".to_owned(), number.to_string(), "\n".to_owned()]).collect();
    copy.write("edited", &text);
    copy.write("gone", "bye\n");
    copy.write("binary", &bytes);
    copy.write("renamed from", &text);
    copy.write("no end", "a\nb");
    copy.write("link", "a file\n");
    copy.write("script", "echo\n");
    let first = copy.commit("first");
    copy.write("edited", text.replace("line 3\n", "line three\n").replace("line 25\n", ""));
    std::fs::remove_file(copy.path.join("gone")).unwrap();
    copy.write("binary", &bytes[4..]);
    copy.git(&["mv", "renamed from", "renamed \"to\"\tü"]);
    copy.write("renamed \"to\"\tü", text.replace("line 9\n", "line nine\n"));
    copy.write("no end", "a\nb\nc");
    copy.write("empty", "");
    copy.write("new", "--- a\n+++ b\n");
    std::fs::remove_file(copy.path.join("link")).unwrap();
    std::os::unix::fs::symlink("edited", copy.path.join("link")).unwrap();
    copy.git(&["add", "--all"]);
    copy.git(&["update-index", "--chmod=+x", "script"]);
    copy.git(&["commit", "-q", "-m", "Ändert: [alles], \"auch\" das\n\nFrom hier\nbis da"]);
    (first, copy.head())
}

async fn read(fixture: &Fixture, range: Range, is_mail: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = fixture.repository.stream(1_000_000, move |git, out| {
        if is_mail {
            git.write_patches(&range, out)
        } else {
            git.write_diff(Some(range.base), range.head, out)
        }
    });
    written.await.unwrap().read_to_end(&mut bytes).await.unwrap();
    bytes
}

fn pipe(copy: &WorkingCopy, arguments: &[&str], input: &[u8]) {
    use std::io::Write as _;
    let mut git =
        client(&copy.path).args(arguments).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    git.stdin.take().unwrap().write_all(input).unwrap();
    let output = git.wait_with_output().unwrap();
    let shown = String::from_utf8_lossy(input);
    assert!(output.status.success(), "{}\n{shown}", String::from_utf8_lossy(&output.stderr));
}

#[tokio::test]
async fn git_applies_a_patch_with_renames_modes_links_and_binary_files() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let (first, second) = two_commits(&copy);
    copy.push();
    let patch = read(&fixture, Range { base: first, head: second }, false).await;
    copy.git(&["checkout", "-q", "-f", "--detach", &first.to_string()]);
    pipe(&copy, &["apply", "--index"], &patch);
    let tree = format!("{second}^{{tree}}");
    assert_eq!(copy.git(&["write-tree"]), copy.git(&["rev-parse", &tree]));
    pipe(&copy, &["apply", "--index", "--reverse"], &patch);
    let tree = format!("{first}^{{tree}}");
    assert_eq!(copy.git(&["write-tree"]), copy.git(&["rev-parse", &tree]));
}

#[tokio::test]
async fn git_takes_the_mails_of_a_range_with_author_and_message() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let (first, second) = two_commits(&copy);
    copy.push();
    copy.write("new", "more\n");
    let head = copy.commit("More");
    copy.push();
    let mails = read(&fixture, Range { base: first, head }, true).await;
    copy.git(&["checkout", "-q", "-f", "--detach", &first.to_string()]);
    pipe(&copy, &["am", "-q"], &mails);
    let format = "--format=%an %ae %ad %T%n%B";
    assert_eq!(
        copy.git(&["log", format, &format!("{first}..HEAD")]),
        copy.git(&["log", format, &format!("{first}..{head}")])
    );
    assert_ne!(second, head);
}

#[tokio::test]
async fn git_takes_a_title_of_two_lines_a_body_that_looks_like_headers_and_a_long_one() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    copy.write("a", "a\n");
    let first = copy.commit("first");
    let long: String = (0..2_000)
        .flat_map(|number| [number.to_string(), ": a line of a long message, für alle\n".to_owned()])
        .collect();
    assert!(long.len() > 64 << 10);
    let messages = [
        "A title over\ntwo lines\n\nAnd a body".to_owned(),
        "Headers\n\nFrom: Someone Else <else@example.org>\nSubject: nothing".to_owned(),
        format!("Long\n\n{long}"),
    ];
    for message in &messages {
        copy.write("a", message);
        copy.commit(message);
    }
    copy.push();
    let head = copy.head();
    let mails = read(&fixture, Range { base: first, head }, true).await;
    copy.git(&["checkout", "-q", "-f", "--detach", &first.to_string()]);
    pipe(&copy, &["am", "-q"], &mails);
    let log = |head: &str| copy.git(&["log", "--format=%an %ae %ad %T%n%B", &format!("{first}..{head}")]);
    // As with the mails of git itself, the title becomes one line.
    assert_eq!(log("HEAD"), log(&head.to_string()).replace("over\ntwo", "over two"));
}

#[tokio::test]
async fn patches_of_random_histories_lead_to_the_same_trees() {
    let mut story = Story::new(7);
    let versions: Vec<_> = (0..=12).map(|number| story.push(number == 0)).collect();
    let fixture = Fixture::new().await;
    let id = story.import.run(&fixture.repository);
    let copy = fixture.working_copy();
    copy.git(&["fetch", "-q", "origin", "imported"]);
    for version in &versions {
        let range = Range { base: id(version.base), head: id(version.head) };
        copy.git(&["fetch", "-q", "origin", &range.head.to_string()]);
        copy.git(&["checkout", "-q", "-f", "--detach", &range.base.to_string()]);
        let patch = read(&fixture, range, false).await;
        if !patch.is_empty() {
            pipe(&copy, &["apply", "--index"], &patch);
        }
        assert_eq!(copy.git(&["write-tree"]), copy.git(&["rev-parse", &format!("{}^{{tree}}", range.head)]));
    }
}

/// What git itself prints.
fn printed(copy: &WorkingCopy, arguments: &[&str]) -> Vec<u8> {
    let output = client(&copy.path).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// A patch without the compressed bytes of binary files: another library finds others for the same content.
fn without_compressed(patch: &[u8]) -> String {
    let text = String::from_utf8_lossy(patch);
    let mut lines = text.split_inclusive('\n');
    let mut kept = String::new();
    while let Some(line) = lines.next() {
        kept.push_str(line);
        if line == "GIT binary patch\n" {
            // Forwards and backwards.
            for _ in 0..2 {
                lines.by_ref().take_while(|line| *line != "\n").for_each(drop);
            }
        }
    }
    kept
}

async fn assert_as_git_prints(fixture: &Fixture, copy: &WorkingCopy, range: Range) {
    let Range { base, head } = range;
    let (from, to) = (base.to_string(), head.to_string());
    let diff = printed(copy, &["diff", "--binary", "--abbrev=7", &from, &to]);
    let ours = read(fixture, Range { base, head }, false).await;
    assert_eq!(without_compressed(&ours), without_compressed(&diff));
    let range = format!("{from}..{to}");
    let mails = printed(copy, &["format-patch", "--stdout", "--abbrev=7", "--signature=Hearth", &range]);
    let ours = read(fixture, Range { base, head }, true).await;
    assert_eq!(without_compressed(&ours), without_compressed(&mails));
}

/// A folder that changes at random, in every way that a patch can describe.
struct Scene<'copy> {
    copy: &'copy WorkingCopy,
    state: u64,
    files: Vec<PathBuf>,
    made: usize,
}

impl Scene<'_> {
    fn roll(&mut self, sides: usize) -> usize {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.state >> 33).unwrap() % sides
    }

    fn line(&mut self) -> String {
        let word = self.roll(1 << 30);
        let head = ["fn part_", "    value = ", "\t# ", "_name ", "", "}  // "][self.roll(6)];
        format!("{head}{word:x}{}\n", " and more".repeat(self.roll(9)))
    }

    fn content(&mut self) -> Vec<u8> {
        (0..10 + self.roll(60)).map(|_| self.line()).collect::<String>().into_bytes()
    }

    fn new_path(&mut self) -> PathBuf {
        self.made += 1;
        let folder = ["", "src/", "src/deep/er/", "a folder/"][self.roll(4)];
        let name: &[u8] =
            [&b"plain"[..], b"with blank", b"quo\"ted", "\u{fc}ber".as_bytes(), b"not\xffutf", b"tab\t"]
                [self.roll(6)];
        let number = self.made.to_string();
        self.copy.path.join(OsStr::from_bytes(&[folder.as_bytes(), name, number.as_bytes()].concat()))
    }

    fn write(path: &Path, content: &[u8]) {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    fn edited(&mut self, path: &Path) -> Vec<u8> {
        let old = std::fs::read(path).unwrap();
        let mut lines: Vec<Vec<u8>> =
            old.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        for _ in 0..=self.roll(4) {
            let place = self.roll(lines.len() + 1);
            match self.roll(3) {
                0 if place < lines.len() => drop(lines.remove(place)),
                1 if place < lines.len() => lines[place] = self.line().into_bytes(),
                _ => lines.insert(place, self.line().into_bytes()),
            }
        }
        lines.concat()
    }

    fn change(&mut self) {
        let what = if self.files.len() < 6 { 0 } else { self.roll(6) };
        if what == 0 {
            let (path, content) = (self.new_path(), self.content());
            Self::write(&path, &content);
            return self.files.push(path);
        }
        let place = self.roll(self.files.len());
        let path = self.files[place].clone();
        match what {
            1 => {
                std::fs::remove_file(&path).unwrap();
                self.files.remove(place);
            }
            2 => {
                let (to, content) = (self.new_path(), self.edited(&path));
                std::fs::remove_file(&path).unwrap();
                Self::write(&to, &content);
                self.files[place] = to;
            }
            3 => std::fs::set_permissions(&path, Permissions::from_mode(0o755)).unwrap(),
            _ => {
                let content = self.edited(&path);
                Self::write(&path, &content);
            }
        }
    }

    /// What stays under its name: one without a line break at its end, a binary one, and one that becomes a link.
    fn change_special(&mut self) {
        let (text, bytes) = (self.content(), self.content());
        Self::write(&self.copy.path.join("no end"), text.trim_ascii_end());
        Self::write(&self.copy.path.join("binary"), &[&b"\0"[..], &bytes].concat());
        let link = self.copy.path.join("link");
        let _ = std::fs::remove_file(&link);
        if self.roll(2) == 0 {
            std::os::unix::fs::symlink("no end", &link).unwrap();
        } else {
            Self::write(&link, b"a file\n");
        }
    }
}

#[tokio::test]
async fn patches_and_mails_are_those_of_git_byte_for_byte() {
    let fixture = Fixture::new().await;
    let copy = fixture.working_copy();
    let mut scene = Scene { copy: &copy, state: 11, files: Vec::new(), made: 0 };
    let mut commits = Vec::new();
    let messages = [
        "Short",
        "A title that is so long that it has to be folded, because no line of a mail is longer than so many characters",
        "\u{c4}ndert: [alles], \"auch\" das, und zwar so lange, bis eine Zeile nicht mehr reicht: \u{fc}\u{fc}\u{fc}\u{fc}",
        "Title\nover two lines\n\nBody  \n\n\nwith blanks\n",
        "Title\n\nK\u{f6}rper",
    ];
    for round in 0..16 {
        (0..=scene.roll(8)).for_each(|_| scene.change());
        if round % 3 == 0 {
            scene.change_special();
        }
        commits.push(copy.commit(messages[round % messages.len()]));
    }
    copy.push();
    for pair in commits.windows(2) {
        assert_as_git_prints(&fixture, &copy, Range { base: pair[0], head: pair[1] }).await;
    }
    assert_as_git_prints(&fixture, &copy, Range { base: commits[0], head: commits[15] }).await;
}

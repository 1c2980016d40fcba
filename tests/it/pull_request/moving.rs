//! Comments on lines stay with their lines through whatever is pushed.

use std::collections::{BTreeMap, BTreeSet};

use hearth_tests::{Dice, PullRequest};
use serde_json::Value;

use super::Scene;

const PUSHES: usize = 50;
const COMMENTS: usize = 30;
const FILES: [&str; 2] = ["model.txt", "train.txt"];
/// Of each file in the beginning.
const LINES: usize = 24;

/// A person who changes the branch again and again. Each line that they write is different from all others.
struct Author<'a> {
    scene: &'a Scene,
    dice: Dice,
    written: usize,
}

/// A comment, and where it stands in the newest version.
#[derive(Debug)]
struct Placed {
    comment: u64,
    quoted: Value,
    /// None: it is outdated.
    line: Option<(String, usize)>,
}

impl Author<'_> {
    fn new_line(&mut self) -> String {
        self.written += 1;
        format!("line {} of its own kind", self.written)
    }

    fn lines(&self, file: &str) -> Vec<String> {
        let text = std::fs::read_to_string(self.scene.git.folder().join(file)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Changes, inserts, removes or moves a few lines of one file.
    fn edit(&mut self) {
        let file = FILES[self.dice.below(FILES.len())];
        let mut lines = self.lines(file);
        for _ in 0..=self.dice.below(3) {
            let place = self.dice.below(lines.len());
            match self.dice.below(4) {
                0 => lines[place] = self.new_line(),
                1 if lines.len() > LINES / 2 => drop(lines.remove(place)),
                2 => {
                    let moved = lines.remove(place);
                    lines.insert(self.dice.below(lines.len()), moved);
                }
                _ => lines.insert(place, self.new_line()),
            }
        }
        self.scene.git.write(file, lines.join("\n") + "\n");
    }

    fn commit(&mut self, more: &[&str]) {
        let message = format!("Step {}", self.written);
        self.scene.git.run(&["add", "--all"]);
        let commit = ["commit", "--quiet", "--allow-empty", "--message", &message];
        self.scene.git.run(&[&commit, more].concat());
    }

    /// Rewrites the commits with an edited list of them; whatever conflicts is left as it was.
    fn rebase(&self, onto: &str, edit_list: &str) {
        let git = &self.scene.git;
        let editor = [("GIT_SEQUENCE_EDITOR", edit_list), ("GIT_EDITOR", "true")];
        let rebased =
            git.program("git", &["rebase", "--quiet", "--interactive", "--empty=keep", onto], &editor);
        if !rebased.succeeded {
            // One that did not even begin has nothing to abort.
            git.attempt(&["rebase", "--abort"]);
        }
    }

    /// The base gets a commit, which the branch is put on top of.
    fn follow_base(&mut self) {
        let git = &self.scene.git;
        git.run(&["switch", "--quiet", "main"]);
        let mut lines = self.lines(FILES[0]);
        lines.insert(self.dice.below(2), self.new_line());
        git.write(FILES[0], lines.join("\n") + "\n");
        self.commit(&[]);
        git.run(&["push", "--quiet", "origin", "main"]);
        git.run(&["switch", "--quiet", "work"]);
        self.rebase("main", "true");
    }

    /// One change of any kind.
    fn rewrite(&mut self) {
        match self.dice.below(6) {
            0 => {
                self.edit();
                self.commit(&["--amend"]);
            }
            1 => self.rebase("HEAD~2", "sed -i -n -e '1{h;d}' -e '2{p;x;p}'"),
            2 => self.rebase("HEAD~2", "sed -i -e '2s/^pick/squash/'"),
            3 => self.follow_base(),
            _ => self.grow(),
        }
        // No push is the same as the last one, and enough commits are left to be rewritten.
        self.grow();
        self.scene.git.run(&["push", "--quiet", "--force", "origin", "work"]);
    }

    fn grow(&mut self) {
        self.edit();
        self.commit(&[]);
    }
}

/// The lines of a file in a commit.
fn lines_in(scene: &Scene, head: &str, file: &str) -> Vec<String> {
    scene.git.run(&["show", &format!("{head}:{file}")]).lines().map(str::to_owned).collect()
}

/// Where every comment stands in the newest version.
fn placed(scene: &Scene) -> Vec<Placed> {
    let rows = scene.server.ask_database(
        "SELECT c.id, COALESCE(p.path, CASE WHEN p.version IS NULL THEN c.path END), \
         COALESCE(p.last_line, CASE WHEN p.version IS NULL THEN c.last_line END), c.quoted FROM line_comments c \
         JOIN pull_requests r ON r.thread_id = c.thread_id \
         LEFT JOIN line_comment_places p ON p.line_comment_id = c.id AND p.version = r.version \
         WHERE p.version IS NOT NULL OR c.version = r.version ORDER BY c.id",
    );
    let read = |row: &String| {
        let mut parts = row.splitn(4, '|');
        let mut next = || parts.next().unwrap_or_default();
        let (comment, path, line, quoted) = (next(), next(), next(), next());
        let line = line.parse().ok().map(|line| (path.to_owned(), line));
        Placed { comment: comment.parse().unwrap(), quoted: serde_json::from_str(quoted).unwrap(), line }
    };
    rows.iter().map(read).collect()
}

/// Each comment is on a line with the text that it was written for, or outdated with that text; and readers find it.
fn assert_none_is_lost(scene: &Scene, pull: &PullRequest, head: &str, said: &[String]) -> usize {
    let placed = placed(scene);
    let files: BTreeMap<&str, Vec<String>> =
        FILES.into_iter().map(|file| (file, lines_in(scene, head, file))).collect();
    assert_eq!(placed.len(), said.len(), "{placed:?}");
    for (comment, text) in placed.iter().zip(said) {
        let quoted = comment.quoted["lines"].as_array().and_then(|lines| lines.last());
        assert_eq!(quoted.and_then(Value::as_str), Some(&**text), "{comment:?}");
        if let Some((path, line)) = &comment.line {
            assert_eq!(files[&**path].get(line - 1), Some(text), "{comment:?} in {head}");
        }
    }
    let page = scene.server.anonymous().get(&pull.page("files?since=0")).expect(200).body;
    for comment in &placed {
        let place = format!("id=\"line-comment-{}\"", comment.comment);
        assert_eq!(page.matches(&place).count(), 1, "{comment:?} on the page");
    }
    placed.iter().filter(|comment| comment.line.is_none()).count()
}

#[test]
fn thirty_comments_survive_fifty_pushes_on_their_own_lines_or_with_their_code() {
    let scene = Scene::new();
    let dice = Dice::drawn();
    eprintln!("HEARTH_TEST_SEED={}", dice.seed());
    let mut author = Author { scene: &scene, dice, written: 0 };
    for file in FILES {
        let lines: Vec<String> = (0..LINES).map(|_| author.new_line()).collect();
        scene.git.write(file, lines.join("\n") + "\n");
    }
    author.commit(&[]);
    scene.git.run(&["push", "--quiet"]);
    scene.git.run(&["switch", "--quiet", "--create", "work"]);
    author.grow();
    author.grow();
    author.rewrite();
    let pull = scene.open("work", "main");

    let (mut heads, mut said) = (vec![scene.git.head()], Vec::new());
    let (mut outdated, mut distinct) = (0, BTreeSet::new());
    pull.wait_until_followed(&scene.server);
    for push in 0..PUSHES {
        let due = COMMENTS * (push + 1) / PUSHES;
        while said.len() < due {
            // Also for versions that are long gone, and for lines that no version changed.
            let head = &heads[author.dice.below(heads.len())];
            let file = FILES[author.dice.below(FILES.len())];
            let lines = lines_in(&scene, head, file);
            let line = author.dice.below(lines.len());
            pull.comment_on(&scene.lin, head, (file, line + 1), &format!("Comment {}", said.len()));
            said.push(lines[line].clone());
        }
        author.rewrite();
        let head = scene.git.head();
        pull.wait_until_followed(&scene.server);
        assert_eq!(pull.card(&scene.mei)["head"]["sha"], head, "push {push}");
        outdated = assert_none_is_lost(&scene, &pull, &head, &said);
        distinct.insert(head.clone());
        heads.push(head);
    }
    assert_eq!((said.len(), distinct.len()), (COMMENTS, PUSHES));
    assert!(outdated > 0 && outdated < COMMENTS, "{outdated} are outdated");
}

//! The targets of a siege: a repository with a tree bomb, a large one, and a normal one that is in use
//! meanwhile.

use std::time::Duration;

use data_encoding::BASE64;

use crate::{Git, Person, Siege, noise, wait_until};

/// Nested trees with ten entries each: at this depth, ten thousand million files.
const DEPTH: usize = 10;
const BREADTH: usize = 10;
/// Clients that begin a request and then stall.
const STALLED: u16 = 200;
/// Idle connections.
pub const IDLE: u16 = 2_000;
/// Clients that request the tree bomb, and how long they wait before they hang up.
const BOMBS: u16 = 8;
const BOMB_PATIENCE: Duration = Duration::from_secs(2);

/// The repositories `bomb`, `large` and `daily` of one person.
pub struct Scene {
    bomb: String,
    tip: String,
    daily: Git,
    steps: usize,
}

impl Scene {
    /// Creates and fills them.
    #[track_caller]
    #[must_use]
    pub fn of(owner: &Person) -> Self {
        for name in ["bomb", "large", "daily"] {
            owner.create_repository(name);
        }
        let bomb = push_a_bomb(&mut Git::of(owner), &owner.clone_address("bomb"));
        let mut large = Git::of(owner);
        large.begin("large", &owner.clone_address("large"), &[("README.md", "# Large\n")]);
        large.write("weights.bin", noise(5, 16 << 20));
        let tip = large.commit("Weights");
        large.run(&["push", "--quiet"]);
        let mut daily = Git::of(owner);
        daily.begin("daily", &owner.clone_address("daily"), &[("README.md", "# Daily\n")]);
        Self { bomb, tip, daily, steps: 0 }
    }

    /// Starts all clients, and waits until they are connected.
    #[track_caller]
    #[must_use]
    pub fn besiege(&self, owner: &Person) -> Siege {
        let name = &owner.name;
        let siege = Siege::of(owner.root());
        siege.stall(1, STALLED, &beginnings(owner, &self.tip));
        siege.idle(2, IDLE);
        let questions = [
            format!("/{name}/bomb/commit/{}", self.bomb),
            format!("/{name}/bomb/archive/main.tar.gz"),
            format!("/{name}/bomb/archive/main.zip"),
            format!("/{name}/bomb"),
            format!("/{name}/bomb/commits/branch/main/entry-1.py/entry-2.py"),
            format!("/api/v1/repos/{name}/bomb/contents/entry-0.py"),
        ];
        siege.ask(3, BOMBS, &questions, BOMB_PATIENCE);
        wait_until("the siege to stand", Duration::from_mins(2), || {
            siege.held() > usize::from(IDLE + STALLED) / 2 && siege.asked() > usize::from(BOMBS)
        });
        siege
    }

    /// Pushes one more commit to the normal repository, and returns its title.
    #[track_caller]
    pub fn push(&mut self) -> String {
        self.steps += 1;
        let title = format!("Step {}", self.steps);
        self.daily.write("step.txt", format!("{title}\n"));
        self.daily.commit(&title);
        self.daily.run(&["push", "--quiet"]);
        title
    }
}

/// Pushes a commit of few objects whose tree expands to a vast number of files, and returns it.
fn push_a_bomb(git: &mut Git, address: &str) -> String {
    git.begin("bomb", address, &[("README.md", "# Bomb\n")]);
    let mut object = git.run(&["rev-parse", "HEAD:README.md"]).trim().to_owned();
    let mut kind = "100644 blob";
    for _ in 0..DEPTH {
        let entries: Vec<String> =
            (0..BREADTH).map(|number| format!("{kind} {object}\tentry-{number}.py\n")).collect();
        git.write("../listed", entries.concat());
        let made = git.program("sh", &["-c", "git mktree < ../listed"], &[]);
        assert!(made.succeeded, "{}", made.err);
        made.out.trim().clone_into(&mut object);
        kind = "040000 tree";
    }
    let commit = git.run(&["commit-tree", "-p", "HEAD", "-m", "Unfold", &object]).trim().to_owned();
    git.run(&["push", "--quiet", "origin", &format!("{commit}:refs/heads/main")]);
    commit
}

/// The beginning of a request for every route that takes a body, and one client that does not read a pack.
fn beginnings(owner: &Person, tip: &str) -> Vec<String> {
    let name = &owner.name;
    let basic = BASE64.encode(format!("{name}:{}", owner.token).as_bytes());
    let large = |way: &str, rest: &str| format!("{way} /{name}/large.git/{rest}");
    let begin = |line: &str, kind: &str, begun: &str| {
        format!(
            "{line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {basic}\r\nContent-Type: {kind}\r\n\
             Content-Length: 1000\r\n\r\n{begun}"
        )
    };
    let want = format!("0011command=fetch0001{:04x}want {tip}\n0009done\n0000", 4 + 5 + 40 + 1);
    let git = "application/x-git";
    let wanted = format!(
        "POST /{name}/large.git/git-upload-pack HTTP/1.1\r\nHost: localhost\r\nGit-Protocol: version=2\r\n\
         Content-Type: {git}-upload-pack-request\r\nContent-Length: {}\r\n\r\n{want}",
        want.len()
    );
    let object = "0".repeat(64);
    vec![
        "GET / HTTP/1.1\r\nHost: local".to_owned(),
        begin("POST /user/login", "application/x-www-form-urlencoded", "n"),
        begin("POST /api/v1/user/repos", "application/json", "{"),
        begin(&format!("PUT /api/v1/repos/{name}/large/contents/a"), "application/json", "{"),
        begin(&large("POST", "git-upload-pack"), &format!("{git}-upload-pack-request"), "0011"),
        begin(&large("POST", "git-receive-pack"), &format!("{git}-receive-pack-request"), "00a1"),
        begin(&large("POST", "info/lfs/objects/batch"), "application/vnd.git-lfs+json", "{"),
        begin(&large("PUT", &format!("info/lfs/objects/{object}")), "application/octet-stream", "0"),
        wanted,
    ]
}

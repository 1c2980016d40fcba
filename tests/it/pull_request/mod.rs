//! Pull requests: real git against the real server, and programs that merge.

mod fork;
mod moving;
mod race;
mod references;
mod retrain;
mod rules;
mod stack;
mod stopped;

use std::time::Duration;

use hearth_tests::{Answer, Git, Person, PullRequest, TestServer};
use reqwest::Method;
use serde_json::json;

/// How long the server may take to follow on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server with a repository of mei's, to which lin may push as well.
struct Scene {
    server: TestServer,
    mei: Person,
    lin: Person,
    /// mei's clone.
    git: Git,
}

impl Scene {
    fn new() -> Self {
        Self::with(&[("README.md", "# LLM\n")])
    }

    fn with(files: &[(&str, &str)]) -> Self {
        Self::on(TestServer::start(), files)
    }

    fn on(server: TestServer, files: &[(&str, &str)]) -> Self {
        let (mei, lin) = (server.admin("mei"), server.person("lin"));
        mei.create_repository("llm");
        let mut git = Git::of(&mei);
        git.begin("llm", &mei.clone_address("llm"), files);
        let path = mei.repository_api("llm", "/collaborators/lin");
        let invited = mei.api.request(Method::PUT, &path).json(&json!({ "permission": "write" }));
        let _ = Answer::to(invited).expect(204);
        Self { server, mei, lin, git }
    }

    /// Commits a file on a new branch from main, pushes it, and returns the commit.
    fn push_branch(&self, name: &str, file: &str, content: &str) -> String {
        self.git.run(&["switch", "--quiet", "--create", name, "main"]);
        self.git.write(file, content);
        let commit = self.git.commit(&format!("Add {file}"));
        self.git.run(&["push", "--quiet", "--set-upstream", "origin", name]);
        self.git.run(&["switch", "--quiet", "main"]);
        commit
    }

    fn open(&self, head: &str, base: &str) -> PullRequest {
        PullRequest::open(&self.mei, "mei/llm", head, base)
    }

    /// Where a branch or another reference is on the server; empty: it is not there.
    fn tip(&self, reference: &str) -> String {
        let listed = self.git.run(&["ls-remote", "origin", reference]);
        listed.split_whitespace().next().unwrap_or_default().to_owned()
    }

    /// The commits of the main branch on the server along its first parents that touched a file.
    fn commits_of(&self, file: &str) -> usize {
        self.git.run(&["fetch", "--quiet", "origin", "main"]);
        let log = ["log", "--first-parent", "--format=%H", "FETCH_HEAD", "--", file];
        self.git.run(&log).lines().count()
    }

    /// Removes at once whatever nothing refers to, from every repository of the server.
    fn collect_garbage(&self) {
        let script = "for folder in $(find \"$1\" -type d -name '*.git' -not -path '*/.hearth/*'); do \
                      git --git-dir=\"$folder\" -c safe.directory='*' gc --quiet --prune=now || exit 1; done";
        let folder = self.server.data().display().to_string();
        let done = self.git.program("sh", &["-c", script, "sh", &folder], &[]);
        assert!(done.succeeded, "{}", done.err);
    }
}

//! A pull request, as programs see it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Answer, Person, TestServer, wait_or_tell};

/// How long following a push may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// A pull request of a repository, for whoever may see it.
#[derive(Clone, Debug)]
pub struct PullRequest {
    /// As `mei/llm`.
    repository: String,
    pub number: u64,
}

impl PullRequest {
    /// Opens one by the API. `repository` is `owner/name`; `head` is `branch`, or `owner:branch` of a fork.
    ///
    /// # Panics
    ///
    /// When it cannot be opened.
    #[track_caller]
    #[must_use]
    pub fn open(by: &Person, repository: &str, head: &str, base: &str) -> Self {
        let answer = Self::attempt(by, repository, head, base).expect(201).json();
        let number = answer["number"].as_u64().expect("a pull request has a number");
        Self::of(repository, number)
    }

    /// The same, which may be refused.
    #[track_caller]
    pub fn attempt(by: &Person, repository: &str, head: &str, base: &str) -> Answer {
        let asked = json!({ "title": format!("Merge {head}"), "head": head, "base": base });
        by.api.post(&format!("/api/v1/repos/{repository}/pulls"), &asked)
    }

    /// One that was opened already.
    #[must_use]
    pub fn of(repository: &str, number: u64) -> Self {
        Self { repository: repository.to_owned(), number }
    }

    /// The path of one of its pages: `page("files")`.
    pub fn page(&self, part: &str) -> String {
        let path = format!("/{}/pulls/{}", self.repository, self.number);
        if part.is_empty() { path } else { format!("{path}/{part}") }
    }

    /// A path below it in the API: `api("/merge")`.
    pub fn api(&self, rest: &str) -> String {
        format!("/api/v1/repos/{}/pulls/{}{rest}", self.repository, self.number)
    }

    /// What the API says of it.
    #[track_caller]
    pub fn card(&self, reader: &Person) -> Value {
        reader.api.get(&self.api("")).expect(200).json()
    }

    /// `open`, `closed` or `merged`.
    #[track_caller]
    pub fn state(&self, reader: &Person) -> String {
        let card = self.card(reader);
        let state =
            if card["merged"] == true { "merged" } else { card["state"].as_str().unwrap_or_default() };
        state.to_owned()
    }

    /// Merges it by the API, which may be refused.
    #[track_caller]
    pub fn merge(&self, by: &Person, method: &str) -> Answer {
        by.api.post(&self.api("/merge"), &json!({ "Do": method }))
    }

    /// Reviews it as it is now: `APPROVED`, `REQUEST_CHANGES` or `COMMENT`.
    #[track_caller]
    pub fn review(&self, by: &Person, verdict: &str) {
        let _ =
            by.api.post(&self.api("/reviews"), &json!({ "event": verdict, "body": "So be it." })).expect(200);
    }

    /// Comments on a line of a file as it is in the version with this head.
    #[track_caller]
    pub fn comment_on(&self, by: &Person, head: &str, (path, line): (&str, usize), body: &str) {
        let comment = json!({ "path": path, "new_position": line, "body": body });
        let review = json!({ "event": "COMMENT", "commit_id": head, "comments": [comment] });
        let _ = by.api.post(&self.api("/reviews"), &review).expect(200);
    }

    /// Waits until the last push to one of its branches is followed in everything: its references, its comments,
    /// whether it merges.
    ///
    /// # Panics
    ///
    /// When that takes too long.
    #[track_caller]
    pub fn wait_until_followed(&self, server: &TestServer) {
        let unfinished = "SELECT kind, attempts, last_error FROM jobs WHERE failed_at IS NULL AND kind IN \
                          ('refresh_pull_request', 'refresh_base', 'settle_pull_request', 'restack_pull_request')";
        let left = || server.ask_database(unfinished);
        let done = || left().is_empty().then_some(());
        wait_or_tell(PATIENCE, done, || format!("#{} to be followed: {:?}", self.number, left()));
    }
}

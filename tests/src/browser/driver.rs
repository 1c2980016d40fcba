//! The part of the `WebDriver` protocol that the tests need: JSON over HTTP to a chromedriver of their own.

use std::process::Command;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::process::end_those_in;
use crate::{Answer, Api, Process, is_root};

/// The protocol's key for element references.
pub(super) const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A chromedriver with one session.
pub(super) struct Driver {
    http: Api,
    session: String,
    profile: TempDir,
    _process: Process,
}

impl Driver {
    #[track_caller]
    pub(super) fn start() -> Self {
        let profile =
            tempfile::Builder::new().prefix("hearth-browser-").tempdir().expect("a temporary folder");
        let mut command = Command::new("chromedriver");
        // Chromium keeps caches and locks in its home; keep it out of the developer's.
        command.arg("--port=0").env("HOME", profile.path()).env("TMPDIR", profile.path());
        let mut process = Process::start(&mut command);
        let started = "ChromeDriver was started successfully on port ";
        let port = process.wait_for_line(started, Duration::from_secs(30));
        let http = Api::new(&format!("http://127.0.0.1:{}", port.trim_end_matches('.')), None);
        let mut switches = vec![
            "--headless".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--disable-default-apps".to_owned(),
            "--hide-scrollbars".to_owned(),
            "--lang=en".to_owned(),
            format!("--user-data-dir={}", profile.path().join("profile").display()),
        ];
        if is_root() {
            switches.push("--no-sandbox".to_owned());
        }
        let wanted = json!({
            "capabilities": { "alwaysMatch": {
                "goog:chromeOptions": { "args": switches },
                "pageLoadStrategy": "normal",
            } }
        });
        let answer = value(http.post("/session", &wanted));
        let session = answer["sessionId"].as_str().expect("a session has an id").to_owned();
        Self { http, session, profile, _process: process }
    }

    fn path(&self, rest: &str) -> String {
        format!("/session/{}{rest}", self.session)
    }

    #[track_caller]
    pub(super) fn get(&self, rest: &str) -> Value {
        value(self.http.get(&self.path(rest)))
    }

    #[track_caller]
    pub(super) fn post(&self, rest: &str, body: &Value) -> Value {
        value(self.http.post(&self.path(rest), body))
    }

    /// Runs a command of the developer tools.
    #[track_caller]
    pub(super) fn tools(&self, command: &str, parameters: &Value) -> Value {
        self.post("/goog/cdp/execute", &json!({ "cmd": command, "params": parameters }))
    }

    /// The first element that matches a CSS selector, if any.
    #[track_caller]
    pub(super) fn find(&self, css: &str) -> Option<String> {
        let wanted = json!({ "using": "css selector", "value": css });
        let answer = self.http.post(&self.path("/element"), &wanted);
        (answer.status != 404).then(|| value(answer)[ELEMENT].as_str().unwrap_or_default().to_owned())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Chromium ends by itself when asked; anything left after that is killed.
        let request = self.http.request(Method::DELETE, &self.path(""));
        drop(request.timeout(Duration::from_secs(5)).send());
        end_those_in(self.profile.path());
    }
}

#[track_caller]
fn value(answer: Answer) -> Value {
    let mut answer = answer.expect(200).json();
    answer["value"].take()
}

//! The test suite of Gitea's Go SDK, unmodified, against the real binary.

use std::{collections::BTreeSet, path::Path, process::Command};

use hearth_tests::{TestServer, skip};

/// The account that the suite expects to be the first.
const NAME: &str = "test01";
const PASSWORD: &str = "test01: five heavy words of theirs";
/// Where the tests that do not pass are named, each with the reason.
const DOCUMENT: &str = include_str!("../../docs/api.md");

#[test]
fn gitea_s_own_sdk_finds_what_it_knows_except_what_the_documentation_names() {
    let Some(suite) = std::env::var_os("HEARTH_TEST_GO_SDK") else {
        return skip("HEARTH_TEST_GO_SDK does not name the compiled tests of the Go SDK, which needs Go");
    };
    let server = TestServer::start();
    let email = ["--email", "test01@gitea.io"];
    let account = ["admin", "user", "create", NAME, "--admin", "--password-stdin"];
    server.hearth(&[account.as_slice(), &email].concat(), PASSWORD);
    let token = ["admin", "token", "create", "--user", NAME, "--scopes", "all", "--name", "gitea-admin"];
    server.hearth(&token, "");

    let suite = Suite { program: Path::new(&suite), server: &server };
    let all = suite.list();
    // Each in a process of its own: a test that stops at a fault would hide all that come after it.
    let failed: BTreeSet<&str> = all.iter().map(String::as_str).filter(|test| !suite.passes(test)).collect();
    let named: BTreeSet<&str> = named_in_the_document().collect();
    let unexpected: Vec<_> = failed.difference(&named).collect();
    assert!(unexpected.is_empty(), "these do not pass, and docs/api.md does not say why: {unexpected:?}");
    let passed: Vec<_> = named.difference(&failed).collect();
    assert!(passed.is_empty(), "these pass, or do not exist, and docs/api.md says otherwise: {passed:?}");
}

/// The first column of the tables: lines such as ``| `TestOauth2` | why |``.
fn named_in_the_document() -> impl Iterator<Item = &'static str> {
    let first = |line: &'static str| line.strip_prefix("| `")?.split_once('`').map(|(name, _)| name);
    DOCUMENT.lines().filter_map(first).filter(|name| name.starts_with("Test"))
}

/// The compiled tests, and the server that they talk to.
struct Suite<'a> {
    program: &'a Path,
    server: &'a TestServer,
}

impl Suite<'_> {
    fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command.env("GITEA_SDK_TEST_URL", self.server.url(""));
        command.env("GITEA_SDK_TEST_USERNAME", NAME).env("GITEA_SDK_TEST_PASSWORD", PASSWORD);
        command
    }

    fn list(&self) -> Vec<String> {
        let output = self.command().args(["-test.list", "."]).output().expect("the suite starts");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let tests: Vec<String> =
            text.lines().filter(|line| line.starts_with("Test")).map(str::to_owned).collect();
        assert!(tests.len() > 50, "the suite lists its tests: {text}");
        tests
    }

    /// Runs one test, and prints what it said if it does not pass.
    #[expect(clippy::print_stdout, reason = "shown with the failed test")]
    fn passes(&self, test: &str) -> bool {
        let run = format!("^{test}$");
        let arguments = ["-test.v", "-test.timeout", "120s", "-test.run", &run];
        let output = self.command().args(arguments).output().expect("the suite starts");
        let text = String::from_utf8_lossy(&output.stdout);
        let has_passed = output.status.success() && text.contains(&format!("--- PASS: {test} "));
        if !has_passed {
            println!("{text}");
        }
        has_passed
    }
}

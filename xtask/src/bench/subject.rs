//! The server to measure: Hearth or Gitea, in a new folder, on loopback.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::{sleep, spawn};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::client::Client;
use super::table::{Table, ms};
use super::usage;
use crate::Outcome;
use crate::program::output;

/// Owner and name of the repository, on every server.
pub(super) const REPOSITORY: &str = "bench/sample";
const PASSWORD: &str = "one heavy word after another";

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Hearth,
    Gitea,
}

/// A server with its data.
pub(super) struct Subject {
    kind: Kind,
    name: String,
    binary: PathBuf,
    folder: TempDir,
    port: u16,
    /// Where Hearth answers SSH.
    ssh_port: u16,
    token: String,
    child: Option<Child>,
}

impl Subject {
    pub(super) fn hearth(binary: &Path, folder: &Path) -> Outcome<Self> {
        Self::new(Kind::Hearth, "Hearth", binary, folder)
    }

    pub(super) fn gitea(binary: &Path, folder: &Path) -> Outcome<Self> {
        let version = output(Command::new(binary).arg("--version"))?;
        let version = version.split_whitespace().nth(2).unwrap_or_default();
        Self::new(Kind::Gitea, &format!("Gitea {version}"), binary, folder)
    }

    fn new(kind: Kind, name: &str, binary: &Path, folder: &Path) -> Outcome<Self> {
        // Both are bound at once, so that they differ.
        let free = || {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
            std::io::Result::Ok((listener.local_addr()?.port(), listener))
        };
        let free = free().and_then(|one| Ok((one, free()?)));
        let ((port, _one), (ssh_port, _other)) =
            free.map_err(|e| format!("no free port on loopback: {e}"))?;
        let folder = tempfile::Builder::new()
            .prefix("data-")
            .tempdir_in(folder)
            .map_err(|e| format!("cannot make a data folder: {e}"))?;
        let (name, binary) = (name.to_owned(), binary.to_path_buf());
        Ok(Self { kind, name, binary, folder, port, ssh_port, token: String::new(), child: None })
    }

    /// Whether it is Hearth, whose sign-in form is known.
    pub(super) fn is_hearth(&self) -> bool {
        self.kind == Kind::Hearth
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(words).env("HOME", self.folder.path()).current_dir(self.folder.path());
        match self.kind {
            Kind::Hearth => {
                command.env("HEARTH__SSH__LISTEN", format!("127.0.0.1:{}", self.ssh_port));
                command.arg("--data").arg(self.folder.path().join("data"))
            }
            Kind::Gitea => command.arg("--config").arg(self.folder.path().join("app.ini")),
        };
        command
    }

    /// Creates an account, a token and an empty public repository, and starts.
    pub(super) fn begin(&mut self) -> Outcome {
        let email = "bench@example.org";
        self.token = match self.kind {
            Kind::Hearth => {
                let words =
                    ["admin", "user", "create", "bench", "--email", email, "--admin", "--password-stdin"];
                let mut create = self.command(&words);
                let child = create.stdin(Stdio::piped()).stdout(Stdio::null()).spawn();
                let mut child = child.map_err(|e| format!("cannot start hearth: {e}"))?;
                let mut pipe = child.stdin.take().ok_or("hearth takes no input")?;
                pipe.write_all(PASSWORD.as_bytes()).map_err(|e| format!("hearth reads no password: {e}"))?;
                drop(pipe);
                let status = child.wait().map_err(|e| format!("hearth does not end: {e}"))?;
                if !status.success() {
                    return Err(format!("hearth admin user create: {status}"));
                }
                output(
                    &mut self.command(&["admin", "token", "create", "--user", "bench", "--scopes", "all"]),
                )?
            }
            Kind::Gitea => {
                self.configure_gitea()?;
                output(&mut self.command(&["migrate"]))?;
                let words = ["admin", "user", "create", "--username", "bench", "--email", email, "--admin"];
                let more = ["--password", PASSWORD, "--must-change-password=false"];
                output(&mut self.command(&[&words[..], &more].concat()))?;
                let words = ["admin", "user", "generate-access-token", "--username", "bench", "--raw"];
                output(&mut self.command(&[&words[..], &["--scopes", "all"]].concat()))?
            }
        };
        self.token = self.token.trim().to_owned();
        self.start()?;
        self.create("sample").map(drop)
    }

    /// Creates an empty public repository; its owner and name.
    pub(super) fn create(&self, name: &str) -> Outcome<String> {
        let asked = format!(r#"{{"name":"{name}"}}"#);
        let created = self.program().send("POST", "/api/v1/user/repos", &asked)?;
        if created.status == 201 {
            Ok(format!("bench/{name}"))
        } else {
            Err(format!("making a repository answered {}", created.status))
        }
    }

    /// One account makes all requests here, more a minute than people's programs may.
    fn configure_hearth(&self) -> Outcome<PathBuf> {
        let file = self.folder.path().join("hearth.toml");
        let text = "[limits]\naccount_requests = 100_000_000\naddress_requests = 100_000_000\n";
        fs::write(&file, text).map_err(|e| format!("cannot configure Hearth: {e}"))?;
        Ok(file)
    }

    fn configure_gitea(&self) -> Outcome {
        let (folder, port) = (self.folder.path().display(), self.port);
        let text = format!(
            "WORK_PATH = {folder}\nRUN_USER = root\n[server]\nHTTP_ADDR = 127.0.0.1\nHTTP_PORT = {port}\n\
             ROOT_URL = http://127.0.0.1:{port}/\nDISABLE_SSH = true\nOFFLINE_MODE = true\n\
             [database]\nDB_TYPE = sqlite3\nPATH = {folder}/gitea.db\n[security]\nINSTALL_LOCK = true\n\
             [log]\nLEVEL = Error\n"
        );
        fs::write(self.folder.path().join("app.ini"), text)
            .map_err(|e| format!("cannot configure Gitea: {e}"))
    }

    /// Starts it and returns the time until a page was served.
    fn start(&mut self) -> Outcome<Duration> {
        let listen = format!("127.0.0.1:{}", self.port);
        let mut command = match self.kind {
            Kind::Hearth => {
                let mut command = self.command(&["serve"]);
                command.args(["--listen", &listen]).arg("--config").arg(self.configure_hearth()?);
                command
            }
            Kind::Gitea => self.command(&["web"]),
        };
        let started = Instant::now();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|e| format!("cannot start {}: {e}", self.name))?;
        // A server whose output nobody reads would block on a full pipe.
        if let Some(pipe) = child.stdout.take() {
            spawn(move || BufReader::new(pipe).lines().map_while(Result::ok).for_each(drop));
        }
        self.child = Some(child);
        while started.elapsed() < Duration::from_mins(1) {
            if self.visitor().get("/explore/repos").is_ok_and(|response| response.status == 200) {
                return Ok(started.elapsed());
            }
            sleep(Duration::from_millis(2));
        }
        Err(format!("{} did not answer within a minute", self.name))
    }

    /// Starts it anew on the existing data.
    pub(super) fn restart_once(&mut self) -> Outcome {
        self.end();
        self.start().map(drop)
    }

    /// Starts it five times on the existing data and keeps the median.
    pub(super) fn restart(&mut self, table: &mut Table) -> Outcome {
        let mut times = Vec::new();
        for _ in 0..5 {
            self.end();
            times.push(self.start()?);
        }
        times.sort_unstable();
        table.figure("start until ready, existing data", ms(times[2]), "ms");
        Ok(())
    }

    /// Opens issues one after the other, through the API.
    pub(super) fn open_issues(&self, count: u32, table: &mut Table) -> Outcome {
        let before = self.cpu()?;
        self.open_issues_of(REPOSITORY, count)?;
        let each = self.cpu()?.saturating_sub(before) / count.max(1);
        table.figure("creating an issue, server CPU", ms(each), "ms");
        Ok(())
    }

    /// The same in another repository.
    pub(super) fn open_issues_of(&self, repository: &str, count: u32) -> Outcome {
        let mut program = self.program();
        for number in 1..=count {
            let body = format!(
                r#"{{"title":"Sample issue {number}: the loss does not fall","body":"Step {number} shows it.\n\n- one\n- two"}}"#
            );
            let answer = program.send("POST", &format!("/api/v1/repos/{repository}/issues"), &body)?;
            if answer.status != 201 {
                return Err(format!("opening an issue answered {}", answer.status));
            }
        }
        Ok(())
    }

    /// An anonymous client.
    pub(super) fn visitor(&self) -> Client {
        Client::new(self.port, "Accept: text/html,application/json\r\nAccept-Language: en\r\n")
    }

    /// A client that is signed in as a user who looks at pages.
    pub(super) fn person(&self) -> Outcome<Client> {
        let mut visitor = self.visitor();
        let form = visitor.get("/user/login")?;
        let text = String::from_utf8_lossy(&form.body);
        let csrf = text.split(r#"name="csrf" value=""#).nth(1).and_then(|rest| rest.split('"').next());
        let (csrf, visit) = (csrf.ok_or("the form to sign in has no token")?, form.cookies.join("; "));
        let headers = format!("Accept: text/html\r\nAccept-Language: en\r\nCookie: {visit}");
        let words = format!("csrf={csrf}&name=bench&password={}", PASSWORD.replace(' ', "+"));
        let answer = Client::new(self.port, &format!("{headers}\r\n")).submit("/user/login", &words)?;
        if answer.status != 303 {
            return Err(format!("signing in answered {}", answer.status));
        }
        Ok(Client::new(self.port, &format!("{headers}; {}\r\n", answer.cookies.join("; "))))
    }

    /// An API client with a token.
    pub(super) fn program(&self) -> Client {
        Client::new(self.port, &format!("Authorization: token {}\r\n", self.token))
    }

    /// A client that speaks git's protocol.
    pub(super) fn fetcher(&self) -> Client {
        Client::new(self.port, "Git-Protocol: version=2\r\n")
    }

    /// Where git finds the repository.
    pub(super) fn address(&self) -> String {
        self.address_of(REPOSITORY)
    }

    /// Where git finds another repository, by owner and name.
    pub(super) fn address_of(&self, repository: &str) -> String {
        format!("http://bench:{}@127.0.0.1:{}/{repository}.git", self.token, self.port)
    }

    /// Where git finds a repository over SSH.
    pub(super) fn ssh_address_of(&self, repository: &str) -> String {
        format!("ssh://git@127.0.0.1:{}/{repository}.git", self.ssh_port)
    }

    /// The folder of its data.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    fn pid(&self) -> Outcome<u32> {
        self.child.as_ref().map(Child::id).ok_or_else(|| format!("{} does not run", self.name))
    }

    pub(super) fn cpu(&self) -> Outcome<Duration> {
        usage::cpu(self.pid()?)
    }

    pub(super) fn memory(&self, name: &str) -> Outcome<f64> {
        usage::memory(self.pid()?, name)
    }

    /// Asks it to stop, and waits.
    pub(super) fn end(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let asked = output(Command::new("kill").args(["-TERM", &child.id().to_string()]));
        let deadline = Instant::now() + Duration::from_secs(30);
        while asked.is_ok() && Instant::now() < deadline {
            if !matches!(child.try_wait(), Ok(None)) {
                return;
            }
            sleep(Duration::from_millis(5));
        }
        child.kill().and_then(|()| child.wait().map(drop)).unwrap_or_default();
    }
}

impl Drop for Subject {
    fn drop(&mut self) {
        self.end();
    }
}

//! The real server with its own folder and port.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use rustix::process::Signal;
use tempfile::TempDir;

use crate::database::{self, Database};
use crate::open_files::open_files;
use crate::process::{end_those_in, signal, those_in};
use crate::{Api, Finished, Person, Process, target_folder};

/// How long a program may take to respond on a busy machine before a test gives up.
const PATIENCE: Duration = Duration::from_mins(1);
const DATABASE_URL: &str = "HEARTH__DATABASE__URL";

/// A server before it starts.
#[derive(Default)]
pub struct Builder {
    environment: Vec<(String, String)>,
    folder: Option<PathBuf>,
    database_url: Option<String>,
    is_on_sqlite: bool,
    address: Option<String>,
    log_file: Option<PathBuf>,
}

impl Builder {
    /// Sets one configuration key: `setting("users.registration", "closed")`.
    #[must_use]
    pub fn setting(mut self, key: &str, value: &str) -> Self {
        let name = format!("HEARTH__{}", key.to_uppercase().replace('.', "__"));
        self.environment.push((name, value.to_owned()));
        self
    }

    /// Makes the server find programs only in this folder, for tests of missing programs.
    #[must_use]
    pub fn programs(mut self, folder: &Path) -> Self {
        self.environment.push(("PATH".to_owned(), folder.display().to_string()));
        self
    }

    /// Listens on this address, for access from other machines.
    #[must_use]
    pub fn address(mut self, address: &str) -> Self {
        self.address = Some(address.to_owned());
        self
    }

    /// Keeps the data in this folder, for tests of full disks.
    #[must_use]
    pub fn data(mut self, folder: &Path) -> Self {
        self.folder = Some(folder.to_path_buf());
        self
    }

    /// Uses this database instead of the one of the run, for tests that take it away.
    #[must_use]
    pub fn database(mut self, url: &str) -> Self {
        self.database_url = Some(url.to_owned());
        self
    }

    /// Uses SQLite whatever the run uses, for tests of its files.
    #[must_use]
    pub fn on_sqlite(mut self) -> Self {
        self.is_on_sqlite = true;
        self
    }

    /// Redirects the log, for tests of logs that cannot be written.
    #[must_use]
    pub fn log_to(mut self, file: &Path) -> Self {
        self.log_file = Some(file.to_path_buf());
        self
    }

    /// Starts it and waits until it reports that it is ready.
    #[track_caller]
    #[must_use]
    pub fn start(self) -> TestServer {
        let home = tempfile::Builder::new().prefix("hearth-e2e-").tempdir().expect("a temporary folder");
        let data = self.folder.unwrap_or_else(|| home.path().join("data"));
        let mut environment = self.environment;
        let database =
            if self.database_url.is_some() || self.is_on_sqlite { None } else { Database::of_this_run() };
        let url = self.database_url.or_else(|| database.as_ref().map(Database::url));
        environment.extend(url.map(|url| (DATABASE_URL.to_owned(), url)));
        let mut server = TestServer {
            process: None,
            log: String::new(),
            address: format!("{}:0", self.address.as_deref().unwrap_or("127.0.0.1")),
            home,
            data,
            environment,
            log_file: self.log_file,
            _database: database,
        };
        server.start_again();
        server
    }
}

/// A running server. Dropping it stops it and everything it started, and removes its data.
pub struct TestServer {
    process: Option<Process>,
    log: String,
    address: String,
    home: TempDir,
    data: PathBuf,
    environment: Vec<(String, String)>,
    log_file: Option<PathBuf>,
    // Dropped after the server: a database with users cannot be removed.
    _database: Option<Database>,
}

impl TestServer {
    /// A server without any configuration.
    #[track_caller]
    #[must_use]
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// Another server on the same database and the same data, with its own port.
    #[track_caller]
    #[must_use]
    pub fn beside(&self) -> Self {
        let mut server = self.unstarted_beside();
        server.start_again();
        server
    }

    /// The output of another server on the same data that cannot start beside this one.
    #[track_caller]
    pub fn attempt_to_start_beside(&self) -> String {
        self.unstarted_beside().attempt_to_start()
    }

    fn unstarted_beside(&self) -> Self {
        let home = tempfile::Builder::new().prefix("hearth-e2e-").tempdir().expect("a temporary folder");
        Self {
            process: None,
            log: String::new(),
            address: "127.0.0.1:0".to_owned(),
            home,
            data: self.data.clone(),
            environment: self.environment.clone(),
            log_file: None,
            _database: None,
        }
    }

    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// An absolute address: `url("/healthz")`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The data folder.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The one-time code printed by the first start.
    ///
    /// # Panics
    ///
    /// When it printed none.
    #[track_caller]
    pub fn setup_code(&self) -> String {
        self.process().line("Setup code:").expect("the first start prints a setup code")
    }

    /// The running process.
    ///
    /// # Panics
    ///
    /// When it was stopped and not started again.
    #[track_caller]
    pub fn process(&self) -> &Process {
        self.process.as_ref().expect("the server runs")
    }

    /// All its output, over all its starts.
    pub fn log(&self) -> String {
        let now = self.process.as_ref().map(Process::said).unwrap_or_default();
        format!("{}{now}", self.log)
    }

    /// An anonymous client.
    pub fn anonymous(&self) -> Api {
        Api::new(&self.url(""), None)
    }

    /// Asks it to stop, and waits until it has.
    #[track_caller]
    pub fn stop(&mut self) -> ExitStatus {
        self.process().terminate();
        self.end()
    }

    /// Kills it without warning.
    #[track_caller]
    pub fn kill(&mut self) {
        self.process().kill();
        self.end();
    }

    #[track_caller]
    fn end(&mut self) -> ExitStatus {
        let mut process = self.process.take().expect("the server runs");
        let status = process.wait(PATIENCE);
        self.log.push_str(&process.said());
        status
    }

    /// Starts it on the same data; after the first time also on the same port.
    #[track_caller]
    pub fn start_again(&mut self) {
        assert!(self.process.is_none(), "the server runs already");
        let mut command = self.command(&["serve"]);
        command.args(["--listen", &self.address]);
        let log = self.log_file.as_ref().map(|path| File::options().append(true).open(path).expect("a log"));
        let log = log.map_or_else(Stdio::piped, Stdio::from);
        let process = self.process.insert(Process::start_with_log(&mut command, log));
        let url = process.wait_for_line("Hearth is ready at ", PATIENCE);
        url.trim_start_matches("http://").trim_end_matches('/').clone_into(&mut self.address);
    }

    /// Its output when it cannot start on its data.
    ///
    /// # Panics
    ///
    /// When it does start.
    #[track_caller]
    pub fn attempt_to_start(&self) -> String {
        assert!(self.process.is_none(), "the server runs already");
        let mut process = Process::start(self.command(&["serve"]).args(["--listen", &self.address]));
        let status = process.wait(PATIENCE);
        assert!(!status.success(), "it started:\n{}", process.said());
        process.said()
    }

    /// Runs another command of the binary on the same data, which may fail.
    ///
    /// # Panics
    ///
    /// When it cannot be run.
    #[track_caller]
    pub fn attempt(&self, arguments: &[&str]) -> Finished {
        self.command(arguments).output().expect("the binary can be started").into()
    }

    /// Executes one statement on its database while it runs; the rows have a `|` between their values.
    #[track_caller]
    pub fn ask_database(&self, sql: &str) -> Vec<String> {
        database::ask(self.database_url(), &self.data.join("hearth.db"), sql)
    }

    /// `None` on SQLite.
    fn database_url(&self) -> Option<&str> {
        let (_, url) = self.environment.iter().find(|(name, _)| name == DATABASE_URL)?;
        Some(url)
    }

    /// The number of its open files, pipes and sockets. The connection pool to its database does not count:
    /// its size depends on past load.
    pub fn open_files(&self) -> usize {
        let port =
            self.database_url().and_then(|url| url.rsplit_once('/')?.0.rsplit_once(':')?.1.parse().ok());
        open_files(self.process().id(), port)
    }

    /// The processes of this server, itself included, whose command line contains `word`.
    pub fn processes(&self, word: &str) -> Vec<u32> {
        let ours = those_in(self.home.path()).into_iter();
        ours.filter(|(_, line)| line.contains(word)).map(|(id, _)| id).collect()
    }

    /// Kills one of them.
    ///
    /// # Panics
    ///
    /// When it is not one of this server's.
    #[track_caller]
    pub fn kill_process(&self, id: u32) {
        assert!(self.processes("").contains(&id), "{id} is not a process of this server");
        signal(id, Signal::KILL);
    }

    /// Runs another command of the binary on the same data and returns its output.
    ///
    /// # Panics
    ///
    /// When the command fails.
    #[track_caller]
    pub fn hearth(&self, arguments: &[&str], input: &str) -> String {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary can be started");
        let mut pipe = child.stdin.take().expect("its input is a pipe");
        pipe.write_all(input.as_bytes()).expect("it reads its input");
        drop(pipe);
        let output = child.wait_with_output().expect("it ends");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "hearth {arguments:?}: {}\n{text}{errors}", output.status);
        text
    }

    /// Creates an administrator, with a token for everything.
    #[track_caller]
    #[must_use]
    pub fn admin(&self, name: &str) -> Person {
        self.account(name, &["--admin"])
    }

    /// Creates an ordinary account, with a token for everything.
    #[track_caller]
    #[must_use]
    pub fn person(&self, name: &str) -> Person {
        self.account(name, &[])
    }

    #[track_caller]
    fn account(&self, name: &str, more: &[&str]) -> Person {
        let email = format!("{name}@example.org");
        let password = format!("{name}: five heavy words of hers");
        let create = ["admin", "user", "create", name, "--email", &email, "--password-stdin"];
        self.hearth(&[&create, more].concat(), &password);
        let token = self.hearth(&["admin", "token", "create", "--user", name, "--scopes", "all"], "");
        Person::new(&self.url(""), name, &password, token.trim())
    }

    /// The binary, in an environment without anything of the developer's.
    pub fn program(home: &Path) -> Command {
        let mut command = Command::new(binary());
        command.env_clear();
        command.envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("HOME", home).env("LC_ALL", "C.UTF-8").current_dir(home);
        command
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Self::program(self.home.path());
        // Several servers run at once.
        command.env("HEARTH__SSH__LISTEN", "127.0.0.1:0");
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.args(arguments).arg("--data").arg(&self.data);
        command
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let log = std::thread::panicking().then(|| self.log());
        drop(self.process.take());
        end_those_in(self.home.path());
        if let Some(log) = log {
            let lines: Vec<&str> = log.lines().collect();
            let last = lines[lines.len().saturating_sub(80)..].join("\n");
            std::io::stderr()
                .write_all(format!("--- server log\n{last}\n---\n").as_bytes())
                .unwrap_or_default();
        }
    }
}

/// The binary: named by `HEARTH_BIN`, else built now as the workspace builds it.
pub(crate) fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        std::env::var_os("HEARTH_BIN").map_or_else(
            || {
                let built = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
                    .args(["build", "--quiet", "--workspace", "--bin", "hearth"])
                    .status()
                    .is_ok_and(|status| status.success());
                assert!(built, "the binary cannot be built");
                target_folder().join("debug").join("hearth")
            },
            PathBuf::from,
        )
    })
}

//! A real mail server for tests, as a process that can be stopped and restarted at the same port. Its
//! dependencies are in the Python that `HEARTH_TEST_PYTHON` names.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

const PROGRAM: &str = include_str!("server.py");
/// The account that may send, if authentication is required.
pub const USERNAME: &str = "hearth";
pub const PASSWORD: &str = "only-for-tests";

/// What a server requires of senders.
#[derive(Clone, Copy, Debug, Default)]
pub struct Demands {
    /// STARTTLS, with a certificate issued by [`SmtpServer::authority`].
    pub tls: bool,
    /// Authentication with [`USERNAME`] and [`PASSWORD`].
    pub account: bool,
}

/// Stopped when it is dropped.
pub struct SmtpServer {
    python: PathBuf,
    folder: TempDir,
    demands: Demands,
    port: u16,
    /// `None` while it is stopped.
    running: Option<Child>,
}

impl SmtpServer {
    /// `None` if the tests' Python has no mail server: `cargo xtask test` installs one.
    pub fn start(demands: Demands) -> Option<Self> {
        let python = PathBuf::from(std::env::var_os("HEARTH_TEST_PYTHON")?);
        let asked = Command::new(&python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
        if !asked.is_ok_and(|status| status.success()) {
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("server.py"), PROGRAM).expect("written");
        if demands.tls {
            make_certificates(folder.path());
        }
        let mut server = Self { python, folder, demands, port: 0, running: None };
        server.start_again();
        Some(server)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The certificate authority of its certificate, as PEM.
    #[expect(clippy::disallowed_methods, reason = "a file that was just made")]
    pub fn authority(&self) -> Vec<u8> {
        fs::read(self.folder.path().join("ca.pem")).expect("it was made")
    }

    /// The emails received, in order: `from`, `to`, `headers`, `subject`, `text`, `html`, `is_private`,
    /// `user`.
    pub fn letters(&self) -> Vec<Value> {
        let Ok(file) = fs::File::open(self.file()) else { return Vec::new() };
        let lines = BufReader::new(file).lines().map_while(Result::ok);
        lines.map(|line| serde_json::from_str(&line).expect("a letter is JSON")).collect()
    }

    /// Waits until this many have arrived.
    ///
    /// # Panics
    ///
    /// When they do not within a minute.
    pub fn wait_for(&self, count: usize) -> Vec<Value> {
        for _ in 0..600 {
            let letters = self.letters();
            if letters.len() >= count {
                return letters;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("{count} letters were waited for; there are {:?}", self.letters());
    }

    /// Stops it: connections are refused.
    pub fn stop(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.kill().expect("it can be ended");
            running.wait().expect("it ends");
        }
    }

    /// Starts it again.
    pub fn start_again(&mut self) {
        let certificates = if self.demands.tls { self.folder.path().as_os_str() } else { "-".as_ref() };
        let account = format!("{USERNAME}:{PASSWORD}");
        let mut running = Command::new(&self.python)
            .arg(self.folder.path().join("server.py"))
            .arg(self.port.to_string())
            .arg(self.file())
            .arg(certificates)
            .arg(if self.demands.account { account.as_str() } else { "-" })
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Python runs");
        let mut line = String::new();
        let output = running.stdout.take().expect("it was piped");
        BufReader::new(output).read_line(&mut line).expect("it says that it is ready");
        let port = line.trim().strip_prefix("ready ").and_then(|port| port.parse().ok());
        self.port = port.unwrap_or_else(|| panic!("it says {line:?}"));
        self.running = Some(running);
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("letters.jsonl")
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Creates a certificate authority, and a certificate from it for loopback.
fn make_certificates(folder: &Path) {
    let run = |arguments: &str| {
        let made = Command::new("openssl").current_dir(folder).args(arguments.split(' ')).output();
        let made = made.expect("openssl runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    };
    let key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
    let authority = "-addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign";
    run(&format!("req -x509 {key} -subj /CN=authority -keyout ca.key -out ca.pem {authority}"));
    let server = "-subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout server.key -out server.pem";
    run(&format!(
        "req -x509 {key} {server} -CA ca.pem -CAkey ca.key -addext basicConstraints=critical,CA:FALSE"
    ));
}

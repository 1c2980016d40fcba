//! A private PostgreSQL for one test run: its own folder, its own port on loopback, stopped with the run.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::{find, output};
use crate::report::say;
use crate::{Outcome, needs};

/// The folder with `initdb` and `postgres`: on the path, or where Debian puts them (the newest version).
pub(crate) fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .max()
        .map(|version| PathBuf::from(format!("/usr/lib/postgresql/{version}/bin")));
    let on_path = || find("initdb").and_then(|file| file.parent().map(Path::to_path_buf));
    newest
        .or_else(on_path)
        .filter(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

/// A running server. Dropping it stops the server and removes its folder.
pub(crate) struct Postgres {
    server: Child,
    folder: TempDir,
    port: u16,
}

/// The account that runs the server: `initdb` refuses to run as root.
struct Account {
    uid: u32,
    gid: u32,
}

fn unprivileged_account() -> Outcome<Option<Account>> {
    if !needs::is_root()? {
        return Ok(None);
    }
    let users =
        fs::read_to_string("/etc/passwd").map_err(|e| format!("cannot read the list of users: {e}"))?;
    let of = |name: &str| {
        let line = users.lines().find(|line| line.starts_with(&format!("{name}:")))?;
        let mut fields = line.split(':').skip(2);
        Some(Account { uid: fields.next()?.parse().ok()?, gid: fields.next()?.parse().ok()? })
    };
    let account = of("postgres").or_else(|| of("nobody"));
    account.map(Some).ok_or_else(|| "there is no unprivileged user to run PostgreSQL as".to_owned())
}

impl Postgres {
    /// Creates a new cluster without durability (nothing in it outlives the run) and waits until it responds.
    pub(crate) fn start() -> Outcome<Self> {
        let programs = programs().ok_or("PostgreSQL is not installed")?;
        let account = unprivileged_account()?;
        let folder = tempfile::Builder::new()
            .prefix("hearth-postgres-")
            .tempdir()
            .map_err(|e| format!("cannot make a folder for PostgreSQL: {e}"))?;
        let data = folder.path().join("data");
        if let Some(account) = &account {
            chown(folder.path(), Some(account.uid), Some(account.gid))
                .map_err(|e| format!("cannot hand the folder to PostgreSQL: {e}"))?;
        }
        output(
            command(&programs.join("initdb"), account.as_ref())
                .current_dir(folder.path())
                .args(["--username=hearth", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"])
                .arg("--pgdata")
                .arg(&data),
        )?;
        let port = free_port()?;
        let log =
            fs::File::create(folder.path().join("log")).map_err(|e| format!("cannot write a log: {e}"))?;
        let server = command(&programs.join("postgres"), account.as_ref())
            .current_dir(folder.path())
            .arg("-D")
            .arg(&data)
            .args(["-c", "listen_addresses=127.0.0.1", "-c", "max_connections=400", "-c", "fsync=off"])
            .args(["-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "shared_buffers=64MB"])
            .args(["-c", &format!("port={port}"), "-c"])
            .arg(format!("unix_socket_directories={}", folder.path().display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .map_err(|e| format!("cannot start PostgreSQL: {e}"))?;
        let mut started = Self { server, folder, port };
        started.wait_until_ready(&programs)?;
        say(&format!("A private PostgreSQL listens on 127.0.0.1:{port} until this run ends."));
        Ok(started)
    }

    /// The URL of its first database, as the tests take it in `HEARTH_TEST_POSTGRES`.
    pub(crate) fn url(&self) -> String {
        format!("postgres://hearth@127.0.0.1:{}/postgres", self.port)
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Outcome {
        let deadline = Instant::now() + Duration::from_mins(1);
        while Instant::now() < deadline {
            if let Ok(Some(status)) = self.server.try_wait() {
                return Err(format!("PostgreSQL ended at once: {status}\n{}", self.log()));
            }
            let port = self.port.to_string();
            let mut probe = Command::new(programs.join("pg_isready"));
            if output(probe.args(["--host=127.0.0.1", "--port", &port])).is_ok() {
                return Ok(());
            }
            sleep(Duration::from_millis(100));
        }
        Err(format!("PostgreSQL did not answer within a minute\n{}", self.log()))
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: it stops its own children.
        let asked = output(Command::new("kill").args(["-INT", &self.server.id().to_string()]));
        let deadline = Instant::now() + Duration::from_secs(20);
        while asked.is_ok() && Instant::now() < deadline {
            if !matches!(self.server.try_wait(), Ok(None)) {
                return;
            }
            sleep(Duration::from_millis(50));
        }
        self.server.kill().and_then(|()| self.server.wait().map(drop)).unwrap_or_default();
    }
}

/// A command run as the account. If this program is killed, the kernel ends the server too.
fn command(program: &Path, account: Option<&Account>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "INT"]);
    if let Some(account) = account {
        command.arg(format!("--reuid={}", account.uid)).arg(format!("--regid={}", account.gid));
        command.arg("--clear-groups");
    }
    command.arg("--").arg(program);
    command.env_remove("PGHOST").env_remove("PGPORT").env("LC_ALL", "C");
    command
}

fn free_port() -> Outcome<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .map_err(|e| format!("no free port on loopback: {e}"))
}

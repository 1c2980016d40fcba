//! The database of one server: `SQLite` in its folder, or a new one in the run's PostgreSQL.

use std::env;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A fresh PostgreSQL database. Dropping it removes it.
pub(crate) struct Database {
    cluster: String,
    name: String,
}

impl Database {
    /// The database that `HEARTH_E2E_DATABASE` selects; `None` for the default, `SQLite`.
    ///
    /// # Panics
    ///
    /// When PostgreSQL is selected but not available.
    pub(crate) fn of_this_run() -> Option<Self> {
        match env::var("HEARTH_E2E_DATABASE").as_deref() {
            Ok("postgres") => Some(Self::fresh()),
            Ok("sqlite") | Err(_) => None,
            Ok(other) => panic!("HEARTH_E2E_DATABASE is sqlite or postgres, not {other:?}"),
        }
    }

    fn fresh() -> Self {
        static LAST: AtomicU32 = AtomicU32::new(0);
        let cluster = env::var("HEARTH_TEST_POSTGRES").expect("HEARTH_TEST_POSTGRES names a PostgreSQL");
        let name = format!("e2e_{}_{}", std::process::id(), LAST.fetch_add(1, Ordering::Relaxed));
        statement(&cluster, &format!("CREATE DATABASE {name}")).expect("a database can be made");
        Self { cluster, name }
    }

    /// Its URL, for the configuration.
    pub(crate) fn url(&self) -> String {
        let (server, _) = self.cluster.rsplit_once('/').expect("an address ends with a database");
        format!("{server}/{}", self.name)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // The cluster is removed with the run, so a database that cannot be dropped does no harm.
        statement(&self.cluster, &format!("DROP DATABASE {} WITH (FORCE)", self.name)).unwrap_or_default();
    }
}

/// Queries or changes the SQLite file while the server has it open.
const ASK_SQLITE: &str = "\
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=60)
for row in connection.execute(sys.argv[2]):
    print('|'.join(str(value) for value in row))
connection.commit()
";

/// Executes one statement on a database that a server uses, and returns its rows with a `|` between values.
/// `url` is that of a PostgreSQL; without it the database is SQLite's file.
///
/// # Panics
///
/// When the statement fails.
pub(crate) fn ask(url: Option<&str>, file: &Path, sql: &str) -> Vec<String> {
    let mut command = match url {
        Some(url) => {
            let mut command = Command::new("psql");
            command.args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--tuples-only", "--no-align"]);
            command.args(["--dbname", url, "--command", sql]);
            command
        }
        None => {
            let mut command = Command::new("python3");
            command.args(["-c", ASK_SQLITE]).arg(file).arg(sql);
            command
        }
    };
    let output = command.output().expect("the database's program can be started");
    assert!(output.status.success(), "{sql}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

fn statement(cluster: &str, sql: &str) -> Result<(), String> {
    let output = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", cluster, "--command", sql])
        .output()
        .map_err(|e| e.to_string())?;
    if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
}

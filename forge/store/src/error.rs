pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What the database can answer besides rows.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no such row")]
    NotFound,
    /// A unique key is held by another row. Which one, the caller knows from its statement:
    /// SQLite gives no constraint name.
    #[error("taken")]
    Taken,
    /// The schema was made by a newer version of Hearth.
    #[error("the database has schema version {found}, this program knows up to {known}: use a newer hearth")]
    NewerSchema { found: i64, known: i64 },
    #[error("the schema cannot be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
    #[error("the database cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    /// No room, or a file system that refuses writes.
    #[error("the database cannot write")]
    CannotWrite(#[source] sqlx::Error),
    /// A flush of the log has failed, so that nothing is written until a restart.
    #[error("the database takes no changes since its log could not be flushed ({0}): start the server again")]
    WritingStopped(String),
    /// A page of the database is not what was written.
    #[error("the database is damaged")]
    Damaged(#[source] sqlx::Error),
    #[error("the database refused a statement")]
    Statement(#[source] sqlx::Error),
}

/// SQLite: `SQLITE_FULL`, `SQLITE_IOERR`, `SQLITE_READONLY`, `SQLITE_CANTOPEN` (with their extended codes' low byte).
fn is_disk_trouble(code: &str) -> bool {
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 13 | 10 | 8 | 14))
}

/// SQLite: `SQLITE_CORRUPT`, `SQLITE_NOTADB`.
fn is_damage(code: &str) -> bool {
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 11 | 26))
}

/// PostgreSQL: class 08 connection, 57P0x shutdown, 53xxx resources (53100 is a full disk); SQLite: busy.
fn is_absence(code: &str) -> bool {
    code.starts_with("08") || code.starts_with("57P") || code.starts_with("53")
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(inner) if inner.is_unique_violation() => Self::Taken,
            sqlx::Error::Database(inner) => match inner.code() {
                Some(code) if code == "53100" => Self::CannotWrite(error),
                Some(code) if code.len() < 5 && is_damage(&code) => Self::Damaged(error),
                Some(code) if code.len() < 5 && is_disk_trouble(&code) => Self::CannotWrite(error),
                Some(code) if code.len() == 5 && is_absence(&code) => Self::Unreachable(error),
                _ => Self::Statement(error),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            // A proxy before a database that is away accepts, and then says something that is no answer.
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Tls(_) => Self::Unreachable(error),
            _ => Self::Statement(error),
        }
    }
}

impl From<Error> for hearth_core::Error {
    /// `NotFound` and `Taken` mean something only to the caller of a statement: reaching here they are faults.
    fn from(error: Error) -> Self {
        match error {
            Error::Unreachable(_) => Self::Unavailable(hearth_core::Dependency::Database),
            Error::CannotWrite(_) | Error::WritingStopped(_) => {
                Self::Unavailable(hearth_core::Dependency::Disk)
            }
            other => Self::internal(other),
        }
    }
}

/// Says what "taken" and "not found" mean for one statement.
pub trait Meaning<T> {
    /// A unique key is held: that is `conflict`.
    fn on_taken(self, conflict: hearth_core::Conflict) -> hearth_core::Result<T>;
    /// No row: that `kind` does not exist.
    fn or_not_found(self, kind: hearth_core::Kind) -> hearth_core::Result<T>;
}

impl<T> Meaning<T> for Result<T> {
    fn on_taken(self, conflict: hearth_core::Conflict) -> hearth_core::Result<T> {
        self.map_err(|error| match error {
            Error::Taken => hearth_core::Error::Conflict(conflict),
            other => other.into(),
        })
    }

    fn or_not_found(self, kind: hearth_core::Kind) -> hearth_core::Result<T> {
        self.map_err(|error| match error {
            Error::NotFound => hearth_core::Error::NotFound(kind),
            other => other.into(),
        })
    }
}

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The ways in which a statement can fail.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no such row")]
    NotFound,
    /// A unique key is held by another row. The caller knows which key from its statement: SQLite gives no
    /// constraint name.
    #[error("taken")]
    Taken,
    /// A foreign key refers to a row that does not exist (any more).
    #[error("refers to no row")]
    Dangling,
    /// A text has a character that the database does not store. PostgreSQL stores and compares no NUL; SQLite does.
    #[error("a text has a character that cannot be stored")]
    Unstorable,
    /// The schema was created by a newer version of Hearth.
    #[error("the database has schema version {found}, this program knows up to {known}: use a newer hearth")]
    NewerSchema { found: i64, known: i64 },
    #[error("the schema cannot be brought up to date")]
    Migration(#[source] sqlx::migrate::MigrateError),
    #[error("the database cannot be reached")]
    Unreachable(#[source] sqlx::Error),
    /// Others hold what the statement needs; worth retrying.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    /// The disk is full, or the file system rejects writes.
    #[error("the database cannot write")]
    CannotWrite(#[source] sqlx::Error),
    /// A flush of the log has failed, so writing has stopped until a restart.
    #[error("the database takes no changes since its log could not be flushed ({0}): start the server again")]
    WritingStopped(String),
    /// A page of the database is corrupted.
    #[error("the database is damaged")]
    Damaged(#[source] sqlx::Error),
    #[error("the database refused a statement")]
    Statement(#[source] sqlx::Error),
}

/// What keeps a database from executing a valid statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failure {
    Unreachable,
    /// Lost a conflict with other transactions, or waited too long for them.
    Busy,
    Disk,
    /// The database file is corrupted.
    Damage,
}

/// PostgreSQL's codes for a NUL in a text, and for one in JSON.
fn is_unstorable(code: &str) -> bool {
    matches!(code, "22021" | "22P05")
}

/// SQLite's codes are numbers with the primary code in the low byte; PostgreSQL's have five characters.
fn failure_of(code: &str) -> Option<Failure> {
    if code.len() == 5 { postgres_failure(code) } else { sqlite_failure(code.parse().ok()?) }
}

const fn sqlite_failure(code: u32) -> Option<Failure> {
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    const READONLY: u32 = 8;
    const IOERR: u32 = 10;
    const CORRUPT: u32 = 11;
    const FULL: u32 = 13;
    const CANTOPEN: u32 = 14;
    const PROTOCOL: u32 = 15;
    const NOTADB: u32 = 26;
    match code & 0xff {
        BUSY | LOCKED | PROTOCOL => Some(Failure::Busy),
        CORRUPT | NOTADB => Some(Failure::Damage),
        READONLY | IOERR | FULL | CANTOPEN => Some(Failure::Disk),
        _ => None,
    }
}

/// 53100 is a full disk and 58 a system error outside the database; 40 and 55P03 are conflicts with other
/// transactions; 08 is the connection, 53 insufficient resources, 57 operator intervention.
fn postgres_failure(code: &str) -> Option<Failure> {
    match (code, &code[..2]) {
        ("53100", _) | (_, "58") => Some(Failure::Disk),
        ("55P03", _) | (_, "40") => Some(Failure::Busy),
        (_, "08" | "53" | "57") => Some(Failure::Unreachable),
        _ => None,
    }
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::Database(inner) if inner.is_unique_violation() => Self::Taken,
            sqlx::Error::Database(inner) if inner.is_foreign_key_violation() => Self::Dangling,
            sqlx::Error::Database(inner) if inner.code().is_some_and(|code| is_unstorable(&code)) => {
                Self::Unstorable
            }
            sqlx::Error::Database(inner) => match inner.code().and_then(|code| failure_of(&code)) {
                Some(Failure::Disk) => Self::CannotWrite(error),
                Some(Failure::Unreachable) => Self::Unreachable(error),
                Some(Failure::Damage) => Self::Damaged(error),
                Some(Failure::Busy) => Self::Busy(error),
                None => Self::Statement(error),
            },
            sqlx::Error::Io(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            // A proxy in front of an unreachable database accepts the connection, then sends an invalid
            // response.
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Tls(_) => Self::Unreachable(error),
            _ => Self::Statement(error),
        }
    }
}

impl From<Error> for hearth_core::Error {
    /// `NotFound` and `Taken` only mean something to the caller of a statement: here they are internal
    /// errors.
    fn from(error: Error) -> Self {
        match error {
            Error::Unreachable(_) | Error::Busy(_) => Self::Unavailable(hearth_core::Dependency::Database),
            Error::CannotWrite(_) | Error::WritingStopped(_) => {
                Self::Unavailable(hearth_core::Dependency::Disk)
            }
            // Whoever sent the text made the mistake.
            Error::Unstorable => Self::field("text", "characters"),
            // The row was deleted while somebody was referring to it.
            Error::Dangling => Self::Conflict(hearth_core::Conflict::StaleEdit),
            other => Self::internal(other),
        }
    }
}

/// Says what "taken" and "not found" mean for one statement.
pub trait Meaning<T> {
    /// A unique key is taken: return `conflict`.
    fn on_taken(self, conflict: hearth_core::Conflict) -> hearth_core::Result<T>;
    /// No row: return "`kind` not found".
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_databases_say_when_waiting_helps() {
        let cases = [
            // SQLITE_BUSY with _RECOVERY, _SNAPSHOT and _TIMEOUT, SQLITE_LOCKED and _SHAREDCACHE,
            // SQLITE_PROTOCOL.
            (["5", "261", "517", "773", "6", "262", "15"].as_slice(), Some(Failure::Busy)),
            // Serialisation failure, deadlock, lock not available.
            (&["40001", "40P01", "55P03"], Some(Failure::Busy)),
            // SQLITE_FULL, _IOERR_WRITE, _IOERR_FSYNC, _READONLY, _READONLY_DBMOVED, _CANTOPEN.
            (&["13", "778", "1034", "8", "1032", "14", "53100", "58030"], Some(Failure::Disk)),
            (&["08006", "57P01", "57014", "53300"], Some(Failure::Unreachable)),
            (&["11", "267", "26"], Some(Failure::Damage)),
            // Constraint violations, syntax errors.
            (&["19", "2067", "1", "23505", "42601"], None),
        ];
        for (codes, expected) in cases {
            for code in codes {
                assert_eq!(failure_of(code), expected, "{code}");
            }
        }
    }
}

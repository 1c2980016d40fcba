use std::borrow::Cow;

use sqlx::{
    Arguments, AssertSqlSafe, Encode, FromRow, Postgres, Sqlite, Type,
    postgres::{PgArguments, PgConnection, PgRow},
    sqlite::{SqliteArguments, SqliteConnection, SqliteRow},
};

use super::{Inside, Reader, Reading, Values, Writer};
use crate::{Error, Result};

/// A statement: one text for both engines, or (rarely) one text for each.
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl From<&'static str> for Sql {
    fn from(both: &'static str) -> Self {
        Self { sqlite: both, postgres: both }
    }
}

/// Anything that can run a query: a reader, or a writer inside its transaction.
pub trait Ask: Send {
    fn query(&mut self, sql: impl Into<Sql>) -> Query<'_>;
}

impl Ask for Reader {
    fn query(&mut self, sql: impl Into<Sql>) -> Query<'_> {
        match &mut self.0 {
            Reading::Sqlite(reader) => {
                let (connection, is_busy) = reader.parts();
                Query { is_busy: Some(is_busy), ..Query::on_sqlite(connection, sql.into()) }
            }
            Reading::Postgres(connection) => Query::on_postgres(connection, sql.into()),
        }
    }
}

impl Ask for Writer {
    fn query(&mut self, sql: impl Into<Sql>) -> Query<'_> {
        match &mut self.transaction {
            Inside::Sqlite(transaction, _) => Query::on_sqlite(transaction, sql.into()),
            Inside::Postgres(transaction) => Query::on_postgres(transaction, sql.into()),
        }
    }
}

/// A value both engines can store: a plain type, a newtype with `#[sqlx(transparent)]`, a text enum, `Json<T>`,
/// a [`hearth_core::Timestamp`], or an `Option` of these.
pub trait Bind<'q>: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres> {}
impl<'q, T> Bind<'q> for T where T: Encode<'q, Sqlite> + Type<Sqlite> + Encode<'q, Postgres> + Type<Postgres> {}

/// A row that both engines can return; `#[derive(sqlx::FromRow)]` is enough.
pub trait Record: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Record for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// A statement with its arguments, ready to run.
#[must_use = "a query does nothing until it is run"]
pub struct Query<'c> {
    sql: Cow<'static, str>,
    engine: Engine<'c>,
    /// Set while the statement runs on a connection that wants to know.
    is_busy: Option<&'c mut bool>,
}

enum Engine<'c> {
    Sqlite(&'c mut SqliteConnection, SqliteArguments),
    Postgres(&'c mut PgConnection, PgArguments),
}

impl<'c> Query<'c> {
    fn on_sqlite(connection: &'c mut SqliteConnection, sql: Sql) -> Self {
        let engine = Engine::Sqlite(connection, SqliteArguments::default());
        Self { sql: sql.sqlite.into(), engine, is_busy: None }
    }

    fn on_postgres(connection: &'c mut PgConnection, sql: Sql) -> Self {
        let engine = Engine::Postgres(connection, PgArguments::default());
        Self { sql: sql.postgres.into(), engine, is_busy: None }
    }

    /// Binds the next argument: the first is `$1`.
    pub fn bind<'q>(mut self, value: impl Bind<'q>) -> Self {
        match &mut self.engine {
            Engine::Sqlite(_, arguments) => arguments.add(value),
            Engine::Postgres(_, arguments) => arguments.add(value),
        }
        .expect("values of this program's own types encode");
        self
    }

    /// Appends fixed text, such as an `ORDER BY`.
    pub fn push(mut self, fragment: impl Into<Sql>) -> Self {
        let fragment = fragment.into();
        self.sql.to_mut().push_str(match self.engine {
            Engine::Sqlite(..) => fragment.sqlite,
            Engine::Postgres(..) => fragment.postgres,
        });
        self
    }

    /// Appends ` AND <condition> $n` when there is a value: `.and("state =", filter.state)`.
    pub fn and<'q>(self, condition: &'static str, value: Option<impl Bind<'q>>) -> Self {
        match value {
            Some(value) => self.push(" AND ").push(condition).push(" ").push_bind(value),
            None => self,
        }
    }

    /// Appends `$n` for `value`.
    pub fn push_bind<'q>(mut self, value: impl Bind<'q>) -> Self {
        let place = self.arguments() + 1;
        let sql = self.sql.to_mut();
        sql.push('$');
        sql.push_str(&place.to_string());
        self.bind(value)
    }

    /// Appends ` IN ($n, $n+1, …)` for a short list of constants. For lists of user data, which may grow, see
    /// [`Query::is_any_of`].
    pub fn is_one_of<'q>(self, words: impl IntoIterator<Item = impl Bind<'q>>) -> Self {
        let mut query = self.push(" IN (");
        let mut separator = "";
        for word in words {
            query = query.push(separator).push_bind(word);
            separator = ", ";
        }
        if separator.is_empty() { query.push("NULL)") } else { query.push(")") }
    }

    /// Appends the condition that the preceding expression equals one of these, however many; an empty list
    /// matches nothing.
    pub fn is_any_of(self, values: impl Into<Values>) -> Self {
        let values = values.into();
        if let Engine::Postgres(..) = self.engine {
            return self.push(" = ANY(").push_bind_array(values).push(")");
        }
        let json = match values {
            Values::Numbers(numbers) => serde_json::to_string(&numbers),
            Values::Texts(texts) => serde_json::to_string(&texts),
        };
        let json = json.expect("numbers and texts are JSON");
        self.push(" IN (SELECT value FROM json_each(").push_bind(json).push("))")
    }

    /// Only PostgreSQL has arrays.
    fn push_bind_array(mut self, values: Values) -> Self {
        let place = self.arguments() + 1;
        let sql = self.sql.to_mut();
        sql.push('$');
        sql.push_str(&place.to_string());
        if let Engine::Postgres(_, arguments) = &mut self.engine {
            match values {
                Values::Numbers(numbers) => arguments.add(numbers),
                Values::Texts(texts) => arguments.add(texts),
            }
            .expect("numbers and texts encode");
        }
        self
    }

    /// Locks the rows of `table` that are read until the transaction ends, so that a whole row can be read
    /// and written back. New rows may go on referring to them meanwhile: else whoever holds one such row and refers to another
    /// waits for those who do it the other way round. SQLite has only one writer, so needs no lock.
    pub(crate) fn locked(self, table: &'static str) -> Self {
        match self.engine {
            Engine::Sqlite(..) => self,
            Engine::Postgres(..) => self.push(" FOR NO KEY UPDATE OF ").push(table),
        }
    }

    /// Appends ` LIMIT $n`.
    pub fn limit(self, most: u64) -> Self {
        self.push(" LIMIT ").push_bind(i64::try_from(most).unwrap_or(i64::MAX))
    }

    /// Appends ` OFFSET $n`; it must follow [`Query::limit`].
    pub fn skip(self, rows: u64) -> Self {
        self.push(" OFFSET ").push_bind(i64::try_from(rows).unwrap_or(i64::MAX))
    }

    /// Appends ` LIMIT $n OFFSET $n+1`.
    pub fn page(self, request: hearth_core::PageRequest) -> Self {
        self.push(" LIMIT ").push_bind(request.limit()).push(" OFFSET ").push_bind(request.offset())
    }

    pub async fn fetch_all<T: Record>(self) -> Result<Vec<T>> {
        let (sql, engine, running) = self.ready();
        running.end(match engine {
            Engine::Sqlite(on, with) => sqlx::query_as_with(sql, with).fetch_all(on).await,
            Engine::Postgres(on, with) => sqlx::query_as_with(sql, with).fetch_all(on).await,
        })
    }

    pub async fn fetch_optional<T: Record>(self) -> Result<Option<T>> {
        let (sql, engine, running) = self.ready();
        running.end(match engine {
            Engine::Sqlite(on, with) => sqlx::query_as_with(sql, with).fetch_optional(on).await,
            Engine::Postgres(on, with) => sqlx::query_as_with(sql, with).fetch_optional(on).await,
        })
    }

    /// The row, or [`Error::NotFound`].
    pub async fn fetch_one<T: Record>(self) -> Result<T> {
        self.fetch_optional().await?.ok_or(Error::NotFound)
    }

    /// The one number of a `SELECT COUNT(*)`.
    pub async fn fetch_count(self) -> Result<u64> {
        let (count,): (i64,) = self.fetch_one().await?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Runs the statement and returns how many rows it affected.
    pub async fn execute(self) -> Result<u64> {
        let (sql, engine, running) = self.ready();
        running.end(match engine {
            Engine::Sqlite(on, with) => {
                sqlx::query_with(sql, with).execute(on).await.map(|done| done.rows_affected())
            }
            Engine::Postgres(on, with) => {
                sqlx::query_with(sql, with).execute(on).await.map(|done| done.rows_affected())
            }
        })
    }

    /// Runs a statement for one row, and returns whether the row existed.
    pub async fn execute_on_one(self) -> Result<bool> {
        Ok(self.execute().await? == 1)
    }

    fn arguments(&self) -> usize {
        match &self.engine {
            Engine::Sqlite(_, arguments) => arguments.len(),
            Engine::Postgres(_, arguments) => arguments.len(),
        }
    }

    /// The text consists only of `&'static str` fragments and `$n`, so it is safe. SQLite would treat a
    /// missing argument as NULL, so the arguments are counted.
    fn ready(self) -> (AssertSqlSafe<Cow<'static, str>>, Engine<'c>, Running<'c>) {
        assert_eq!(places(&self.sql), self.arguments(), "arguments of: {}", self.sql);
        (AssertSqlSafe(self.sql), self.engine, Running::begin(self.is_busy))
    }
}

/// Marks a connection as busy until its statement has ended; if nobody waits for the end, it stays marked.
struct Running<'c>(Option<&'c mut bool>);

impl<'c> Running<'c> {
    fn begin(mut is_busy: Option<&'c mut bool>) -> Self {
        if let Some(is_busy) = &mut is_busy {
            **is_busy = true;
        }
        Self(is_busy)
    }

    fn end<T>(self, outcome: sqlx::Result<T>) -> Result<T> {
        if let Some(is_busy) = self.0 {
            *is_busy = matches!(outcome, Err(sqlx::Error::WorkerCrashed));
        }
        outcome.map_err(Error::from)
    }
}

/// The highest `$n` in the text.
fn places(sql: &str) -> usize {
    let digits = |rest: &str| rest.split(|c: char| !c.is_ascii_digit()).next().and_then(|n| n.parse().ok());
    sql.split('$').skip(1).filter_map(digits).max().unwrap_or(0)
}

//! Leader election among servers that share a database.
//!
//! Clocks of different servers are never compared: the holder increments its row, and a server that has seen
//! the same count for long enough, by its own monotonic clock, takes the lease over.

use sqlx::FromRow;

use crate::{Ask, Result, Writer};

/// A lease as read from the database.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Lease {
    /// The server that holds it; empty: none.
    pub holder: String,
    /// The number of renewals.
    pub renewals: i64,
}

/// None: it has never been held.
pub async fn find(ask: &mut impl Ask, name: &str) -> Result<Option<Lease>> {
    ask.query("SELECT holder, renewals FROM leases WHERE name = $1").bind(name).fetch_optional().await
}

/// Takes a lease that is unchanged since it was `seen`; none: one never held. `false`: another server was
/// faster, or still holds it.
pub async fn take(writer: &mut Writer, name: &str, seen: Option<&Lease>, holder: &str) -> Result<bool> {
    let query = match seen {
        None => writer
            .query("INSERT INTO leases (name, holder, renewals) VALUES ($1, $2, 1) ON CONFLICT (name) DO NOTHING")
            .bind(name)
            .bind(holder),
        Some(seen) => writer
            .query(
                "UPDATE leases SET holder = $2, renewals = renewals + 1 WHERE name = $1 AND holder = $3 AND renewals = $4",
            )
            .bind(name)
            .bind(holder)
            .bind(seen.holder.clone())
            .bind(seen.renewals),
    };
    query.execute_on_one().await
}

/// Renews the lease. `false`: the holder has lost it.
pub async fn renew(writer: &mut Writer, name: &str, holder: &str) -> Result<bool> {
    writer
        .query("UPDATE leases SET renewals = renewals + 1 WHERE name = $1 AND holder = $2")
        .bind(name)
        .bind(holder)
        .execute_on_one()
        .await
}

/// Releases a lease, whoever holds it: for a server that knows that the holder is gone.
pub async fn release(writer: &mut Writer, name: &str) -> Result<()> {
    writer.query("UPDATE leases SET holder = '' WHERE name = $1").bind(name).execute().await?;
    Ok(())
}

/// Releases a lease held by this server, so that nobody has to wait for it to expire.
pub async fn give_back(writer: &mut Writer, name: &str, holder: &str) -> Result<()> {
    writer
        .query("UPDATE leases SET holder = '' WHERE name = $1 AND holder = $2")
        .bind(name)
        .bind(holder)
        .execute()
        .await?;
    Ok(())
}

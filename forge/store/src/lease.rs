//! Who leads, where several servers share one database.
//!
//! No clock is compared with another one: the holder counts its row up, and whoever has seen the same count for long enough, by their
//! own clock that only goes forward, takes the lease over.

use sqlx::FromRow;

use crate::{Ask, Result, Writer};

/// A lease as it was read.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Lease {
    /// Which server has it; empty: nobody.
    pub holder: String,
    /// How often it was renewed.
    pub renewals: i64,
}

/// None: nobody has ever had it.
pub async fn find(ask: &mut impl Ask, name: &str) -> Result<Option<Lease>> {
    ask.query("SELECT holder, renewals FROM leases WHERE name = $1").bind(name).fetch_optional().await
}

/// Takes a lease that is as it was `seen`; none: that nobody has ever had. `false`: somebody was faster, or holds it still.
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

/// Says that the holder is there. `false`: it holds the lease no more.
pub async fn renew(writer: &mut Writer, name: &str, holder: &str) -> Result<bool> {
    writer
        .query("UPDATE leases SET renewals = renewals + 1 WHERE name = $1 AND holder = $2")
        .bind(name)
        .bind(holder)
        .execute_on_one()
        .await
}

/// Frees a lease whoever has it: for a server that knows that its holder is gone.
pub async fn release(writer: &mut Writer, name: &str) -> Result<()> {
    writer.query("UPDATE leases SET holder = '' WHERE name = $1").bind(name).execute().await?;
    Ok(())
}

/// Gives a lease back, so that nobody has to wait for it.
pub async fn give_back(writer: &mut Writer, name: &str, holder: &str) -> Result<()> {
    writer
        .query("UPDATE leases SET holder = '' WHERE name = $1 AND holder = $2")
        .bind(name)
        .bind(holder)
        .execute()
        .await?;
    Ok(())
}

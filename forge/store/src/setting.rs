//! Named site-wide values that survive restarts.

use hearth_core::Change;

use crate::{Ask, Result, Writer};

pub async fn find(ask: &mut impl Ask, name: &str) -> Result<Option<String>> {
    let row: Option<(String,)> =
        ask.query("SELECT value FROM settings WHERE name = $1").bind(name).fetch_optional().await?;
    Ok(row.map(|(value,)| value))
}

pub async fn put(writer: &mut Writer, name: &str, value: &str) -> Result<()> {
    writer
        .query(
            "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = $2",
        )
        .bind(name)
        .bind(value)
        .execute()
        .await?;
    writer.changed(Change::Settings);
    Ok(())
}

/// Deletes the setting, whatever its value.
pub async fn delete(writer: &mut Writer, name: &str) -> Result<()> {
    writer.query("DELETE FROM settings WHERE name = $1").bind(name).execute().await?;
    writer.changed(Change::Settings);
    Ok(())
}

/// Deletes the setting if it has this value; `true` if it did. Two callers cannot both get `true`.
pub async fn take(writer: &mut Writer, name: &str, value: &str) -> Result<bool> {
    let rows = writer
        .query("DELETE FROM settings WHERE name = $1 AND value = $2")
        .bind(name)
        .bind(value)
        .execute()
        .await?;
    if rows == 1 {
        writer.changed(Change::Settings);
    }
    Ok(rows == 1)
}

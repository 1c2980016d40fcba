//! The words that describe a repository.

use hearth_core::RepositoryId;

use crate::{Ask, Result, Writer};

/// Replaces the topics of a repository by these.
pub async fn set(writer: &mut Writer, repository: RepositoryId, topics: &[String]) -> Result<()> {
    writer.query("DELETE FROM repository_topics WHERE repository_id = $1").bind(repository).execute().await?;
    for topic in topics {
        writer
            .query("INSERT INTO repository_topics (repository_id, topic) VALUES ($1, $2)")
            .bind(repository)
            .bind(topic.clone())
            .execute()
            .await?;
    }
    Ok(())
}

/// By name. They are few, see `limits.topics`.
pub async fn list(ask: &mut impl Ask, repository: RepositoryId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = ask
        .query("SELECT topic FROM repository_topics WHERE repository_id = $1 ORDER BY topic")
        .bind(repository)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(topic,)| topic).collect())
}

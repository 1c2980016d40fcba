//! The words that describe a repository.

use hearth_core::{PageRequest, RepositoryId};
use sqlx::FromRow;

use crate::{
    Ask, Query, Result, Writer,
    grant::{Part, Viewer, visible_to},
};

/// A topic, and how many of the repositories that the viewer may see have it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct CountedTopic {
    pub topic: String,
    pub repositories: i64,
}

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

/// The topics with `text` in them of the repositories that the viewer may see, those of most repositories first.
pub async fn search(
    ask: &mut impl Ask,
    viewer: Viewer,
    text: &str,
    request: PageRequest,
) -> Result<Vec<CountedTopic>> {
    let query = ask.query("SELECT w.topic, COUNT(*) AS repositories");
    matching(query, viewer, text)
        .push(" GROUP BY w.topic ORDER BY COUNT(*) DESC, w.topic")
        .page(request)
        .fetch_all()
        .await
}

/// How many topics [`search`] finds.
pub async fn count(ask: &mut impl Ask, viewer: Viewer, text: &str) -> Result<u64> {
    matching(ask.query("SELECT COUNT(DISTINCT w.topic)"), viewer, text).fetch_count().await
}

fn matching<'c>(query: Query<'c>, viewer: Viewer, text: &str) -> Query<'c> {
    let query = query
        .push(" FROM repository_topics w JOIN repositories r ON r.id = w.repository_id WHERE r.is_pending = ")
        .push_bind(false)
        .push(" AND ")
        .contains("w.topic", text);
    visible_to(query, viewer, Part::Any)
}

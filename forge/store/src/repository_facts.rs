//! What a program is told of repositories besides their rows, in one statement however many they are.

use std::collections::HashMap;

use hearth_core::{Interest, RepositoryId};
use sqlx::FromRow;

use crate::{Ask, Result};

/// What is shown of a repository besides its row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    pub stars: i64,
    pub watchers: i64,
    /// Published releases.
    pub releases: i64,
    /// By name.
    pub topics: Vec<String>,
}

/// A part of a repository's facts; what it does not tell is zero.
#[derive(FromRow)]
struct Line {
    repository_id: RepositoryId,
    stars: i64,
    watchers: i64,
    releases: i64,
    topic: Option<String>,
}

/// The facts of several repositories. One without any is left out.
pub async fn list(ask: &mut impl Ask, repositories: &[RepositoryId]) -> Result<HashMap<RepositoryId, Facts>> {
    let lines: Vec<Line> = ask
        .query(
            "SELECT repository_id, COUNT(CASE WHEN interest = $1 THEN 1 END) AS stars, \
             COUNT(CASE WHEN interest = $2 THEN 1 END) AS watchers, 0 AS releases, NULL AS topic \
             FROM repository_interests WHERE repository_id",
        )
        .bind(Interest::Star)
        .bind(Interest::Watch)
        .is_any_of(repositories)
        .push(
            " GROUP BY repository_id UNION ALL SELECT repository_id, 0, 0, COUNT(*), NULL FROM releases \
             WHERE published_at IS NOT NULL AND repository_id",
        )
        .is_any_of(repositories)
        .push(
            " GROUP BY repository_id UNION ALL SELECT repository_id, 0, 0, 0, topic FROM repository_topics \
             WHERE repository_id",
        )
        .is_any_of(repositories)
        .push(" ORDER BY topic")
        .fetch_all()
        .await?;
    let mut found: HashMap<RepositoryId, Facts> = HashMap::new();
    for line in lines {
        let facts = found.entry(line.repository_id).or_default();
        facts.stars += line.stars;
        facts.watchers += line.watchers;
        facts.releases += line.releases;
        facts.topics.extend(line.topic);
    }
    Ok(found)
}

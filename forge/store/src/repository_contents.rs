//! What the head of every page of a repository says of it, in one statement: each statement costs a page about as much as
//! what it reads.

use hearth_core::{Interest, RepositoryId, TaskState, UserId};
use sqlx::FromRow;

use crate::{Ask, Result, interest::Standing};

/// The counts on a repository's tabs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Tasks that have not ended.
    pub live_tasks: u64,
    /// Versions of models that were published from it.
    pub models: u64,
    /// Published releases.
    pub releases: u64,
    /// Its stars and watchers, and what the reader does with it.
    pub interest: Standing,
}

#[derive(FromRow)]
struct Counted {
    live_tasks: i64,
    models: i64,
    releases: i64,
    stars: i64,
    watchers: i64,
    own_stars: i64,
    own_choice: Option<String>,
}

/// Counts for one reader; none: a visitor.
pub async fn count(ask: &mut impl Ask, repository: RepositoryId, reader: Option<UserId>) -> Result<Contents> {
    let live = TaskState::ALL.iter().copied().filter(|state| !state.is_terminal());
    let counted: Counted = ask
        .query(
            "SELECT \
             (SELECT COUNT(*) FROM model_versions m WHERE m.repository_id = $1) AS models, \
             (SELECT COUNT(*) FROM releases e WHERE e.repository_id = $1 AND e.published_at IS NOT NULL) AS releases, \
             (SELECT COUNT(*) FROM repository_interests i WHERE i.repository_id = $1 AND i.interest = $3) AS stars, \
             (SELECT COUNT(*) FROM repository_interests i WHERE i.repository_id = $1 AND i.interest = $4) AS watchers, \
             (SELECT COUNT(*) FROM repository_interests i WHERE i.repository_id = $1 AND i.interest = $3 \
             AND i.user_id = $2) AS own_stars, \
             (SELECT i.choice FROM repository_interests i WHERE i.repository_id = $1 AND i.interest = $4 \
             AND i.user_id = $2) AS own_choice, \
             (SELECT COUNT(*) FROM tasks t WHERE t.repository_id = $1 AND t.state",
        )
        .bind(repository)
        .bind(reader.unwrap_or(UserId(0)))
        .bind(Interest::Star)
        .bind(Interest::Watch)
        .is_one_of(live)
        .push(") AS live_tasks")
        .fetch_one()
        .await?;
    let number = |count: i64| u64::try_from(count).unwrap_or(0);
    Ok(Contents {
        live_tasks: number(counted.live_tasks),
        models: number(counted.models),
        releases: number(counted.releases),
        interest: Standing {
            stars: number(counted.stars),
            watchers: number(counted.watchers),
            is_starred: counted.own_stars > 0,
            // A word of a later version counts as everything: nothing is kept from them.
            watches: counted.own_choice.map(|choice| choice.parse().unwrap_or_default()),
        },
    })
}

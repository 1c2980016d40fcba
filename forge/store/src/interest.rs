//! Who stars and who watches a repository.

use hearth_core::{Interest, PageRequest, RepositoryId, Timestamp, UserId, WatchChoice};

use crate::{Ask, Result, Writer};

/// `false` if they did already.
pub async fn add(
    writer: &mut Writer,
    repository: RepositoryId,
    user: UserId,
    interest: Interest,
    now: Timestamp,
) -> Result<bool> {
    writer
        .query(
            "INSERT INTO repository_interests (repository_id, user_id, interest, created_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (repository_id, interest, user_id) DO NOTHING",
        )
        .bind(repository)
        .bind(user)
        .bind(interest)
        .bind(now)
        .execute_on_one()
        .await
}

/// `false` if they did not.
pub async fn remove(
    writer: &mut Writer,
    repository: RepositoryId,
    user: UserId,
    interest: Interest,
) -> Result<bool> {
    writer
        .query("DELETE FROM repository_interests WHERE repository_id = $1 AND user_id = $2 AND interest = $3")
        .bind(repository)
        .bind(user)
        .bind(interest)
        .execute_on_one()
        .await
}

/// Since when; none: they do not.
pub async fn find(
    ask: &mut impl Ask,
    repository: RepositoryId,
    user: UserId,
    interest: Interest,
) -> Result<Option<Timestamp>> {
    let row: Option<(Timestamp,)> = ask
        .query(
            "SELECT created_at FROM repository_interests WHERE repository_id = $1 AND user_id = $2 AND interest = $3",
        )
        .bind(repository)
        .bind(user)
        .bind(interest)
        .fetch_optional()
        .await?;
    Ok(row.map(|(since,)| since))
}

/// People in the order in which they began.
pub async fn list(
    ask: &mut impl Ask,
    repository: RepositoryId,
    interest: Interest,
    request: PageRequest,
) -> Result<Vec<UserId>> {
    let rows: Vec<(UserId,)> = ask
        .query("SELECT user_id FROM repository_interests WHERE repository_id = ")
        .push_bind(repository)
        .push(" AND interest = ")
        .push_bind(interest)
        .push(" ORDER BY created_at, user_id")
        .page(request)
        .fetch_all()
        .await?;
    Ok(rows.into_iter().map(|(user,)| user).collect())
}

pub async fn count(ask: &mut impl Ask, repository: RepositoryId, interest: Interest) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM repository_interests WHERE repository_id = $1 AND interest = $2")
        .bind(repository)
        .bind(interest)
        .fetch_count()
        .await
}

/// Says what somebody who watches a repository wants to hear of, from now on. `false` if they do not watch it.
pub async fn choose(
    writer: &mut Writer,
    repository: RepositoryId,
    user: UserId,
    choice: &WatchChoice,
) -> Result<bool> {
    writer
        .query("UPDATE repository_interests SET choice = $4 WHERE repository_id = $1 AND user_id = $2 AND interest = $3")
        .bind(repository)
        .bind(user)
        .bind(Interest::Watch)
        .bind(choice.to_string())
        .execute_on_one()
        .await
}

/// What a head of a repository's pages says of stars and watchers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    pub stars: u64,
    pub watchers: u64,
    /// Whether the reader stars it.
    pub is_starred: bool,
    /// What the reader wants to hear of; none: they do not watch it.
    pub watches: Option<WatchChoice>,
}

//! Who is subscribed to a thread, and who has muted it.

use hearth_core::{PageRequest, SubscriptionReason, SubscriptionState, ThreadId, Timestamp, UserId};
use sqlx::FromRow;

use crate::{Ask, Result, Writer};

#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct ThreadSubscription {
    pub thread_id: ThreadId,
    pub user_id: UserId,
    pub state: SubscriptionState,
    pub reason: SubscriptionReason,
    pub created_at: Timestamp,
}

/// Subscribes somebody automatically. `false` if they are subscribed, or have made their own choice.
pub async fn follow(
    writer: &mut Writer,
    thread: ThreadId,
    user: UserId,
    reason: SubscriptionReason,
    now: Timestamp,
) -> Result<bool> {
    writer
        .query(
            "INSERT INTO thread_subscriptions (thread_id, user_id, state, reason, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (thread_id, user_id) DO NOTHING",
        )
        .bind(thread)
        .bind(user)
        .bind(SubscriptionState::Watching)
        .bind(reason)
        .bind(now)
        .execute_on_one()
        .await
}

/// Stores somebody's own choice. `false` if nothing changed.
pub async fn choose(
    writer: &mut Writer,
    thread: ThreadId,
    user: UserId,
    state: SubscriptionState,
    now: Timestamp,
) -> Result<bool> {
    writer
        .query(
            "INSERT INTO thread_subscriptions (thread_id, user_id, state, reason, created_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (thread_id, user_id) DO UPDATE SET state = $3, reason = $4 WHERE thread_subscriptions.state <> $3",
        )
        .bind(thread)
        .bind(user)
        .bind(state)
        .bind(SubscriptionReason::Manual)
        .bind(now)
        .execute_on_one()
        .await
}

pub async fn find(ask: &mut impl Ask, thread: ThreadId, user: UserId) -> Result<Option<ThreadSubscription>> {
    ask.query(
        "SELECT thread_id, user_id, state, reason, created_at FROM thread_subscriptions WHERE thread_id = $1 AND user_id = $2",
    )
    .bind(thread)
    .bind(user)
    .fetch_optional()
    .await
}

/// Everybody who watches the thread, in the order of subscription.
pub async fn list_watching(
    ask: &mut impl Ask,
    thread: ThreadId,
    request: PageRequest,
) -> Result<Vec<ThreadSubscription>> {
    ask.query(
        "SELECT thread_id, user_id, state, reason, created_at FROM thread_subscriptions WHERE thread_id = $1 AND state = $2 \
         ORDER BY created_at, user_id",
    )
    .bind(thread)
    .bind(SubscriptionState::Watching)
    .page(request)
    .fetch_all()
    .await
}

pub async fn count_watching(ask: &mut impl Ask, thread: ThreadId) -> Result<u64> {
    ask.query("SELECT COUNT(*) FROM thread_subscriptions WHERE thread_id = $1 AND state = $2")
        .bind(thread)
        .bind(SubscriptionState::Watching)
        .fetch_count()
        .await
}

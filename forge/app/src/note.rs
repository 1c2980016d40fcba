use hearth_core::{Result, Timestamp, UserId};
use hearth_store::{
    Writer,
    event::{self, NewEvent},
};

/// Writes down what happened to an account; `actor` is who did it, none: the operator.
pub(crate) async fn note(
    writer: &mut Writer,
    actor: Option<UserId>,
    kind: &'static str,
    data: serde_json::Value,
    now: Timestamp,
) -> Result<()> {
    let new = NewEvent { actor_id: actor, repository_id: None, kind, data, created_at: now };
    Ok(event::insert(writer, &new).await?)
}

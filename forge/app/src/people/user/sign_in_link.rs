use std::time::Duration;

use hearth_core::{Action, Error, Result, Timestamp, UserId};
use hearth_store::{
    setting,
    user::{self, User},
};

use crate::{App, secret};

/// How long a link works.
const LIFE: Duration = Duration::from_secs(24 * 3600);

/// Creates the secret of a link that signs somebody in once. For the operator: it is only shown on the
/// server's own terminal.
pub async fn make_sign_in_link(app: &App, user: &User) -> Result<String> {
    let made = secret::make(app.random());
    let ends_at = app.now() + LIFE;
    let mut operation = app.begin().await?;
    setting::put(&mut operation, &name_of(&made), &format!("{} {}", user.id, ends_at.as_microsecond()))
        .await?;
    operation.commit().await?;
    Ok(made)
}

/// The person whom the link signs in. It works once, and only until it expires.
pub async fn follow_sign_in_link(app: &App, given: &str) -> Result<User> {
    let refused = || Error::Forbidden(Action::SignInLink);
    if !secret::is_possible(given) {
        return Err(refused());
    }
    let name = name_of(given);
    let mut operation = app.begin().await?;
    let kept = setting::find(&mut operation, &name).await?.ok_or_else(refused)?;
    if !setting::take(&mut operation, &name, &kept).await? {
        return Err(refused());
    }
    let (id, ends_at) = read(&kept).ok_or_else(|| Error::internal("a sign-in link was stored badly"))?;
    let user = user::find(&mut operation, id).await?.filter(|user| !user.is_blocked).ok_or_else(refused)?;
    operation.commit().await?;
    if app.now() > ends_at { Err(refused()) } else { Ok(user) }
}

fn name_of(given: &str) -> String {
    format!("sign_in_link.{}", secret::hash(given))
}

fn read(kept: &str) -> Option<(UserId, Timestamp)> {
    let (id, ends_at) = kept.split_once(' ')?;
    Some((id.parse().ok()?, Timestamp::from_microsecond(ends_at.parse().ok()?)))
}

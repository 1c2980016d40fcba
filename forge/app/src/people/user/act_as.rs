use hearth_core::{Action, Error, Kind, Result, Scope, Scopes};
use hearth_store::user;
use serde_json::json;

use crate::{Actor, App, audit, audit::Fact};

/// The actor in place of a site administrator who asks to act for somebody else. What they do is done as that
/// person, with no more rights than a token of theirs for everything has: no administration, no tokens, no
/// passwords.
///
/// `deed`: what they do, if it changes anything; it is written to the audit log, and to the security log of the
/// account.
pub async fn act_as(app: &App, actor: &Actor, name: &str, deed: Option<&str>) -> Result<Actor> {
    let administrator = actor.administrator(Scope::WriteAdmin)?;
    if administrator.name.key() == name.to_ascii_lowercase() {
        return Ok(actor.clone());
    }
    let found = user::find_by_name(&mut app.store().read().await?, name).await?;
    let user = found.ok_or(Error::NotFound(Kind::User))?;
    if user.is_blocked {
        return Err(Error::Forbidden(Action::SignInBlocked));
    }
    if let Some(deed) = deed {
        let mut operation = app.begin().await?;
        let did = json!({ "request": deed });
        let fact = Fact {
            kind: "user",
            subject: user.name.as_str(),
            action: "acted_for",
            before: None,
            after: Some(&did),
        };
        audit::note_of_account(&mut operation, Some(administrator.id), user.id, fact).await?;
        operation.commit().await?;
    }
    Ok(Actor::token(user, Scopes::only(Scope::All)))
}

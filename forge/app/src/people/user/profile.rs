use hearth_core::{
    Colours, Conflict, Email, Error, FieldErrors, Kind, Language, Result, Scope, UserId, event::AccountEvent,
};
use hearth_store::{
    Meaning as _,
    user::{self, User},
};

use super::password_change::confirm;
use crate::{Actor, App, ClientAddress, Operation, password::Password};

const LONGEST_LINE: usize = 100;
const LONGEST_WEBSITE: usize = 255;
const LONGEST_BIOGRAPHY: usize = 1_000;

/// A person's profile, as entered.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    pub display_name: String,
    pub biography: String,
    pub website: String,
    pub location: String,
    pub is_email_hidden: bool,
}

pub async fn change_profile(app: &App, actor: &Actor, new: Profile) -> Result<User> {
    actor.require(Scope::WriteUser)?;
    let mut errors = FieldErrors::default();
    let display_name = display_name(&mut errors, &new.display_name);
    let location = line(&mut errors, "location", &new.location);
    let biography = new.biography.trim().replace("\r\n", "\n");
    if biography.chars().count() > LONGEST_BIOGRAPHY {
        errors.add("biography", "too-long");
    }
    let website = new.website.trim().to_owned();
    if !website.is_empty() && !is_web_address(&website) {
        errors.add("website", "web-address");
    }
    errors.into_result()?;
    let id = actor.signed_in()?.id;
    let mut operation = app.begin().await?;
    let profile =
        user::Profile { display_name, biography, website, location, is_email_hidden: new.is_email_hidden };
    user::set_profile(&mut operation, id, &profile, app.now()).await?;
    keep(operation, id).await
}

/// Language and colours of every page that the person reads. None: what the browser asks for.
pub async fn change_appearance(
    app: &App,
    actor: &Actor,
    language: Option<Language>,
    colours: Option<Colours>,
) -> Result<User> {
    actor.require(Scope::WriteUser)?;
    let id = actor.signed_in()?.id;
    let mut operation = app.begin().await?;
    user::set_language(&mut operation, id, language).await?;
    user::set_theme(&mut operation, id, colours.map(Colours::as_str)).await?;
    keep(operation, id).await
}

/// Changes only the language.
pub async fn change_language(app: &App, actor: &Actor, language: Language) -> Result<User> {
    actor.require(Scope::WriteUser)?;
    let id = actor.signed_in()?.id;
    let mut operation = app.begin().await?;
    user::set_language(&mut operation, id, Some(language)).await?;
    keep(operation, id).await
}

/// Changes only the colours.
pub async fn change_colours(app: &App, actor: &Actor, colours: Option<Colours>) -> Result<User> {
    actor.require(Scope::WriteUser)?;
    let id = actor.signed_in()?.id;
    let mut operation = app.begin().await?;
    user::set_theme(&mut operation, id, colours.map(Colours::as_str)).await?;
    keep(operation, id).await
}

async fn keep(mut operation: Operation, id: UserId) -> Result<User> {
    let user = user::find(&mut operation, id).await?.ok_or(Error::NotFound(Kind::User))?;
    operation.commit().await?;
    Ok(user)
}

/// Changes one's own email address, once the password has been confirmed.
pub async fn change_email(
    app: &App,
    actor: &Actor,
    current: &Password,
    email: &str,
    from: ClientAddress,
) -> Result<()> {
    let mut errors = FieldErrors::default();
    let email = errors.take("email", email.trim().parse::<Email>(), |_| "email");
    let user = errors.merge(confirm(app, actor, current, from).await)?;
    let email = email.ok_or_else(|| Error::internal("a bad address makes an error"))?;
    let mut operation = app.begin().await?;
    user::set_email(&mut operation, user.id, &email).await.on_taken(Conflict::EmailTaken)?;
    let event = AccountEvent::EmailChanged { user: user.name.clone() };
    operation.record_of_account(Some(user.id), user.id, event).await?;
    operation.commit().await?;
    Ok(())
}

pub(super) fn display_name(errors: &mut FieldErrors, text: &str) -> String {
    line(errors, "display_name", text)
}

/// One short line. Bidirectional control characters are refused: they can make a name look like another.
pub(crate) fn line(errors: &mut FieldErrors, field: &'static str, text: &str) -> String {
    let text = text.trim();
    if text.chars().count() > LONGEST_LINE {
        errors.add(field, "too-long");
    } else if text.chars().any(|c| c.is_control() || is_direction_mark(c)) {
        errors.add(field, "characters");
    }
    text.to_owned()
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

pub(crate) fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && text.len() <= LONGEST_WEBSITE
        && text.chars().all(|c| !c.is_control() && !c.is_whitespace() && !is_direction_mark(c))
}

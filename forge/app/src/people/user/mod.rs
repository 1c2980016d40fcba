//! Accounts: how they are created, how their owners sign in, their profiles, and how they are blocked.

mod act_as;
mod administration;
mod delete;
mod password_change;
mod profile;
mod reset;
mod sign_in;
mod sign_in_link;
mod sign_up;

use hearth_core::{Error, Kind, Page, PageRequest, Result, Scope, UserId};
use hearth_store::user::{self, Filter};

use crate::{Actor, App};
pub use act_as::act_as;
pub use administration::{Counts, block, counts, list_all, make_admin, unblock, unmake_admin};
pub use delete::delete;
pub use hearth_store::user::User;
pub use password_change::{change_password, reset_password};
pub use profile::{
    Profile, change_appearance, change_colours, change_email, change_language, change_profile,
};
pub(crate) use profile::{is_web_address, line};
pub(crate) use reset::send_reset;
pub use reset::{ask_for_reset, find_reset, reset_by_link};
pub use sign_in::{authenticate, sign_in};
pub use sign_in_link::{follow_sign_in_link, make_sign_in_link};
pub use sign_up::{
    NewAccount, SignUp, SignUpMode, create, create_as_operator, known_sign_up_mode, setup_code, sign_up,
    sign_up_mode,
};

/// The account of this name, ignoring case. Blocked people stay visible in what they created.
pub async fn find(app: &App, actor: &Actor, name: &str) -> Result<User> {
    actor.require(Scope::ReadUser)?;
    let found = user::find_by_name(&mut app.store().read().await?, name).await?;
    found.ok_or(Error::NotFound(Kind::User))
}

/// The account of this id; none: there is no such account.
pub async fn find_by_id(app: &App, actor: &Actor, id: UserId) -> Result<Option<User>> {
    actor.require(Scope::ReadUser)?;
    Ok(user::find(&mut app.store().read().await?, id).await?)
}

/// People by part of their name, oldest account first.
pub async fn list(app: &App, actor: &Actor, text: &str, request: PageRequest) -> Result<Page<User>> {
    actor.require(Scope::ReadUser)?;
    page(app, text, false, request).await
}

async fn page(app: &App, text: &str, with_blocked: bool, request: PageRequest) -> Result<Page<User>> {
    let text = Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned);
    let filter = Filter { text, with_blocked };
    let mut reader = app.store().read().await?;
    let items = user::list(&mut reader, &filter, request).await?;
    Ok(Page::of(items, request, user::count(&mut reader, &filter)).await?)
}

/// The account's email address, for those who may know it: its owner, administrators, and, unless it is
/// hidden, everybody who is signed in.
pub fn shown_email<'a>(actor: &Actor, user: &'a User) -> Option<&'a str> {
    let asks = actor.user()?;
    let may_know = asks.id == user.id || asks.is_admin || !user.is_email_hidden;
    may_know.then_some(user.email.as_str())
}

use hearth_app::{Actor, App};
use hearth_core::{Timestamp, urls};
use hearth_store::user::User as Row;
use serde::Serialize;
use utoipa::ToSchema;

/// A person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct User {
    id: i64,
    login: String,
    /// The same as `login`.
    username: String,
    full_name: String,
    /// A stand-in where the person hides the address.
    email: String,
    avatar_url: String,
    html_url: String,
    language: String,
    is_admin: bool,
    #[schema(value_type = String, format = DateTime)]
    created: Timestamp,
    active: bool,
    prohibit_login: bool,
    location: String,
    website: String,
    description: String,
}

impl User {
    /// As `viewer` may see the person.
    pub(crate) fn new(app: &App, viewer: &Actor, user: &Row) -> Self {
        let name = user.name.as_str();
        let is_shown = !user.is_email_hidden || viewer.user_id() == Some(user.id) || viewer.is_admin();
        let email = if is_shown { user.email.to_string() } else { format!("{name}@noreply.localhost") };
        Self {
            id: user.id.0,
            login: name.to_owned(),
            username: name.to_owned(),
            full_name: user.display_name.clone(),
            email,
            avatar_url: String::new(),
            html_url: app.urls().absolute(&urls::user(name)),
            language: user.language.clone().unwrap_or_default(),
            is_admin: user.is_admin,
            created: user.created_at,
            active: true,
            prohibit_login: user.is_blocked,
            location: user.location.clone(),
            website: user.website.clone(),
            description: user.biography.clone(),
        }
    }
}

use hearth_app::{
    Actor, App,
    organization::Organization,
    owner::Account,
    user::{User as Row, shown_email},
};
use hearth_core::{Timestamp, urls};
use serde::Serialize;
use utoipa::ToSchema;

/// The address of an account's picture.
pub(super) fn avatar(app: &App, name: &str) -> String {
    app.urls().absolute(&format!("/avatars/{}", urls::segment(name)))
}

/// A person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct User {
    id: i64,
    login: String,
    /// The same as `login`.
    username: String,
    full_name: String,
    /// A placeholder if the person hides their address.
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
    /// A person or, as in Gitea, an organisation in the shape of a person.
    pub(crate) fn of_owner(app: &App, viewer: &Actor, owner: &Account) -> Self {
        match owner {
            Account::Person(user) => Self::new(app, viewer, user),
            Account::Organization(organization) => Self::of_organization(app, organization),
        }
    }

    fn of_organization(app: &App, organization: &Organization) -> Self {
        let name = organization.name.as_str();
        Self {
            id: organization.id.0,
            login: name.to_owned(),
            username: name.to_owned(),
            full_name: organization.display_name.clone(),
            email: String::new(),
            avatar_url: avatar(app, name),
            html_url: app.urls().absolute(&urls::user(name)),
            language: String::new(),
            is_admin: false,
            created: organization.created_at,
            active: true,
            prohibit_login: false,
            location: organization.location.clone(),
            website: organization.website.clone(),
            description: organization.description.clone(),
        }
    }

    /// As `viewer` may see the person.
    pub(crate) fn new(app: &App, viewer: &Actor, user: &Row) -> Self {
        let name = user.name.as_str();
        let email = shown_email(viewer, user);
        let email = email.map_or_else(|| format!("{name}@noreply.localhost"), str::to_owned);
        // Visible only to the person and to administrators.
        let knows = viewer.user_id() == Some(user.id) || viewer.is_admin();
        Self {
            id: user.id.0,
            login: name.to_owned(),
            username: name.to_owned(),
            full_name: user.display_name.clone(),
            email,
            avatar_url: avatar(app, name),
            html_url: app.urls().absolute(&urls::user(name)),
            language: user
                .language
                .filter(|_| knows)
                .map(|language| language.to_string())
                .unwrap_or_default(),
            is_admin: knows && user.is_admin,
            created: user.created_at,
            active: true,
            prohibit_login: knows && user.is_blocked,
            location: user.location.clone(),
            website: user.website.clone(),
            description: user.biography.clone(),
        }
    }
}

//! `/-/admin/registration`: who may create an account.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::registration::{self, Registration};
use hearth_core::{Scope, urls};
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, MenuEntry, Page, Web,
    respond::{html, see_other_with},
};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "registration",
    icon: || icon!("unlock"),
    label: |page| t!(page, "common-admin-registration"),
    address: || urls::admin("registration"),
};

#[derive(Template)]
#[template(path = "pages/admin/registration.html")]
struct RegistrationPage {
    page: Page,
    section: &'static str,
    current: Registration,
    configured: Registration,
}

/// One of the choices, in words.
struct Choice {
    registration: Registration,
    label: &'static str,
    help: &'static str,
}

impl RegistrationPage {
    fn configured(&self) -> &'static str {
        word(&self.page, self.configured)
    }

    fn choices(&self) -> [Choice; 3] {
        Registration::ALL.map(|registration| Choice {
            registration,
            label: word(&self.page, registration),
            help: match registration {
                Registration::Open => t!(self.page, "admin-registration-open-help"),
                Registration::Invite => t!(self.page, "admin-registration-invite-help"),
                Registration::Closed => t!(self.page, "admin-registration-closed-help"),
            },
        })
    }
}

/// Who may create an account, in words.
pub(super) fn word(page: &Page, registration: Registration) -> &'static str {
    match registration {
        Registration::Open => t!(page, "admin-overview-registration-open"),
        Registration::Invite => t!(page, "admin-overview-registration-invite"),
        Registration::Closed => t!(page, "admin-overview-registration-closed"),
    }
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    page.actor.administrator(Scope::ReadAdmin)?;
    let current = registration::current(web.app()).await?;
    let configured = registration::configured(web.app());
    html(&RegistrationPage { page, section: MENU_ENTRY.name, current, configured })
}

#[derive(Debug, Deserialize)]
pub(crate) struct RegistrationForm {
    registration: String,
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<RegistrationForm>,
) -> Result<Response, Failure> {
    registration::choose(web.app(), &page.actor, form.registration.parse()?).await?;
    Ok(see_other_with(&urls::admin("registration"), Flash::new("flash-saved", "")))
}

//! `/user/settings/keys`: the SSH keys by which git knows a person.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::ssh_key::{self, SshKey};
use hearth_core::{SshKeyId, urls};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, MenuEntry, Mistakes, NoFields, Page, Web,
    respond::{html_with, see_other_with},
};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "keys",
    icon: || icon!("key"),
    label: |page| t!(page, "common-settings-keys"),
    address: || urls::user_settings("keys"),
};

#[derive(Template)]
#[template(path = "pages/user/settings/keys.html")]
struct Keys {
    page: Page,
    section: &'static str,
    ssh: Vec<SshKey>,
    form: KeyForm,
    mistakes: Mistakes,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct KeyForm {
    title: String,
    key: String,
}

impl Keys {
    fn delete_address(key: &SshKey) -> String {
        urls::user_settings(&format!("keys/{}/delete", key.id))
    }
}

async fn show(web: &Web, page: Page, form: KeyForm, mistakes: Mistakes) -> Result<Response, Failure> {
    let ssh = ssh_key::list(web.app(), &page.actor).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Keys { page, section: MENU_ENTRY.name, ssh, form, mistakes })
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    show(&web, page, KeyForm::default(), Mistakes::none()).await
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<KeyForm>,
) -> Result<Response, Failure> {
    match ssh_key::add(web.app(), &page.actor, &form.title, &form.key).await {
        Ok(key) => {
            Ok(see_other_with(&urls::user_settings("keys"), Flash::new("flash-ssh-key-added", key.title)))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "key")?;
            show(&web, page, form, mistakes).await
        }
    }
}

/// `POST /user/settings/keys/{id}/delete`.
pub(crate) async fn delete(
    State(web): State<Web>,
    page: Page,
    Path(id): Path<i64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    ssh_key::remove(web.app(), &page.actor, SshKeyId(id)).await?;
    Ok(see_other_with(&urls::user_settings("keys"), Flash::new("flash-ssh-key-removed", "")))
}

//! `/user/settings/gpg-keys`: the OpenPGP keys with which a person signs commits and tags.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::gpg_key::{self, GpgKey};
use hearth_core::{GpgKeyId, Timestamp, urls};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, MenuEntry, Mistakes, NoFields, Page, Web,
    respond::{html_with, see_other_with},
    words::Html,
};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "gpg-keys",
    icon: || icon!("shield"),
    label: |page| t!(page, "user-settings-gpg-keys-title"),
    address: || urls::user_settings("gpg-keys"),
};

#[derive(Template)]
#[template(path = "pages/user/settings/gpg_keys.html")]
struct GpgKeys {
    page: Page,
    section: &'static str,
    keys: Vec<Row>,
    /// What proves, in a terminal, that one has a key.
    command: String,
    form: KeyForm,
    mistakes: Mistakes,
}

struct Row {
    /// The name in the key, or its fingerprint.
    name: String,
    fingerprint: String,
    added: Html,
    /// What keeps it from verifying anything, and whether that is for good.
    trouble: Option<(&'static str, &'static str)>,
    expires: Option<Html>,
    /// Where its owner proves that they have it.
    prove: Option<String>,
    delete: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct KeyForm {
    key: String,
    #[serde(default)]
    proof: String,
}

/// Which key the form is about.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    prove: Option<GpgKeyId>,
}

fn row(page: &Page, key: GpgKey, now: Timestamp) -> Row {
    let certificate = key.certificate.as_ref();
    let end = certificate.and_then(|certificate| certificate.expires);
    let end = end.and_then(|end| i64::try_from(end).ok()).map(Timestamp::from_second);
    let is_over = end.is_some_and(|end| end <= now);
    let trouble = if certificate.is_some_and(|certificate| certificate.revoked.is_some()) {
        Some((t!(page, "user-settings-gpg-keys-revoked"), " badge-bad"))
    } else if is_over || certificate.is_none() {
        Some((t!(page, "user-settings-gpg-keys-expired"), " badge-bad"))
    } else if key.is_proven {
        None
    } else {
        Some((t!(page, "user-settings-gpg-keys-unproven"), ""))
    };
    let name = certificate.and_then(|certificate| certificate.user_ids.first().cloned());
    Row {
        name: name.unwrap_or_else(|| key.fingerprint.clone()),
        added: rich!(page, "user-settings-keys-added", time = page.time(key.added_at)),
        trouble,
        expires: end.map(|end| rich!(page, "user-settings-gpg-keys-expires", time = page.date(end))),
        prove: (!key.is_proven)
            .then(|| format!("{}?prove={}#new-key", urls::user_settings("gpg-keys"), key.id)),
        delete: urls::user_settings(&format!("gpg-keys/{}/delete", key.id)),
        fingerprint: key.fingerprint,
    }
}

async fn show(web: &Web, page: Page, form: KeyForm, mistakes: Mistakes) -> Result<Response, Failure> {
    let keys = gpg_key::list(web.app(), &page.actor).await?;
    let token = gpg_key::token(web.app(), &page.actor)?;
    let now = web.app().now();
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(
        status,
        &GpgKeys {
            keys: keys.into_iter().map(|key| row(&page, key, now)).collect(),
            command: format!("echo {token} | gpg --armor --detach-sign"),
            section: MENU_ENTRY.name,
            page,
            form,
            mistakes,
        },
    )
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let form = match asked.prove {
        Some(id) => {
            let key = gpg_key::get(web.app(), &page.actor, id).await?;
            KeyForm { key: key.armor, proof: String::new() }
        }
        None => KeyForm::default(),
    };
    show(&web, page, form, Mistakes::none()).await
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<KeyForm>,
) -> Result<Response, Failure> {
    let proof = Some(form.proof.trim()).filter(|proof| !proof.is_empty());
    match gpg_key::add(web.app(), &page.actor, &form.key, proof).await {
        Ok(key) => {
            let flash = if key.is_proven { "flash-gpg-key-added" } else { "flash-gpg-key-unproven" };
            Ok(see_other_with(&urls::user_settings("gpg-keys"), Flash::new(flash, key.fingerprint)))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "key")?;
            show(&web, page, form, mistakes).await
        }
    }
}

/// `POST /user/settings/gpg-keys/{id}/delete`.
pub(crate) async fn delete(
    State(web): State<Web>,
    page: Page,
    Path(id): Path<i64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    gpg_key::remove(web.app(), &page.actor, GpgKeyId(id)).await?;
    Ok(see_other_with(&urls::user_settings("gpg-keys"), Flash::new("flash-gpg-key-removed", "")))
}

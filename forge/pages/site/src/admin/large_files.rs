//! `/-/admin/large-files`: limits of single owners for their large files.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::lfs_quota::{self, OwnerRoom};
use hearth_core::{Error, urls};
use http::StatusCode;
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, MenuEntry, Mistakes, Page, Web, large_files,
    respond::{html_with, see_other_with},
};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "large-files",
    icon: || icon!("settings"),
    label: |page| t!(page, "common-large-files"),
    address: || urls::admin("large-files"),
};

const GIB: u64 = 1 << 30;

#[derive(Template)]
#[template(path = "pages/admin/large_files.html")]
struct LargeFiles {
    page: Page,
    section: &'static str,
    rows: Vec<OwnerRoom>,
    owner: String,
    gib: String,
    mistakes: Mistakes,
}

impl LargeFiles {
    fn used(&self, row: &OwnerRoom) -> String {
        large_files::used(&self.page, row.usage)
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct LargeFilesForm {
    #[serde(default)]
    owner: String,
    /// Empty: the limit of the configuration.
    #[serde(default)]
    gib: String,
}

impl LargeFilesForm {
    fn most_bytes(&self) -> Result<Option<u64>, Error> {
        let text = self.gib.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let gib: Option<u64> = text.parse().ok();
        let bytes = gib.and_then(|gib| gib.checked_mul(GIB));
        bytes.map(Some).ok_or_else(|| Error::field("gib", "amount"))
    }
}

async fn show(web: &Web, page: Page, form: LargeFilesForm, mistakes: Mistakes) -> Result<Response, Failure> {
    let rows = lfs_quota::list(web.app(), &page.actor).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let LargeFilesForm { owner, gib } = form;
    html_with(status, &LargeFiles { page, section: MENU_ENTRY.name, rows, owner, gib, mistakes })
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    show(&web, page, LargeFilesForm::default(), Mistakes::none()).await
}

pub(crate) async fn post(
    State(web): State<Web>,
    page: Page,
    Form(form): Form<LargeFilesForm>,
) -> Result<Response, Failure> {
    let set = match form.most_bytes() {
        Ok(most_bytes) => lfs_quota::set(web.app(), &page.actor, &form.owner, most_bytes).await,
        Err(error) => Err(error),
    };
    match set {
        Ok(_) => Ok(see_other_with(&urls::admin("large-files"), Flash::new("flash-saved", ""))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "owner")?;
            show(&web, page, form, mistakes).await
        }
    }
}

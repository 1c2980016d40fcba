//! `/{owner}/{name}/settings/transfer`: giving a repository to another owner.

use askama::Template;
use axum::{Router, extract::State, response::Response};
use hearth_app::{
    App,
    repository::transfer::{self, Outcome, Transfer},
};
use hearth_core::{Error, FieldErrors, Permission, urls, urls::RepositoryUrls};
use hearth_http::routing::{get_and_post, post as on_post};
use http::StatusCode;
use serde::Deserialize;

use super::{RepositoryVisit, settings};
use crate::{
    Failure, Flash, Form, Mistakes, NoFields, Page, RepositoryHead, Section,
    pending_request_row::{self, PendingRequestRow},
    respond::{html_with, see_other_with},
};

/// A tab of the settings.
pub const SECTION: Section = Section {
    name: "transfer",
    icon: || icon!("arrow-right"),
    label: |page| t!(page, "repo-transfer-title"),
    address,
    count: |_| 0,
    is_shown: |_| true,
};

fn address(urls: &RepositoryUrls) -> String {
    urls.settings_part("transfer")
}

pub(super) fn routes() -> Router<crate::Web> {
    Router::new()
        .route("/settings/transfer", get_and_post(get, post))
        .route("/settings/transfer/withdraw", on_post(withdraw))
}

/// The notice about a pending transfer on the home page of a repository.
pub(crate) enum TransferNote {
    /// The reader may accept or decline it.
    Asked(PendingRequestRow),
    /// The new owner has not answered yet, and the reader may cancel it.
    Waits { new_owner: String },
}

/// `None`: no transfer is pending, or it does not concern the reader.
pub(super) async fn note(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
) -> Result<Option<TransferNote>, Error> {
    if !page.is_signed_in() {
        return Ok(None);
    }
    let found = transfer::find(app, &visit.access).await?;
    Ok(found.map(|found| {
        if visit.access.can(Permission::Administer) {
            TransferNote::Waits { new_owner: found.new_owner.to_string() }
        } else {
            TransferNote::Asked(pending_request_row::of_transfer(page, &found))
        }
    }))
}

#[derive(Template)]
#[template(path = "pages/repo/transfer.html")]
struct TransferPage {
    page: Page,
    head: RepositoryHead,
    /// The active tab of the settings.
    part: &'static str,
    full_name: String,
    waiting: Option<Transfer>,
    form: TransferForm,
    mistakes: Mistakes,
}

#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct TransferForm {
    new_owner: String,
    /// The full name, typed as confirmation.
    confirm: String,
}

impl TransferPage {
    fn address(&self) -> String {
        address(&self.head.urls)
    }
}

async fn draw(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    form: TransferForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    visit.access.administer()?;
    let head = visit.head(app, &settings::SECTION).await?;
    let waiting = transfer::find(app, &visit.access).await?;
    let full_name = format!("{}/{}", head.owner, head.name);
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let part = SECTION.name;
    html_with(status, &TransferPage { page, head, part, full_name, waiting, form, mistakes })
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    draw(&app, page, &visit, TransferForm::default(), Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<TransferForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let row = visit.access.repository();
    let new_owner = form.new_owner.trim().trim_start_matches('@');
    let mut wrong = FieldErrors::default();
    if form.confirm.trim() != format!("{}/{}", row.owner, row.name) {
        wrong.add("confirm", "confirm-name");
    }
    let outcome = match wrong.merge(transfer::check(&app, &access, new_owner).await) {
        Ok(()) => transfer::start(&app, &access, new_owner).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(Outcome::Done(moved)) => {
            let address = urls::repository(moved.kind, moved.owner.as_str(), moved.name.as_str());
            let name = format!("{}/{}", moved.owner, moved.name);
            Ok(see_other_with(&address, Flash::new("flash-repository-transferred", name)))
        }
        Ok(Outcome::Asked) => {
            let flash = Flash::new("flash-transfer-asked", form.new_owner.trim());
            Ok(see_other_with(&address(&visit.urls), flash))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "new_owner")?;
            draw(&app, page, &visit, form, mistakes).await
        }
    }
}

pub(crate) async fn withdraw(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    transfer::withdraw(&app, &access).await?;
    Ok(see_other_with(&address(&visit.urls), Flash::new("flash-transfer-withdrawn", "")))
}

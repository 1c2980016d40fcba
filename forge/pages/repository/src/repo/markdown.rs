//! `POST /{owner}/{name}/markdown`: renders a text for the preview below the text box.

use axum::{
    extract::State,
    response::{Html, IntoResponse as _, Response},
};
use hearth_app::{App, markdown};
use hearth_core::Error;
use serde::Deserialize;

use super::RepositoryVisit;
use crate::{Failure, Form, Page, prose::prose};

#[derive(Debug, Deserialize)]
pub(crate) struct Draft {
    #[serde(default)]
    text: String,
}

/// A fragment of a page: the script puts it under the text box.
pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(draft): Form<Draft>,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    if draft.text.len() as u64 > app.limits().text_bytes {
        return Err(Error::TooLarge(app.limits().text()).into());
    }
    let drawn = markdown::comments(&app, &visit.access, page.language, &[&draft.text]).await?;
    let html = drawn.first().map(|html| prose(page.words(), html).to_string());
    Ok(Html(html.unwrap_or_default()).into_response())
}

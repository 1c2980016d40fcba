//! `/tasks/{id}/publish`: publishes outputs of a task as a version of a model.

use std::collections::HashSet;

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    App,
    model::{self, Publication},
    output::{self, Total},
};
use hearth_core::{Action, Conflict, Error, FieldErrors, Visibility, urls::RepositoryUrls};
use http::StatusCode;
use serde::Deserialize;

use super::{
    TaskVisit,
    frame::{Part, TaskFrame, frame},
};
use crate::{
    Failure, Flash, Form, Mistakes, Page, RepositoryHead,
    respond::{html_with, see_other_with},
    words,
};

#[derive(Template)]
#[template(path = "pages/tasks/publish.html")]
struct Publish {
    page: Page,
    head: RepositoryHead,
    frame: TaskFrame,
    form: PublishForm,
    mistakes: Mistakes,
    /// Path, size, and whether it is chosen; none where there are too many to choose from.
    files: Vec<(String, String, bool)>,
    total: Total,
}

/// The input.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PublishForm {
    model: String,
    visibility: String,
    note: String,
    path: Vec<String>,
    /// Publish all files, without a selection.
    whole: bool,
}

/// With more files, the page can only publish all of them; the API still takes paths.
const MOST_CHOICES: u64 = 500;

pub(crate) async fn get(State(app): State<App>, page: Page, visit: TaskVisit) -> Result<Response, Failure> {
    may_publish(&page, &visit)?;
    let form = PublishForm {
        model: model::suggested_name(&visit.access),
        visibility: visit.access.repository().visibility.to_string(),
        ..PublishForm::default()
    };
    draw(&app, page, &visit, form, Mistakes::none(), StatusCode::OK).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    Form(form): Form<PublishForm>,
) -> Result<Response, Failure> {
    may_publish(&page, &visit)?;
    let refused = match publish(&app, &visit, &form).await {
        Ok(published) => {
            let made = published.repository;
            let urls = RepositoryUrls::new(made.kind, made.owner.as_str(), made.name.as_str());
            let name = format!("{}/{} {}", made.owner, made.name, published.version);
            return Ok(see_other_with(urls.home(), Flash::new("flash-model-published", name)));
        }
        Err(error) => error,
    };
    let mistakes = Mistakes::from_error(&page, refused, "model")?;
    draw(&app, page, &visit, form, mistakes, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn publish(app: &App, visit: &TaskVisit, form: &PublishForm) -> Result<model::Published, Error> {
    let mut wrong = FieldErrors::default();
    if form.path.is_empty() && !form.whole {
        // An empty selection means none here, but all to the app.
        wrong.add("paths", "no-outputs");
    }
    let publication = Publication {
        model: form.model.trim().to_owned(),
        visibility: form.visibility.parse::<Visibility>().ok(),
        note: form.note.trim().to_owned(),
        paths: form.path.clone(),
        attempt: None,
    };
    wrong.merge(model::check(&publication))?;
    model::publish(app, &visit.access, publication).await
}

fn may_publish(page: &Page, visit: &TaskVisit) -> Result<(), Error> {
    page.require_viewer()?;
    if !visit.access.can_change() {
        return Err(Error::Forbidden(Action::Write));
    }
    if visit.access.task().state.is_terminal() { Ok(()) } else { Err(Error::Conflict(Conflict::State)) }
}

async fn draw(
    app: &App,
    page: Page,
    visit: &TaskVisit,
    form: PublishForm,
    mistakes: Mistakes,
    status: StatusCode,
) -> Result<Response, Failure> {
    let framed = frame(app, &page, visit, Part::Outputs, None).await?;
    let attempt = framed.frame.attempt;
    let total = output::total(app, &visit.access, attempt).await?;
    let is_choice = total.count <= MOST_CHOICES;
    let found = if is_choice { output::list(app, &visit.access, attempt).await? } else { Vec::new() };
    let is_fresh = mistakes.is_empty();
    let chosen: HashSet<&str> = form.path.iter().map(String::as_str).collect();
    let files = found
        .into_iter()
        .map(|output| {
            let size = words::bytes(u64::try_from(output.size_bytes).unwrap_or(0));
            let is_chosen = is_fresh || chosen.contains(output.path.as_str());
            (output.path.to_string(), size, is_chosen)
        })
        .collect();
    html_with(status, &Publish { page, head: framed.head, frame: framed.frame, form, mistakes, files, total })
}

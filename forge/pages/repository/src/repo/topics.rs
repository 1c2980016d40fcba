//! `/{owner}/{name}/topics`: the words under which a repository is found.

use askama::Template;
use axum::{Router, extract::State, response::Response};
use hearth_app::{App, repository::topic};
use hearth_http::routing::get_and_post;
use http::StatusCode;
use serde::Deserialize;

use super::RepositoryVisit;
use crate::{
    Failure, Flash, Form, Mistakes, Page, RepositoryHead, Web,
    respond::{html_with, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/repo/topics.html")]
struct Topics {
    page: Page,
    head: RepositoryHead,
    typed: String,
    most: u64,
    mistakes: Mistakes,
}

#[derive(Debug, Deserialize)]
pub(crate) struct TopicsForm {
    topic: String,
}

/// The routes below one repository.
pub(crate) fn routes() -> Router<Web> {
    Router::new().route("/topics", get_and_post(get, post))
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    visit.access.administer()?;
    let typed = topic::list(&app, &visit.access).await?.join(" ");
    show(&app, page, &visit, typed, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<TopicsForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let words = form.topic.split([' ', ',', '，', '、', '\r', '\n']).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_owned).collect();
    match topic::set(&app, &access, &words).await {
        Ok(()) => Ok(see_other_with(visit.urls.home(), Flash::new("flash-topics-saved", ""))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "topic")?;
            show(&app, page, &visit, form.topic, mistakes).await
        }
    }
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    typed: String,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::home::SECTION).await?;
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Topics { page, head, typed, most: app.limits().topics, mistakes })
}

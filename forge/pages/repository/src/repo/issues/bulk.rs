//! `POST /{owner}/{name}/issues/bulk`, and the same under `pulls`, where some threads could not be changed: which, and why.

use askama::Template;
use axum::response::Response;
use hearth_app::App;
use hearth_core::{Error, ThreadNumber};
use hearth_words::field;

use crate::{
    Failure, Page, RepositoryHead,
    repo::{RepositoryVisit, threads::section},
    respond::html,
};

#[derive(Template)]
#[template(path = "pages/repo/issues/bulk.html")]
struct Bulk {
    page: Page,
    head: RepositoryHead,
    /// How many were changed.
    changed: usize,
    skipped: Vec<SkippedRow>,
    /// The list.
    back: String,
}

struct SkippedRow {
    address: String,
    number: ThreadNumber,
    reason: String,
}

pub(crate) async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    (changed, skipped): (usize, Vec<(ThreadNumber, Error)>),
    back: String,
) -> Result<Response, Failure> {
    let head = visit.head(app, section(visit.threads)).await?;
    let row = |(number, error): (ThreadNumber, Error)| SkippedRow {
        address: visit.thread(number),
        number,
        reason: reason(&page, &error),
    };
    let skipped = skipped.into_iter().map(row).collect();
    html(&Bulk { page, head, changed, skipped, back })
}

fn reason(page: &Page, error: &Error) -> String {
    let words = page.words();
    let known = match error {
        Error::NotFound(kind) => words.find(&format!("error-not-found-{kind}")),
        Error::Forbidden(action) => words.find(&format!("error-forbidden-{action}")),
        Error::Conflict(conflict) => words.find(&format!("error-conflict-{conflict}")),
        Error::Invalid(fields) => {
            let sentences: Vec<String> = fields.iter().map(|wrong| field::sentence(words, wrong)).collect();
            Some(sentences.join(" "))
        }
        _ => None,
    };
    known.unwrap_or_else(|| t!(page, "repo-issues-bulk-other").to_owned())
}

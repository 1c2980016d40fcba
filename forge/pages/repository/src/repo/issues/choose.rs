//! `/{owner}/{name}/issues/new/choose`: what a new issue is written from, and where else to ask.

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    App,
    issue::template::{self, TemplateProblem, Templates},
};
use hearth_core::{Permission, urls::Revision};

use crate::{Failure, Page, RepositoryHead, repo::RepositoryVisit, respond::html};

#[derive(Template)]
#[template(path = "pages/repo/issues/choose.html")]
struct Choose {
    page: Page,
    head: RepositoryHead,
    templates: Templates,
    takes_blank: bool,
    /// For those who can mend them.
    invalid: Vec<InvalidRow>,
}

struct InvalidRow {
    /// The file, at the line.
    address: String,
    /// `path:line`.
    place: String,
    sentence: String,
}

impl Choose {
    fn blank(&self) -> String {
        format!("{}?blank=true", self.head.urls.issue_new())
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    let head = visit.head(&app, &super::SECTION).await?;
    let mut templates = template::templates(&app, &visit.access).await?;
    let can_write = visit.access.can(Permission::Write);
    let branch = Revision::Branch(visit.access.repository().default_branch.clone());
    let row = |invalid: template::InvalidTemplate| InvalidRow {
        address: format!("{}#L{}", visit.urls.source(&branch, &invalid.path), invalid.problem.line),
        place: format!("{}:{}", invalid.path, invalid.problem.line),
        sentence: sentence(&page, &invalid.problem),
    };
    let invalid = std::mem::take(&mut templates.invalid);
    let invalid = if can_write { invalid.into_iter().map(row).collect() } else { Vec::new() };
    let takes_blank = templates.config.takes_blank || can_write;
    html(&Choose { page, head, templates, takes_blank, invalid })
}

fn sentence(page: &Page, problem: &TemplateProblem) -> String {
    let key = format!("repo-issues-problem-{}", problem.kind.word());
    page.words().find_filled(&key, &[("key", &problem.key)]).unwrap_or_default()
}

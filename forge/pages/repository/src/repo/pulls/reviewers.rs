//! Who reviews a pull request: the list beside the conversation, and the form that asks for reviews.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    pull_request::{PullRequestCard, Reviewer, ReviewerName, ReviewerState},
    review,
    thread::{self, Part},
};
use hearth_core::Permission;
use serde::Deserialize;

use super::{
    AtPull,
    show::{Again, show},
};
use crate::{
    Failure, Form, Mistakes, Page, repo::RepositoryVisit, repo::threads::Choice, respond::see_other,
    words::Html,
};

/// The list, and who can be asked.
pub(crate) struct ReviewersView {
    pub(crate) rows: Vec<ReviewerRow>,
    /// People who can be asked and are not on the list.
    pub(crate) people: Vec<Choice>,
    /// May ask for reviews, and withdraw that.
    pub(crate) can_ask: bool,
    pub(crate) mistakes: Mistakes,
}

/// A person or a team.
pub(crate) struct ReviewerRow {
    /// As forms name them: a user name, or `organisation/team`.
    pub(crate) name: String,
    pub(crate) shown: Html,
    pub(crate) icon: Html,
    /// Colours the icon, as in the timeline.
    pub(crate) kind: &'static str,
    pub(crate) state: &'static str,
    /// Whether their review is asked for and has not come.
    pub(crate) is_waiting: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReviewersForm {
    request: Vec<String>,
    withdraw: Vec<String>,
    /// A name that is not in the list; teams as `organisation/team`.
    other: String,
}

impl ReviewersView {
    pub(super) async fn read(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        card: &PullRequestCard,
        mistakes: Mistakes,
    ) -> Result<Self, Failure> {
        let pull = &card.pull_request;
        let viewer = visit.access.actor().user_id();
        let is_author = viewer == Some(pull.author_id);
        let may = viewer.is_some() && (is_author || visit.access.can(Permission::Write));
        let can_ask = may && pull.is_open();
        let rows: Vec<ReviewerRow> =
            card.reviewers.iter().map(|found| ReviewerRow::of(page, found)).collect();
        let mut people = Vec::new();
        if can_ask {
            let is_new =
                |name: &String| *name != pull.author.as_str() && !rows.iter().any(|row| row.name == *name);
            let names = thread::candidates(app, &visit.access).await?;
            let names = names.into_iter().map(String::from).filter(is_new);
            people = names.map(|name| Choice::plain(name, false)).collect();
        }
        Ok(Self { rows, people, can_ask, mistakes })
    }
}

impl ReviewerRow {
    pub(crate) fn of(page: &Page, reviewer: &Reviewer) -> Self {
        let (name, shown) = match &reviewer.who {
            ReviewerName::Person { name, .. } => (name.to_string(), page.person(name.as_str())),
            ReviewerName::Team { organization, team } => {
                let name = format!("{organization}/{team}");
                let shown = Html::trusted(format!("{}{}", icon!("users"), Html::text(&name)));
                (name, shown)
            }
        };
        let (icon, kind, state) = match reviewer.state {
            ReviewerState::Waiting => {
                (icon!("state-waiting"), "waiting", t!(page, "repo-pulls-reviewer-waiting"))
            }
            ReviewerState::Approved => {
                (icon!("state-good"), "good", t!(page, "repo-pulls-reviewer-approved"))
            }
            ReviewerState::ChangesRequested => {
                (icon!("state-bad"), "bad", t!(page, "repo-pulls-reviewer-changes"))
            }
            ReviewerState::Commented => {
                (icon!("comment"), "still", t!(page, "repo-pulls-reviewer-commented"))
            }
            ReviewerState::Lapsed => (icon!("history"), "still", t!(page, "repo-pulls-reviewer-lapsed")),
        };
        Self { name, shown, icon, kind, state, is_waiting: reviewer.state == ReviewerState::Waiting }
    }
}

/// `POST …/pulls/{number}/reviewers`: asks for reviews, or withdraws that.
pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<ReviewersForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let typed = Some(form.other.trim().to_owned()).filter(|name| !name.is_empty());
    let request: Vec<String> = form.request.into_iter().chain(typed).collect();
    let mut changed = Ok(());
    if !request.is_empty() {
        changed = review::request_review(&app, &visit.access, number, &request).await;
    }
    if changed.is_ok() && !form.withdraw.is_empty() {
        changed = review::withdraw_request(&app, &visit.access, number, &form.withdraw).await;
    }
    match changed {
        Ok(()) => Ok(see_other(&visit.urls.pull(number))),
        Err(error) => {
            let reviewer_mistakes = Mistakes::from_error(&page, error, "reviewers")?;
            let again = Again { reviewer_mistakes, ..Again::default() };
            show(&app, page, &visit, (number, Part::Ends), again).await
        }
    }
}

//! `/{owner}/{name}/issues/{number}`: an issue, its timeline, and the comment form.

use askama::Template;
use axum::{
    extract::{Path, Query, Request, State},
    response::Response,
};
use hearth_app::{
    App, comment,
    issue::{self, Issue, IssueCard},
    label::{self, Label},
    thread::{self, Part, subscription},
};
use hearth_core::{IssueState, LockReason, Permission, SubscriptionReason, SubscriptionState, ThreadNumber};
use http::StatusCode;
use serde::Deserialize;

use super::{
    AtIssue, Choice, label_choices,
    lines::{Drawn, Line, draw, lock_word},
};
use crate::{
    Failure, Mistakes, Page, RepositoryHead,
    files_form::{self, FilesForm},
    pages::repo::RepositoryVisit,
    respond::{html_with, see_other},
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/repo/issues/show.html")]
struct Show {
    page: Page,
    head: RepositoryHead,
    issue: Issue,
    body: Html,
    below: Html,
    labels: Vec<Label>,
    assignees: Vec<String>,
    entries: Vec<Line>,
    label_choices: Vec<Choice>,
    people: Vec<Choice>,
    can_write: bool,
    /// May edit the issue, close and reopen it.
    can_change: bool,
    /// May comment: anyone signed in, but only writers while the discussion is locked.
    can_comment: bool,
    /// Why it is locked; empty when no reason was given.
    lock_reason: &'static str,
    follows: Follows,
    comment_draft: CommentDraft,
    /// The mistakes of the form in the sidebar.
    assignee_mistakes: Mistakes,
}

/// The input of the comment form, when it is shown again.
#[derive(Debug, Default)]
pub(super) struct CommentDraft {
    pub(super) draft: String,
    pub(super) mistakes: Mistakes,
}

/// Whether the viewer follows the issue, and why.
struct Follows {
    is_watching: bool,
    sentence: &'static str,
}

/// Which part of a long discussion to show.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DiscussionQuery {
    /// Starts after this many entries.
    after: String,
    /// Starts with this comment.
    comment: String,
}

impl DiscussionQuery {
    /// Unreadable values show both ends.
    fn part(&self) -> Part {
        let comment = self.comment.parse().ok().map(Part::From);
        comment.or_else(|| self.after.parse().ok().map(Part::After)).unwrap_or_default()
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CommentForm {
    body: String,
    /// `close`, `reopen` or nothing.
    action: String,
}

impl Show {
    fn label_address(&self, name: &str) -> String {
        let query = issue::Query { labels: vec![name.to_owned()], ..issue::Query::open() };
        self.head.urls.issues_matching(&query.to_string())
    }

    fn opened(&self) -> Html {
        let name = self.issue.author.as_str();
        let author = Html::link(&hearth_core::urls::user(name), name);
        rich!(
            self.page,
            "repo-issues-show-opened",
            author = author,
            time = self.page.time(self.issue.created_at)
        )
    }

    /// The reasons to lock an issue: value and label.
    fn lock_reasons(&self) -> Vec<(LockReason, &'static str)> {
        LockReason::ALL.iter().map(|&reason| (reason, lock_word(&self.page, reason))).collect()
    }

    fn head_actions(&self) -> Html {
        let address = self.head.urls.issue_part(self.issue.number, "edit");
        if self.can_change { edit_link(&self.page, &address) } else { Html::default() }
    }
}

pub(super) fn edit_link(page: &Page, address: &str) -> Html {
    Html::trusted(format!(
        "<a class=\"icon-button\" href=\"{}\" title=\"{}\" aria-label=\"{}\">{}</a>",
        Html::text(address),
        t!(page, "repo-issues-show-edit"),
        t!(page, "repo-issues-show-edit"),
        icon!("edit")
    ))
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtIssue>,
    Query(asked): Query<DiscussionQuery>,
) -> Result<Response, Failure> {
    let at = (at.number()?, asked.part());
    show(&app, page, &visit, at, CommentDraft::default(), Mistakes::none()).await
}

/// `POST …/issues/{number}/comments`: comments, closes or reopens, or both.
pub(crate) async fn comment(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtIssue>,
    request: Request,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let FilesForm { form, files, refused } = files_form::receive(&app, &page, &visit, request).await?;
    let CommentForm { body, action } = form;
    let body = files_form::with_files(&body, &files, &visit.urls);
    if let Some(error) = refused {
        let comment_draft = CommentDraft { draft: body, mistakes: files_form::mistakes(&page, error)? };
        return show(&app, page, &visit, (number, Part::Ends), comment_draft, Mistakes::none()).await;
    }
    let state = match action.as_str() {
        "close" => Some(IssueState::Closed),
        "reopen" => Some(IssueState::Open),
        _ => None,
    };
    let comment = match state {
        Some(state) => issue::close_or_reopen(&app, &visit.access, number, state, &body).await,
        None => comment::add(&app, &visit.access, number, &body).await.map(Some),
    };
    match comment {
        Ok(Some(comment)) => Ok(see_other(&visit.urls.comment(number, comment.id))),
        Ok(None) => Ok(see_other(&visit.urls.issue(number))),
        Err(error) => {
            let comment_draft =
                CommentDraft { mistakes: Mistakes::from_error(&page, error, "body")?, draft: body };
            show(&app, page, &visit, (number, Part::Ends), comment_draft, Mistakes::none()).await
        }
    }
}

/// Whether the viewer may comment and react.
pub(super) fn may_participate(visit: &RepositoryVisit, issue: &Issue) -> bool {
    let is_signed_in = visit.access.actor().user_id().is_some();
    is_signed_in && (!issue.is_locked() || visit.access.can(Permission::Write))
}

pub(super) async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    (number, part): (ThreadNumber, Part),
    comment_draft: CommentDraft,
    assignee_mistakes: Mistakes,
) -> Result<Response, Failure> {
    let IssueCard { issue, labels, assignees, .. } = issue::find(app, &visit.access, number).await?;
    let head = visit.head(app, &super::SECTION).await?;
    let timeline = thread::timeline(app, &visit.access, &issue, part).await?;
    let Drawn { body, below, lines } = draw(app, &page, visit, &issue, &timeline).await?;
    let viewer = visit.access.actor().user_id();
    let can_write = viewer.is_some() && visit.access.can(Permission::Write);
    let can_change = can_write || viewer == Some(issue.author_id);
    let assignees: Vec<String> = assignees.into_iter().map(|assignee| assignee.name.into()).collect();
    let (mut choices, mut people) = (Vec::new(), Vec::new());
    if can_write {
        let is_on = |label: &Label| labels.iter().any(|held| held.id == label.id);
        choices = label_choices(label::list(app, &visit.access).await?, is_on);
        let candidates = thread::candidates(app, &visit.access).await?;
        let mut names: Vec<String> = candidates.into_iter().map(String::from).collect();
        names.extend(assignees.iter().filter(|name| !names.contains(name)).cloned().collect::<Vec<_>>());
        people = names.into_iter().map(|name| person_choice(&assignees, name)).collect();
    }
    let is_good = comment_draft.mistakes.is_empty() && assignee_mistakes.is_empty();
    let status = if is_good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(
        status,
        &Show {
            head,
            body,
            below,
            labels,
            assignees,
            entries: lines,
            label_choices: choices,
            people,
            can_write,
            can_change,
            can_comment: may_participate(visit, &issue),
            lock_reason: issue.lock_reason.map(|reason| lock_word(&page, reason)).unwrap_or_default(),
            follows: follows(app, &page, visit, &issue).await?,
            comment_draft,
            assignee_mistakes,
            issue,
            page,
        },
    )
}

async fn follows(app: &App, page: &Page, visit: &RepositoryVisit, issue: &Issue) -> Result<Follows, Failure> {
    let found = subscription::find(app, &visit.access, issue).await?;
    let is_watching = found.is_some_and(|found| found.state == SubscriptionState::Watching);
    let sentence = match found {
        Some(found) if is_watching => match found.reason {
            SubscriptionReason::Author => t!(page, "repo-issues-follow-author"),
            SubscriptionReason::Commented => t!(page, "repo-issues-follow-commented"),
            SubscriptionReason::Assigned => t!(page, "repo-issues-follow-assigned"),
            SubscriptionReason::Mentioned => t!(page, "repo-issues-follow-mentioned"),
            SubscriptionReason::Manual => t!(page, "repo-issues-follow-manual"),
        },
        _ => t!(page, "repo-issues-follow-not"),
    };
    Ok(Follows { is_watching, sentence })
}

fn person_choice(assignees: &[String], name: String) -> Choice {
    Choice { is_on: assignees.contains(&name), value: name.clone(), text: name, color: String::new() }
}

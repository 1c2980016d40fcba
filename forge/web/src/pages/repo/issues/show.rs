//! `/{owner}/{name}/issues/{number}`: an issue, what was said and done, and the box to say more.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App, comment,
    issue::{self, Entry, Issue, IssueCard},
    label, markdown,
};
use hearth_core::{CommentId, IssueEventKind, IssueNumber, IssueState, LabelId, Permission, UserId};
use hearth_store::{assignee, issue_event::IssueEvent, label::Label};
use http::StatusCode;
use serde::Deserialize;

use super::{AtIssue, Choice, label_choices};
use crate::{
    Failure, Form, Mistakes, Page, RepositoryHead, Tab,
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
    labels: Vec<Label>,
    assignees: Vec<String>,
    entries: Vec<Line>,
    label_choices: Vec<Choice>,
    people: Vec<Choice>,
    can_write: bool,
    /// May change the issue, close it and open it again.
    can_change: bool,
    draft: String,
    mistakes: Mistakes,
    /// What is wrong with the form in the rail.
    assignee_mistakes: Mistakes,
}

/// One line of the timeline, drawn.
enum Line {
    Comment { id: CommentId, author: String, head: Html, actions: Html, body: Html },
    Event { icon: Html, kind: &'static str, sentence: Html },
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct CommentForm {
    body: String,
    /// `close`, `reopen` or nothing.
    action: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct LabelsForm {
    labels: Vec<i64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AssigneesForm {
    assignees: Vec<String>,
    /// A name that is not offered.
    other: String,
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

    fn head_actions(&self) -> Html {
        let address = self.head.urls.issue_part(self.issue.number, "edit");
        if self.can_change { edit_link(&self.page, &address) } else { Html::default() }
    }
}

fn edit_link(page: &Page, address: &str) -> Html {
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
) -> Result<Response, Failure> {
    show(&app, page, &visit, at.number()?, String::new(), Mistakes::none(), Mistakes::none()).await
}

/// `POST …/issues/{number}/comments`: says something, closes or reopens, or both.
pub(crate) async fn comment(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtIssue>,
    Form(form): Form<CommentForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let state = match form.action.as_str() {
        "close" => Some(IssueState::Closed),
        "reopen" => Some(IssueState::Open),
        _ => None,
    };
    match comment::add(&app, &visit.access, number, &form.body, state).await {
        Ok(Some(said)) => Ok(see_other(&visit.urls.comment(number, said.id))),
        Ok(None) => Ok(see_other(&visit.urls.issue(number))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "body")?;
            show(&app, page, &visit, number, form.body, mistakes, Mistakes::none()).await
        }
    }
}

/// `POST …/issues/{number}/labels`: exactly those that are ticked.
pub(crate) async fn labels(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtIssue>,
    Form(form): Form<LabelsForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let writing = visit.access.write()?;
    let card = issue::find(&app, &visit.access, number).await?;
    let wanted: Vec<LabelId> = form.labels.into_iter().map(LabelId).collect();
    let held = card.labels.iter().map(|label| label.id);
    let gone: Vec<LabelId> = held.filter(|id| !wanted.contains(id)).collect();
    issue::edit_labels(&app, &writing, number, &wanted, &gone).await?;
    Ok(see_other(&visit.urls.issue(number)))
}

/// `POST …/issues/{number}/assignees`: exactly those that are ticked, and the one that is typed.
pub(crate) async fn assignees(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtIssue>,
    Form(form): Form<AssigneesForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let writing = visit.access.write()?;
    let typed = Some(form.other).filter(|name| !name.trim().is_empty());
    let names: Vec<String> = form.assignees.into_iter().chain(typed).collect();
    match issue::set_assignees(&app, &writing, number, &names).await {
        Ok(_) => Ok(see_other(&visit.urls.issue(number))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "assignees")?;
            show(&app, page, &visit, number, String::new(), Mistakes::none(), mistakes).await
        }
    }
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    number: IssueNumber,
    draft: String,
    mistakes: Mistakes,
    assignee_mistakes: Mistakes,
) -> Result<Response, Failure> {
    let IssueCard { issue, labels, assignees } = issue::find(app, &visit.access, number).await?;
    let head = visit.head(app, Tab::Issues).await?;
    let timeline = issue::timeline(app, &visit.access, &issue).await?;
    let said = timeline.iter().filter_map(|entry| match entry {
        Entry::Comment(comment) => Some(comment.body.as_str()),
        Entry::Event(_) => None,
    });
    let texts: Vec<&str> = std::iter::once(issue.body.as_str()).chain(said).collect();
    let mut drawn = markdown::comments(app, visit.access.repository(), &texts).await?.into_iter();
    let body = html_of(drawn.next());
    let viewer = visit.access.actor().user_id();
    let can_write = viewer.is_some() && visit.access.can(Permission::Write);
    let can_change = |author: UserId| can_write || viewer == Some(author);
    let entries = timeline.iter().map(|entry| match entry {
        Entry::Comment(said) => {
            comment_line(&page, visit, said, can_change(said.author_id), html_of(drawn.next()))
        }
        Entry::Event(event) => event_line(&page, visit, event),
    });
    let entries = entries.collect();
    let assignees: Vec<String> = assignees.into_iter().map(|assignee| assignee.name.into()).collect();
    let (mut choices, mut people) = (Vec::new(), Vec::new());
    if can_write {
        let is_on = |label: &Label| labels.iter().any(|held| held.id == label.id);
        choices = label_choices(label::list(app, &visit.access).await?, is_on);
        let mut reader = app.store().read().await?;
        let candidates = assignee::list_candidates(&mut reader, visit.access.repository().id).await?;
        let mut names: Vec<String> = candidates.into_iter().map(String::from).collect();
        names.extend(assignees.iter().filter(|name| !names.contains(name)).cloned().collect::<Vec<_>>());
        people = names.into_iter().map(|name| person_choice(&assignees, name)).collect();
    }
    let is_good = mistakes.is_empty() && assignee_mistakes.is_empty();
    let status = if is_good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let can_change = can_change(issue.author_id);
    html_with(
        status,
        &Show {
            page,
            head,
            issue,
            body,
            labels,
            assignees,
            entries,
            label_choices: choices,
            people,
            can_write,
            can_change,
            draft,
            mistakes,
            assignee_mistakes,
        },
    )
}

fn person_choice(assignees: &[String], name: String) -> Choice {
    Choice { is_on: assignees.contains(&name), value: name.clone(), text: name, color: String::new() }
}

fn html_of(drawn: Option<Arc<str>>) -> Html {
    Html::trusted(drawn.map_or_else(String::new, |html| html.to_string()))
}

fn comment_line(
    page: &Page,
    visit: &RepositoryVisit,
    said: &comment::Comment,
    can_change: bool,
    body: Html,
) -> Line {
    let author = Html::link(&hearth_core::urls::user(said.author.as_str()), said.author.as_str());
    let time = Html::trusted(format!(
        "<a class=\"muted\" href=\"#issuecomment-{}\">{}</a>",
        said.id,
        page.time(said.created_at)
    ));
    let head = if said.is_edited() {
        rich!(page, "repo-issues-show-said-edited", author = author, time = time)
    } else {
        rich!(page, "repo-issues-show-said", author = author, time = time)
    };
    let actions =
        if can_change { edit_link(page, &visit.urls.comment_part(said.id, "edit")) } else { Html::default() };
    Line::Comment { id: said.id, author: said.author.to_string(), head, actions, body }
}

fn event_line(page: &Page, visit: &RepositoryVisit, event: &IssueEvent) -> Line {
    let who = match &event.actor {
        Some(name) => Html::link(&hearth_core::urls::user(name.as_str()), name.as_str()),
        None => Html::text(t!(page, "repo-issues-show-somebody")),
    };
    let time = page.time(event.created_at);
    let label = || {
        let color = event.text("color");
        let is_color = color.len() == 6 && color.bytes().all(|byte| byte.is_ascii_hexdigit());
        let color = if is_color { color } else { "888888" };
        Html::trusted(format!(
            "<span class=\"chip\"><svg class=\"dot\" viewBox=\"0 0 10 10\" aria-hidden=\"true\">\
             <circle cx=\"5\" cy=\"5\" r=\"5\" fill=\"#{color}\"/></svg>{}</span>",
            Html::text(event.text("name"))
        ))
    };
    let person = || {
        let name = event.text("name");
        Html::link(&hearth_core::urls::user(name), name)
    };
    let (icon, kind, sentence) = match event.kind {
        IssueEventKind::Closed => {
            (icon!("issue-closed"), "still", rich!(page, "repo-issues-show-closed", who = who, time = time))
        }
        IssueEventKind::Reopened => {
            (icon!("issue-open"), "good", rich!(page, "repo-issues-show-reopened", who = who, time = time))
        }
        IssueEventKind::Renamed => {
            let (from, to) =
                (Html::trusted(format!("<del>{}</del>", Html::text(event.text("from")))), event.text("to"));
            let to = Html::strong(to);
            (
                icon!("edit"),
                "",
                rich!(page, "repo-issues-show-renamed", who = who, from = from, to = to, time = time),
            )
        }
        IssueEventKind::Labeled => (
            icon!("tag"),
            "",
            rich!(page, "repo-issues-show-labeled", who = who, label = label(), time = time),
        ),
        IssueEventKind::Unlabeled => (
            icon!("tag"),
            "",
            rich!(page, "repo-issues-show-unlabeled", who = who, label = label(), time = time),
        ),
        IssueEventKind::Assigned => (
            icon!("user"),
            "",
            rich!(page, "repo-issues-show-assigned", who = who, person = person(), time = time),
        ),
        IssueEventKind::Unassigned => (
            icon!("user"),
            "",
            rich!(page, "repo-issues-show-unassigned", who = who, person = person(), time = time),
        ),
        IssueEventKind::Referenced => {
            let number = event.data.get("number").and_then(serde_json::Value::as_i64).unwrap_or_default();
            let text = format!("{} #{number}", event.text("title"));
            let link = Html::link(&visit.urls.issue(IssueNumber(number)), &text);
            (
                icon!("link"),
                "",
                rich!(page, "repo-issues-show-referenced", who = who, issue = link, time = time),
            )
        }
        IssueEventKind::CommentDeleted => {
            let person = person();
            (
                icon!("trash"),
                "",
                rich!(page, "repo-issues-show-comment-deleted", who = who, person = person, time = time),
            )
        }
    };
    Line::Event { icon: Html::trusted(icon.to_string()), kind, sentence }
}

//! `/{owner}/{name}/issues/{number}`: an issue, what was said and done, and the box to say more.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App, comment,
    issue::{self, Entry, Issue, IssueCard, MOST_ENTRIES, Part, Timeline},
    label, markdown,
};
use hearth_core::{CommentId, IssueEventKind, IssueNumber, IssueState, LabelId, Permission};
use hearth_store::{assignee, issue_event::IssueEvent, label::Label};
use http::StatusCode;
use serde::Deserialize;

use super::{AtIssue, Choice, label_choices};
use crate::{
    Failure, Form, Mistakes, Page, RepositoryHead,
    pages::repo::RepositoryVisit,
    prose::prose,
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

/// Texts of one page, in bytes; longer comments are shown on a page of their own.
const MOST_DRAWN_BYTES: usize = 1 << 20;

/// Which part of a long discussion.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DiscussionQuery {
    /// What comes after so many entries.
    after: String,
    /// What begins with this comment.
    comment: String,
}

impl DiscussionQuery {
    /// What is not understood shows the ends.
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
    Query(asked): Query<DiscussionQuery>,
) -> Result<Response, Failure> {
    let at = (at.number()?, asked.part());
    show(&app, page, &visit, at, String::new(), Mistakes::none(), Mistakes::none()).await
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
            show(&app, page, &visit, (number, Part::Ends), form.body, mistakes, Mistakes::none()).await
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
    let wanted: Vec<LabelId> = form.labels.into_iter().map(LabelId).collect();
    issue::set_labels(&app, &writing, number, &wanted).await?;
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
    let typed = Some(form.other).filter(|name| !name.trim().is_empty());
    let names: Vec<String> = form.assignees.into_iter().chain(typed).collect();
    let edit = issue::Edit { assignees: Some(names), ..issue::Edit::default() };
    match issue::edit(&app, &visit.access, number, edit).await {
        Ok(_) => Ok(see_other(&visit.urls.issue(number))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "assignees")?;
            show(&app, page, &visit, (number, Part::Ends), String::new(), Mistakes::none(), mistakes).await
        }
    }
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    (number, part): (IssueNumber, Part),
    draft: String,
    mistakes: Mistakes,
    assignee_mistakes: Mistakes,
) -> Result<Response, Failure> {
    let IssueCard { issue, labels, assignees } = issue::find(app, &visit.access, number).await?;
    let head = visit.head(app, &super::SECTION).await?;
    let timeline = issue::timeline(app, &visit.access, &issue, part).await?;
    let (body, entries) = lines(app, &page, visit, &issue, &timeline).await?;
    let viewer = visit.access.actor().user_id();
    let can_write = viewer.is_some() && visit.access.can(Permission::Write);
    let can_change = can_write || viewer == Some(issue.author_id);
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

/// The issue's own text and the lines under it, with a way to what is left out.
async fn lines(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    issue: &Issue,
    timeline: &Timeline,
) -> Result<(Html, Vec<Line>), Failure> {
    let mut room = MOST_DRAWN_BYTES.saturating_sub(issue.body.len());
    let mut texts = vec![issue.body.as_str()];
    let entries = timeline.stretches.iter().flat_map(|stretch| &stretch.entries);
    for entry in entries {
        if let Entry::Comment(said) = entry {
            let fits = said.body.len() <= room;
            texts.push(if fits { said.body.as_str() } else { "" });
            room -= if fits { said.body.len() } else { 0 };
        }
    }
    let drawn = markdown::comments(app, visit.access.repository(), &texts).await?;
    let mut bodies =
        texts.iter().zip(&drawn).map(|(text, html)| (!text.is_empty()).then(|| prose(page.words(), html)));
    let body = bodies.next().flatten().unwrap_or_default();
    let viewer = visit.access.actor().user_id();
    let can_write = viewer.is_some() && visit.access.can(Permission::Write);
    let (mut lines, mut shown) = (Vec::new(), 0);
    for stretch in &timeline.stretches {
        lines.extend(gap(page, visit, issue.number, shown, stretch.skipped));
        for entry in &stretch.entries {
            lines.push(match entry {
                Entry::Comment(said) => {
                    let can_change = can_write || viewer == Some(said.author_id);
                    let body = bodies.next().flatten().unwrap_or_else(|| long(page, visit, said));
                    comment_line(page, visit, said, can_change, body)
                }
                Entry::Event(event) => event_line(page, visit, event),
            });
        }
        shown = stretch.skipped + stretch.entries.len() as u64;
    }
    lines.extend(gap(page, visit, issue.number, shown, timeline.total));
    Ok((body, lines))
}

/// The line in the place of entries that are not shown: those from `from` to `to`.
fn gap(page: &Page, visit: &RepositoryVisit, number: IssueNumber, from: u64, to: u64) -> Option<Line> {
    let count = to.checked_sub(from).filter(|count| *count > 0)?;
    // What lies before a stretch is shown from its end backwards, what lies behind it from its beginning.
    let after = if from == 0 { to.saturating_sub(MOST_ENTRIES) } else { from };
    let address = format!("{}?after={after}", visit.urls.issue(number));
    let sentence = Html::link(&address, &t!(page, "repo-issues-show-more", count = count));
    Some(Line::Event { icon: Html::trusted(icon!("comment").to_string()), kind: "", sentence })
}

/// In the place of a text for which the page has no room.
fn long(page: &Page, visit: &RepositoryVisit, said: &comment::Comment) -> Html {
    let link =
        Html::link(&visit.urls.comment(said.issue_number, said.id), t!(page, "repo-issues-show-long-link"));
    rich!(page, "repo-issues-show-long", link = link)
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
        "<a class=\"muted\" href=\"{}\">{}</a>",
        Html::text(&visit.urls.comment(said.issue_number, said.id)),
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

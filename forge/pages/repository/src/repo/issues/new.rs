//! `/{owner}/{name}/issues/new`: a new issue, from a template or a form of the repository where one is chosen.

use askama::Template;
use axum::{
    extract::{Query, Request, State},
    response::Response,
};
use hearth_app::{
    App,
    issue::{
        self, NewIssue,
        template::{self, Answers, Content, IssueTemplate},
    },
    label, thread,
};
use hearth_core::{Error, LabelId, Permission, Timestamp};
use http::StatusCode;
use serde::Deserialize;

use super::field::{self, FieldView};
use crate::{
    Failure, Mistakes, Page, RepositoryHead,
    files_form::{self, FilesForm},
    repo::{
        RepositoryVisit,
        threads::{Choice, and_of_title, label_choices, offered_milestones},
    },
    respond::{html_with, see_other},
};

#[derive(Template)]
#[template(path = "pages/repo/issues/new.html")]
struct New {
    page: Page,
    head: RepositoryHead,
    form: NewForm,
    mistakes: Mistakes,
    can_write: bool,
    labels: Vec<Choice>,
    people: Vec<Choice>,
    milestones: Vec<Choice>,
    template: Option<IssueTemplate>,
    /// Of a form; empty where the text is written freely.
    fields: Vec<FieldView>,
}

impl New {
    fn similar(&self) -> String {
        format!("{}/similar", self.head.urls.issues())
    }
}

/// The input; the query string can prefill title and body.
#[derive(Clone, Debug, Default)]
struct NewForm {
    title: String,
    body: String,
    labels: Vec<i64>,
    assignees: Vec<String>,
    milestone: String,
    due: String,
    /// The file of the template.
    template: String,
    answers: Answers,
}

impl NewForm {
    /// From the names and values that were sent; the names of a form's fields are known only to its file.
    fn of(pairs: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "title" => form.title = value,
                "body" => form.body = value,
                "labels" => form.labels.extend(value.parse::<i64>()),
                "assignees" => form.assignees.push(value),
                "milestone" => form.milestone = value,
                "due" => form.due = value,
                "template" => form.template = value,
                _ => {
                    if let Some(id) = name.strip_prefix(field::PREFIX) {
                        form.answers.entry(id.to_owned()).or_default().push(value);
                    }
                }
            }
        }
        form
    }

    /// What a template begins with.
    fn from_template(given: Given, template: &IssueTemplate, labels: &[label::Label]) -> Self {
        let is_named = |label: &&label::Label| {
            template.labels.iter().any(|name| name.to_lowercase() == label.name.to_lowercase())
        };
        let text = match &template.content {
            Content::Text(text) => text.clone(),
            Content::Form(_) => String::new(),
        };
        Self {
            title: if given.title.is_empty() { template.title.clone() } else { given.title },
            body: if given.body.is_empty() { text } else { given.body },
            labels: labels.iter().filter(is_named).map(|label| label.id.0).collect(),
            assignees: template.assignees.clone(),
            template: template.file().to_owned(),
            ..Self::default()
        }
    }

    fn due_at(&self) -> Result<Option<Timestamp>, Error> {
        match self.due.trim() {
            "" => Ok(None),
            date => Timestamp::at_end_of_day(date).map(Some).ok_or(Error::field("due", "date")),
        }
    }

    fn new_issue(&self, body: String, can_write: bool) -> Result<NewIssue, Error> {
        Ok(NewIssue {
            title: self.title.clone(),
            body,
            labels: self.labels.iter().copied().map(LabelId).collect(),
            assignees: self.assignees.iter().filter(|name| !name.is_empty()).cloned().collect(),
            milestone: self.milestone.parse().ok(),
            due_at: self.due_at()?,
            branch: None,
            // Whoever may write has seen in the form what the template proposes.
            template: Some(self.template.clone()).filter(|file| !file.is_empty() && !can_write),
            is_closed: false,
        })
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Given {
    title: String,
    body: String,
    template: String,
    /// Without any template.
    blank: bool,
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(given): Query<Given>,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    let templates = template::templates(&app, &visit.access).await?;
    if !given.template.is_empty() {
        let chosen = templates.find(&given.template)?;
        let can_write = visit.access.can(Permission::Write);
        let labels = if can_write { label::list(&app, &visit.access).await? } else { Vec::new() };
        let mut form = NewForm::from_template(given, chosen, &labels);
        if !can_write {
            form.assignees.clear();
        }
        return show(&app, page, &visit, (form, false), Mistakes::none()).await;
    }
    let is_prefilled = !(given.title.is_empty() && given.body.is_empty());
    let has_choice = !templates.is_empty() || !templates.invalid.is_empty();
    if has_choice && !given.blank && !is_prefilled {
        return Ok(see_other(&visit.urls.issue_choose()));
    }
    let form = NewForm { title: given.title, body: given.body, ..NewForm::default() };
    show(&app, page, &visit, (form, false), Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    request: Request,
) -> Result<Response, Failure> {
    let FilesForm { form, files, refused } = files_form::receive(&app, &page, &visit, request).await?;
    let form = NewForm::of(form);
    let form = NewForm { body: files_form::with_files(&form.body, &files, &visit.urls), ..form };
    if let Some(error) = refused {
        let mistakes = and_of_title(&page, files_form::mistakes(&page, error)?, &form.title)?;
        return show(&app, page, &visit, (form, true), mistakes).await;
    }
    let mut body = form.body.clone();
    if !form.template.is_empty() {
        let templates = template::templates(&app, &visit.access).await?;
        if let Content::Form(fields) = &templates.find(&form.template)?.content {
            if !template::mistakes(fields, &form.answers).is_empty() {
                let mistakes = Mistakes::one("answers", t!(page, "repo-issues-answer-some").to_owned());
                let mistakes = and_of_title(&page, mistakes, &form.title)?;
                return show(&app, page, &visit, (form, true), mistakes).await;
            }
            body = template::markdown(fields, &form.answers);
        }
    }
    let can_write = visit.access.can(Permission::Write);
    let opened = match form.new_issue(body, can_write) {
        Ok(new) => issue::open(&app, &visit.access, new).await,
        Err(error) => Err(error),
    };
    match opened {
        Ok(card) => Ok(see_other(&visit.urls.issue(card.issue.number))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "title")?;
            show(&app, page, &visit, (form, true), mistakes).await
        }
    }
}

/// `is_sent`: the answers of a form are those that were sent, and not those that it begins with.
async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    (form, is_sent): (NewForm, bool),
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::SECTION).await?;
    let can_write = visit.access.can(Permission::Write);
    let (mut labels, mut people, mut milestones) = (Vec::new(), Vec::new(), Vec::new());
    if can_write {
        let is_on = |label: &label::Label| form.labels.contains(&label.id.0);
        labels = label_choices(label::list(app, &visit.access).await?, is_on);
        let names = thread::candidates(app, &visit.access).await?;
        let choice = |name: String| Choice::plain(name.clone(), form.assignees.contains(&name));
        people = names.into_iter().map(|name| choice(name.into())).collect();
        let offered = offered_milestones(app, visit).await?;
        let choice = |milestone: hearth_app::milestone::Milestone| Choice {
            is_on: form.milestone == milestone.id.to_string(),
            value: milestone.id.to_string(),
            text: milestone.title,
            color: String::new(),
        };
        milestones = offered.into_iter().map(choice).collect();
    }
    let (mut template, mut fields) = (None, Vec::new());
    if !form.template.is_empty() {
        let templates = template::templates(app, &visit.access).await?;
        let found = templates.find(&form.template)?.clone();
        if let Content::Form(held) = &found.content {
            let answers = is_sent.then_some(&form.answers);
            fields = field::views(app, &page, visit, held.clone(), answers).await?;
        }
        template = Some(found);
    }
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let new = New { page, head, form, mistakes, can_write, labels, people, milestones, template, fields };
    html_with(status, &new)
}

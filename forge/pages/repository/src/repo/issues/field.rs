//! The fields of an issue form, as the page for a new issue shows them.

use std::borrow::Borrow;

use hearth_app::{
    App,
    issue::template::{AnswerMistake, Answers, Field, FieldKind, mistakes},
    markdown,
};

use crate::{Failure, Page, prose::prose, repo::RepositoryVisit, words::Html};

/// With which the names of the fields begin, so that none is that of another part of the form.
pub(super) const PREFIX: &str = "answer-";

/// A field with its answer.
pub(super) struct FieldView {
    pub(super) field: Field,
    /// What it says of itself, or what it shows.
    pub(super) about: Html,
    pub(super) text: String,
    chosen: Vec<String>,
    /// What is wrong with the answer.
    pub(super) mistake: Option<&'static str>,
}

impl FieldView {
    pub(super) fn name(&self) -> String {
        format!("{PREFIX}{}", self.field.id)
    }

    pub(super) fn is_shown_only(&self) -> bool {
        matches!(self.field.kind, FieldKind::Markdown { .. })
    }

    /// The kind of input, where it is one.
    pub(super) fn input(&self) -> Option<&'static str> {
        match self.field.kind {
            FieldKind::Input { is_number, .. } => Some(if is_number { "number" } else { "text" }),
            _ => None,
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self.field.kind, FieldKind::Input { is_number: true, .. })
    }

    pub(super) fn is_area(&self) -> bool {
        matches!(self.field.kind, FieldKind::Textarea { .. })
    }

    /// Whether the answer is Markdown, which can be previewed.
    pub(super) fn is_markdown(&self) -> bool {
        matches!(&self.field.kind, FieldKind::Textarea { render, .. } if render.is_empty())
    }

    pub(super) fn placeholder(&self) -> &str {
        match &self.field.kind {
            FieldKind::Input { placeholder, .. } | FieldKind::Textarea { placeholder, .. } => placeholder,
            _ => "",
        }
    }

    /// One of several: place, text, and whether it is chosen.
    pub(super) fn options(&self) -> Vec<(usize, &str, bool)> {
        match &self.field.kind {
            FieldKind::Dropdown { options, is_multiple: false, .. } => self.places(options),
            _ => Vec::new(),
        }
    }

    /// Some of several, with boxes.
    pub(super) fn boxes(&self) -> Vec<(usize, &str, bool)> {
        match &self.field.kind {
            FieldKind::Dropdown { options, is_multiple: true, .. } => self.places(options),
            FieldKind::Checkboxes { options } => options
                .iter()
                .enumerate()
                .map(|(place, option)| (place, option.label.as_str(), self.is_chosen(place)))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Whether a box has to be ticked.
    pub(super) fn must_tick(&self, place: impl Borrow<usize>) -> bool {
        match &self.field.kind {
            FieldKind::Checkboxes { options } => {
                options.get(*place.borrow()).is_some_and(|option| option.is_required)
            }
            _ => false,
        }
    }

    fn places<'a>(&self, options: &'a [String]) -> Vec<(usize, &'a str, bool)> {
        options
            .iter()
            .enumerate()
            .map(|(place, option)| (place, option.as_str(), self.is_chosen(place)))
            .collect()
    }

    fn is_chosen(&self, place: usize) -> bool {
        self.chosen.iter().any(|value| value.parse() == Ok(place))
    }
}

/// The fields with what was answered; `answers` is none while nothing was sent.
pub(super) async fn views(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    fields: Vec<Field>,
    answers: Option<&Answers>,
) -> Result<Vec<FieldView>, Failure> {
    let texts: Vec<&str> = fields
        .iter()
        .map(|field| match &field.kind {
            FieldKind::Markdown { text } => text.as_str(),
            _ => field.description.as_str(),
        })
        .collect();
    let drawn = markdown::comments(app, &visit.access, page.language, &texts).await?;
    let abouts: Vec<Html> = drawn.iter().map(|html| prose(page.words(), html)).collect();
    let wrong = answers.map(|answers| mistakes(&fields, answers)).unwrap_or_default();
    let view = |(field, about): (Field, Html)| {
        let sent = answers.map(|answers| answers.get(&field.id).cloned().unwrap_or_default());
        let mistake =
            wrong.iter().find(|(id, _)| *id == field.id).map(|(_, mistake)| sentence(page, *mistake));
        let (text, chosen) = match sent {
            Some(sent) => (sent.first().cloned().unwrap_or_default(), sent),
            None => at_first(&field),
        };
        FieldView { field, about, text, chosen, mistake }
    };
    Ok(fields.into_iter().zip(abouts).map(view).collect())
}

/// What a field holds before anything is answered.
fn at_first(field: &Field) -> (String, Vec<String>) {
    match &field.kind {
        FieldKind::Input { value, .. } | FieldKind::Textarea { value, .. } => (value.clone(), Vec::new()),
        FieldKind::Dropdown { chosen, .. } => {
            (String::new(), chosen.iter().map(ToString::to_string).collect())
        }
        FieldKind::Markdown { .. } | FieldKind::Checkboxes { .. } => (String::new(), Vec::new()),
    }
}

fn sentence(page: &Page, mistake: AnswerMistake) -> &'static str {
    match mistake {
        AnswerMistake::Required => t!(page, "repo-issues-answer-required"),
        AnswerMistake::BoxRequired => t!(page, "repo-issues-answer-box"),
        AnswerMistake::NotANumber => t!(page, "repo-issues-answer-number"),
    }
}

//! What was written into the fields of an issue form, as the text of the issue.

use std::collections::HashMap;

use super::{Field, FieldKind};

/// The values that a browser sent for each field, by its id. Options of dropdowns and checkboxes are named by their places,
/// counted from 0.
pub type Answers = HashMap<String, Vec<String>>;

/// What stands in the text where nothing was answered; other programs write the same.
const NO_ANSWER: &str = "_No response_";

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerMistake {
    Required,
    /// A box that has to be ticked is not.
    BoxRequired,
    NotANumber,
}

/// What is wrong, by the ids of the fields; empty: nothing.
pub fn mistakes(fields: &[Field], answers: &Answers) -> Vec<(String, AnswerMistake)> {
    let mistake = |field: &Field| Some((field.id.clone(), mistake(field, answers)?));
    fields.iter().filter_map(mistake).collect()
}

fn mistake(field: &Field, answers: &Answers) -> Option<AnswerMistake> {
    match &field.kind {
        FieldKind::Markdown { .. } => None,
        FieldKind::Input { is_number, .. } => {
            let text = text(field, answers);
            let is_number = *is_number && !text.is_empty();
            if text.is_empty() && field.is_required {
                Some(AnswerMistake::Required)
            } else if is_number && text.parse::<f64>().is_err() {
                Some(AnswerMistake::NotANumber)
            } else {
                None
            }
        }
        FieldKind::Textarea { .. } => {
            (field.is_required && text(field, answers).is_empty()).then_some(AnswerMistake::Required)
        }
        FieldKind::Dropdown { options, .. } => (field.is_required
            && places(field, answers, options.len()).is_empty())
        .then_some(AnswerMistake::Required),
        FieldKind::Checkboxes { options } => {
            let ticked = places(field, answers, options.len());
            let is_missing = options
                .iter()
                .enumerate()
                .any(|(place, option)| option.is_required && !ticked.contains(&place));
            if is_missing {
                Some(AnswerMistake::BoxRequired)
            } else {
                (field.is_required && ticked.is_empty()).then_some(AnswerMistake::Required)
            }
        }
    }
}

/// The text of the issue, in Markdown: a heading for each field, and its answer.
pub fn markdown(fields: &[Field], answers: &Answers) -> String {
    let mut parts = Vec::new();
    for field in fields {
        let answer = match &field.kind {
            FieldKind::Markdown { .. } => continue,
            FieldKind::Input { .. } => text(field, answers),
            FieldKind::Textarea { render, .. } => as_code(text(field, answers), render),
            FieldKind::Dropdown { options, .. } => {
                let places = places(field, answers, options.len());
                places.iter().map(|place| options[*place].as_str()).collect::<Vec<_>>().join(", ")
            }
            FieldKind::Checkboxes { options } => {
                let ticked = places(field, answers, options.len());
                let line = |(place, option): (usize, &super::CheckOption)| {
                    let mark = if ticked.contains(&place) { "x" } else { " " };
                    format!("- [{mark}] {}", option.label.replace('\n', " "))
                };
                options.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
            }
        };
        let answer = if answer.is_empty() { NO_ANSWER.to_owned() } else { answer };
        parts.push(format!("### {}\n\n{answer}", field.label));
    }
    parts.join("\n\n")
}

/// The text that was written into a field.
fn text(field: &Field, answers: &Answers) -> String {
    let written = answers.get(&field.id).and_then(|values| values.first());
    written.map(|text| text.replace("\r\n", "\n").trim().to_owned()).unwrap_or_default()
}

/// The places of the options that were chosen, in their order. What is no place is ignored.
fn places(field: &Field, answers: &Answers, count: usize) -> Vec<usize> {
    let sent = answers.get(&field.id).map(Vec::as_slice).unwrap_or_default();
    let is_chosen = |place: &usize| sent.iter().any(|value| value.parse() == Ok(*place));
    (0..count).filter(is_chosen).collect()
}

/// Fences an answer, so that nothing in it ends the block.
fn as_code(text: String, language: &str) -> String {
    if language.is_empty() || text.is_empty() {
        return text;
    }
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{text}\n{fence}")
}

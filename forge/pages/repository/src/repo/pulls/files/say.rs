//! The form to comment on lines: under the lines that the address names, and once more for scripts to copy.

use askama::Template;
use hearth_app::code::DrawnFile;
use hearth_core::{Error, LineSide};
use hearth_git::LineKind;

use super::query::Lines;
use crate::{Mistakes, Page, words::Html};

/// The form, filled in.
#[derive(Template)]
#[template(path = "components/say.html")]
pub(super) struct SayForm<'a> {
    pub(super) page: &'a Page,
    /// Where it is sent.
    pub(super) action: String,
    /// The address that draws Markdown.
    pub(super) preview: String,
    /// The page without the form.
    pub(super) back: String,
    /// The same page with the lines as a suggestion; empty: the lines cannot be suggested.
    pub(super) suggest: String,
    pub(super) path: String,
    pub(super) side: &'static str,
    pub(super) first: String,
    pub(super) last: String,
    /// The version that the lines are of.
    pub(super) version: i64,
    /// The newest version, if that is another one.
    pub(super) newer: Option<i64>,
    pub(super) body: String,
    pub(super) mistakes: Mistakes,
    /// Whether a review has begun.
    pub(super) is_reviewing: bool,
}

impl SayForm<'_> {
    pub(super) fn draw(&self) -> Result<Html, Error> {
        Ok(Html::trusted(self.render().map_err(Error::internal)?))
    }
}

/// What was entered, when the form is shown again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) body: String,
    pub(crate) mistakes: Mistakes,
}

/// The lines as a suggestion to be changed; empty if the page does not show all of them.
pub(super) fn suggestion(files: &[DrawnFile], lines: &Lines) -> String {
    if lines.side == LineSide::Old {
        return String::new();
    }
    let Some(file) = files.iter().find(|drawn| drawn.file.path() == lines.path) else { return String::new() };
    let shown = file.file.hunks.iter().flat_map(|hunk| &hunk.lines);
    let meant = shown.filter(|line| {
        line.kind != LineKind::NoNewline
            && line.new_number.is_some_and(|number| (lines.first..=lines.last).contains(&number))
    });
    let texts: Vec<&str> = meant.map(|line| line.text.as_str()).collect();
    let is_whole = u32::try_from(texts.len()).is_ok_and(|count| count == lines.last - lines.first + 1);
    if !is_whole {
        return String::new();
    }
    // A longer fence than any that stands in the lines.
    let longest = texts.iter().map(|text| text.chars().filter(|letter| *letter == '`').count()).max();
    let fence = "`".repeat(longest.unwrap_or_default().max(2) + 1);
    format!("{fence}suggestion\n{}\n{fence}\n", texts.join("\n"))
}

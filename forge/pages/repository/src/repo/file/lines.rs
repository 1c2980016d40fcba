use std::fmt::Write as _;

use askama::Template;
use hearth_app::{
    App, code,
    code::{Found, Text},
    highlight::Plain,
};

use super::Subject;
use crate::{
    Failure, Page,
    words::{self, Html},
};

/// Lines of one part, where the next ones are linked.
const STEP: usize = 500;

/// Lines of a file, with what leads to the others.
#[derive(Template)]
#[template(path = "pages/repo/file/lines.html")]
struct LinesPart<'a> {
    page: &'a Page,
    /// The address of the page, without a query.
    address: String,
    /// What a query begins with: `?`, and what has to stay in it.
    query: String,
    is_source: bool,
    lines: Html,
    /// Whether the one line is wrapped, because it is shown whole.
    is_one: bool,
    first: usize,
    last: usize,
    total: usize,
    search: String,
    found: Option<Found>,
    notes: Vec<String>,
}

/// Lines for the page, and what its head says about them.
pub(super) struct Drawn {
    pub(super) html: Html,
    pub(super) total: usize,
    pub(super) language: Option<&'static str>,
}

impl LinesPart<'_> {
    fn is_whole(&self) -> bool {
        self.first == 1 && self.last == self.total
    }

    fn range(&self, first: usize, last: usize) -> String {
        format!("{}lines={first}-{last}", self.query)
    }

    fn previous(&self) -> Option<String> {
        (self.first > 1).then(|| self.range(self.first.saturating_sub(STEP).max(1), self.first - 1))
    }

    fn next(&self) -> Option<String> {
        (self.last < self.total).then(|| self.range(self.last + 1, (self.last + STEP).min(self.total)))
    }

    fn end(&self) -> String {
        self.range(self.total.saturating_sub(STEP - 1).max(1), self.total)
    }

    /// The address of another match.
    fn match_address(&self, found: &Found, number: usize) -> Option<String> {
        let line = found.lines.get(number.checked_sub(1)?)?;
        let word = hearth_core::urls::segment(&self.search);
        Some(format!("{}q={word}&found={number}#L{line}", self.query))
    }
}

pub(super) async fn draw(subject: &Subject<'_>, text: &Text) -> Result<Drawn, Failure> {
    let Subject { app, page, file, query, .. } = *subject;
    let wanted = query.wanted_lines();
    let search = wanted.search.clone().unwrap_or_default();
    let found = code::lines(app, file, text, wanted).await?;
    let (first, last, total) = (found.first, found.last(), found.total);
    let is_source = query.is_source();
    let keep = if is_source { "?display=source&" } else { "?" };
    let part = LinesPart {
        page,
        address: subject.address(),
        query: keep.to_owned(),
        is_source,
        lines: rows(page, keep, &found),
        is_one: first == last && total > 1,
        first,
        last,
        total,
        search,
        notes: notes(app, page, text, &found),
        found: found.found,
    };
    let html = Html::trusted(part.render().map_err(hearth_core::Error::internal)?);
    Ok(Drawn { html, total, language: found.part.language })
}

/// Only the lines, for a script that adds them to the page.
pub(super) async fn draw_rows(subject: &Subject<'_>, text: &Text) -> Result<Html, Failure> {
    let found = code::lines(subject.app, subject.file, text, subject.query.wanted_lines()).await?;
    let rows = rows(subject.page, "?display=source&", &found);
    Ok(Html::trusted(format!("<!doctype html><div class=\"code\">{rows}</div>")))
}

fn rows(page: &Page, query: &str, found: &code::Lines) -> Html {
    let mut html = String::with_capacity(found.part.lines.len() * 128);
    for (number, line) in (found.first..).zip(&found.part.lines) {
        let class = class_of(number, found.found.as_ref());
        write!(html, "<div id=\"L{number}\"{class}><a href=\"#L{number}\">{number}</a><code>{}", line.html)
            .expect("writing to a String cannot fail");
        if line.left_out_bytes > 0 {
            let size = words::bytes(line.left_out_bytes as u64);
            let address = format!("{query}lines={number}-{number}");
            let more = t!(page, "repo-file-line-more", size = size.as_str());
            write!(html, "… {}", Html::link(&address, &more)).expect("writing to a String cannot fail");
        }
        html.push_str("</code></div>");
    }
    Html::trusted(html)
}

fn class_of(number: usize, found: Option<&Found>) -> &'static str {
    match found {
        Some(found) if found.line() == Some(number) => " class=\"is-found is-current\"",
        Some(found) if found.lines.binary_search(&number).is_ok() => " class=\"is-found\"",
        _ => "",
    }
}

/// What is left out, in sentences.
fn notes(app: &App, page: &Page, text: &Text, found: &code::Lines) -> Vec<String> {
    let limits = app.limits();
    let beginning = (!text.is_whole).then(|| {
        let size = words::bytes(limits.shown_file_bytes);
        t!(page, "repo-file-beginning", size = size.as_str())
    });
    let plain = found.part.plain.map(|reason| match reason {
        Plain::Large => {
            let size = words::bytes(limits.highlighted_file_bytes);
            t!(page, "repo-file-plain-large", size = size.as_str())
        }
        Plain::LongLine => t!(page, "repo-file-plain-long").to_owned(),
        Plain::Slow => t!(page, "repo-file-plain-slow").to_owned(),
    });
    beginning.into_iter().chain(plain).collect()
}

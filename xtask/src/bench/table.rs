//! The figures of one server, as a Markdown table.

use std::fmt::Write as _;
use std::time::Duration;

use super::peer;
use crate::report::say;

/// One measured page.
pub(super) struct Page {
    pub(super) name: &'static str,
    pub(super) bytes: usize,
    pub(super) p50: Duration,
    pub(super) p99: Duration,
    pub(super) per_second: f64,
    pub(super) cpu: Duration,
}

/// The results for one server.
pub(super) struct Table {
    subject: String,
    pages: Vec<Page>,
    figures: Vec<(&'static str, f64, &'static str)>,
}

impl Table {
    pub(super) fn new(subject: &str) -> Self {
        Self { subject: subject.to_owned(), pages: Vec::new(), figures: Vec::new() }
    }

    pub(super) fn page(&mut self, page: Page) {
        say(&format!("{}: p50 {:.1} ms, {:.0} a second", page.name, ms(page.p50), page.per_second));
        self.pages.push(page);
    }

    pub(super) fn figure(&mut self, name: &'static str, value: f64, unit: &'static str) {
        say(&format!("{name}: {value:.2} {unit}"));
        self.figures.push((name, value, unit));
    }

    pub(super) fn print(&self) -> String {
        let mut text = format!(
            "\n## {}\n\n| page | bytes | p50 ms | p99 ms | requests/s | CPU ms/request | bar | Gitea |\n\
             |---|--:|--:|--:|--:|--:|--:|--:|\n",
            self.subject
        );
        for page in &self.pages {
            let (bar, peer) = reference(peer::PAGES, page.name);
            let Page { name, bytes, p50, p99, per_second, cpu } = page;
            let (p50, p99, cpu) = (ms(*p50), ms(*p99), ms(*cpu));
            let row = format!(
                "| {name} | {bytes} | {p50:.2} | {p99:.2} | {per_second:.0} | {cpu:.2} | {bar} | {peer} |\n"
            );
            text.push_str(&row);
        }
        text.push_str("\n| what | measured | bar | Gitea |\n|---|--:|--:|--:|\n");
        for (name, value, unit) in &self.figures {
            let (bar, peer) = reference(peer::FIGURES, name);
            writeln!(text, "| {name} | {value:.2} {unit} | {bar} | {peer} |").unwrap_or_default();
        }
        text
    }
}

/// The server CPU of each page of two servers measured in one run, and how many times cheaper the first one is.
pub(super) fn beside(one: &Table, other: &Table) -> String {
    let mut text = format!(
        "\n## {} beside {}\n\n| page | CPU ms/request | the other, ms | times |\n|---|--:|--:|--:|\n",
        one.subject, other.subject
    );
    for page in &one.pages {
        let Some(peer) = other.pages.iter().find(|peer| peer.name == page.name) else { continue };
        let (cpu, peer) = (ms(page.cpu), ms(peer.cpu));
        writeln!(text, "| {} | {cpu:.2} | {peer:.2} | {:.1} |", page.name, peer / cpu).unwrap_or_default();
    }
    text
}

fn reference(rows: &[peer::Row], name: &str) -> (String, String) {
    let written = |value: f64| if value.is_nan() { String::new() } else { value.to_string() };
    let row = rows.iter().find(|row| row.name == name);
    row.map(|row| (written(row.bar), written(row.peer))).unwrap_or_default()
}

pub(super) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

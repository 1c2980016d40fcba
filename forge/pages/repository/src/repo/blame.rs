use std::fmt::Write as _;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App, code,
    code::{BlamedRun, Lines, RevisionPath},
};
use hearth_core::{
    Timestamp,
    urls::{RepositoryUrls, Revision},
};

use super::{RepositoryVisit, file::FileQuery, source::At, surroundings::BranchMenu, view};
use crate::{Failure, Page, RepositoryHead, respond, words::Html};

/// Who wrote each line of a file, and when.
#[derive(Template)]
#[template(path = "pages/repo/blame.html")]
struct Blame {
    page: Page,
    head: RepositoryHead,
    place: RevisionPath,
    menu: BranchMenu,
    crumbs: Vec<(String, String)>,
    source: String,
    history: String,
    /// None: the file has no lines to tell of.
    shown: Option<Shown>,
}

struct Shown {
    runs: Vec<Run>,
    range: String,
    previous: Option<String>,
    next: Option<String>,
}

/// Lines next to each other that one commit wrote.
struct Run {
    /// How old they are, from 0 for the newest.
    age: usize,
    title: String,
    address: String,
    short: String,
    author: String,
    time: Html,
    /// The same page as it was before that commit.
    before: Option<String>,
    /// The lines, each with its number.
    lines: Html,
}

/// The ages that are told apart, in days: a week, a month, a season, half a year, and years.
const AGES: [i64; 7] = [7, 30, 90, 180, 365, 730, 1_460];
const DAY_SECONDS: i64 = 24 * 3600;
/// Lines of one part, where the next ones are linked.
const STEP: usize = 500;

impl Blame {
    /// This page as it is at this commit.
    fn permalink(&self) -> String {
        view::permalink(&self.head.urls, &self.place, RepositoryUrls::blame)
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Failure> {
    let (place, found) = code::blame(&app, &visit.access, &at.kind, &at.rest, query.wanted_lines()).await?;
    let urls = &visit.urls;
    let path = place.path.as_str();
    let here = urls.blame(&place.revision, path);
    let shown = found.shown.map(|(lines, runs)| Shown {
        runs: runs.iter().map(|run| draw(&page, urls, &lines, run)).collect(),
        range: range_text(&page, &lines),
        previous: (lines.first > 1).then(|| {
            let first = lines.first.saturating_sub(STEP).max(1);
            format!("{here}?lines={first}-{}", lines.first - 1)
        }),
        next: (lines.last() < lines.total).then(|| {
            let last = (lines.last() + STEP).min(lines.total);
            format!("{here}?lines={}-{last}", lines.last() + 1)
        }),
    });
    respond::html(&Blame {
        head: visit.head(&app, &super::home::SECTION).await?,
        menu: BranchMenu::read(&app, &visit, &place, RepositoryUrls::blame).await?,
        crumbs: view::crumbs(urls, &place.revision, &place.path),
        source: urls.source(&place.revision, path),
        history: urls.commits(&place.revision, path),
        shown,
        page,
        place,
    })
}

fn range_text(page: &Page, lines: &Lines) -> String {
    let (first, last, total) = (lines.first as u64, lines.last() as u64, lines.total as u64);
    if first == 1 && last == total {
        t!(page, "repo-file-lines", count = total)
    } else {
        t!(page, "repo-file-range", first = first, last = last, total = total)
    }
}

fn draw(page: &Page, urls: &RepositoryUrls, lines: &Lines, run: &BlamedRun) -> Run {
    let commit = &run.commit;
    let made_at = commit.committer.time;
    let days = (page.now.as_jiff().as_second() - made_at.as_second()) / DAY_SECONDS;
    let mut html = String::new();
    let skipped = run.first - lines.first;
    let shown = lines.part.lines.iter().skip(skipped).take(run.lines);
    for (number, line) in (run.first..).zip(shown) {
        write!(
            html,
            "<div id=\"L{number}\"><a href=\"#L{number}\">{number}</a><code>{}</code></div>",
            line.html
        )
        .expect("writing to a String cannot fail");
    }
    Run {
        age: AGES.iter().take_while(|age| days >= **age).count(),
        title: commit.title.clone(),
        address: urls.commit(&commit.id.to_string()),
        short: commit.id.short(),
        author: commit.author.name.clone(),
        time: page.time(Timestamp::new(made_at)),
        before: run
            .before
            .as_ref()
            .map(|(parent, path)| urls.blame(&Revision::Commit(parent.to_string()), path.as_str())),
        lines: Html::trusted(html),
    }
}

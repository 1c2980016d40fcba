use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App, code,
    code::{CodeSearch, FoundCode},
};
use hearth_core::{Error, urls::Revision};
use hearth_git::{GrepLine, GrepManner};

use super::{RepositoryVisit, view};
use crate::{Failure, Mistakes, Page, RepositoryHead, respond, words::Html};

/// A search in the files of one revision.
#[derive(Template)]
#[template(path = "pages/repo/search.html")]
struct Search {
    page: Page,
    head: RepositoryHead,
    query: SearchQuery,
    mistakes: Mistakes,
    /// None before anything was looked for.
    found: Option<Found>,
}

struct Found {
    revision: String,
    /// How much was found, in words.
    sum: String,
    files: Vec<FileRow>,
    /// What was left out, in sentences.
    left_out: Vec<String>,
}

struct FileRow {
    path: String,
    address: String,
    lines: Vec<LineRow>,
    has_more: bool,
}

struct LineRow {
    number: u32,
    address: String,
    html: Html,
}

/// The fields of the form. What is ticked sends `true`.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct SearchQuery {
    q: String,
    /// A branch, a tag or a commit; empty for the default branch.
    revision: String,
    /// Paths or patterns, separated by blanks.
    path: String,
    case: String,
    word: String,
    regex: String,
}

impl SearchQuery {
    fn is_on(field: &str) -> bool {
        field == "true"
    }

    fn search(&self) -> CodeSearch {
        CodeSearch {
            pattern: self.q.clone(),
            manner: GrepManner {
                is_regex: Self::is_on(&self.regex),
                ignores_case: !Self::is_on(&self.case),
                is_word: Self::is_on(&self.word),
            },
            paths: self.path.split_whitespace().map(str::to_owned).collect(),
            revision: Some(self.revision.trim().to_owned()).filter(|revision| !revision.is_empty()),
        }
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(query): Query<SearchQuery>,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &super::home::SECTION).await?;
    if query.q.is_empty() {
        return respond::html(&Search { page, head, query, mistakes: Mistakes::none(), found: None });
    }
    match code::search(&app, &visit.access, &query.search()).await {
        Ok(found) => {
            let found = Some(draw(&page, &visit, &found));
            respond::html(&Search { page, head, query, mistakes: Mistakes::none(), found })
        }
        Err(error @ Error::Invalid(_)) => {
            let mistakes = Mistakes::from_error(&page, error, "q")?;
            let answer = Search { page, head, query, mistakes, found: None };
            respond::html_with(StatusCode::UNPROCESSABLE_ENTITY, &answer)
        }
        Err(other) => Err(other.into()),
    }
}

fn draw(page: &Page, visit: &RepositoryVisit, found: &FoundCode) -> Found {
    let (urls, place, grep) = (&visit.urls, &found.place, &found.grep);
    let commit = Revision::Commit(place.commit.to_string());
    let files: Vec<FileRow> = grep
        .files
        .iter()
        .map(|file| {
            let address = urls.source(&place.revision, &file.path);
            // Numbers of lines are those of this commit.
            let fixed = urls.source(&commit, &file.path);
            let line = |line: &GrepLine| LineRow {
                number: line.number,
                address: format!("{fixed}?display=source&lines={}#L{}", line.number, line.number),
                html: marked(line),
            };
            FileRow {
                address,
                lines: file.lines.iter().map(line).collect(),
                has_more: file.has_more,
                path: file.path.clone(),
            }
        })
        .collect();
    let lines: usize = files.iter().map(|file| file.lines.len()).sum();
    let (lines, count) = (lines as u64, files.len() as u64);
    let notes = [
        grep.has_more.then(|| t!(page, "repo-search-more").to_owned()),
        grep.left_out.map(|_| t!(page, "repo-search-left-out", count = grep.searched as u64)),
        (grep.too_large > 0).then(|| t!(page, "repo-search-large", count = grep.too_large as u64)),
        (grep.binary > 0).then(|| t!(page, "repo-search-binary", count = grep.binary as u64)),
    ];
    Found {
        revision: view::revision_text(&place.revision),
        sum: t!(page, "repo-search-sum", lines = lines, count = count),
        left_out: notes.into_iter().flatten().collect(),
        files,
    }
}

/// The line with what was found marked.
fn marked(line: &GrepLine) -> Html {
    let mut html = String::new();
    let mut at = 0;
    for mark in &line.marks {
        html.push_str(Html::text(&line.text[at..mark.start]).as_str());
        html.push_str("<mark>");
        html.push_str(Html::text(&line.text[mark.clone()]).as_str());
        html.push_str("</mark>");
        at = mark.end;
    }
    html.push_str(Html::text(&line.text[at..]).as_str());
    if line.is_cut {
        html.push('…');
    }
    Html::trusted(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_is_marked_and_everything_is_escaped() {
        let line =
            GrepLine { number: 1, text: "a <b> 数 <b>".to_owned(), marks: vec![2..5, 10..13], is_cut: true };
        assert_eq!(marked(&line).as_str(), "a <mark>&lt;b&gt;</mark> 数 <mark>&lt;b&gt;</mark>…");
    }
}

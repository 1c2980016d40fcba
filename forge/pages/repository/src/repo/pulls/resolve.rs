//! `/{owner}/{name}/pulls/{number}/resolve`: simple conflicts, resolved by editing each file.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    merge::{self, Resolution},
};
use hearth_core::{Error, ThreadNumber};
use hearth_git::ResolvedFile;
use http::StatusCode;
use serde::Deserialize;

use super::{AtPull, Framed, Part, PullFrame, conflicts::ConflictView, frame};
use crate::{
    Failure, Flash, Form, Mistakes, Page, RepositoryHead,
    repo::RepositoryVisit,
    respond::{html_with, see_other_with},
};

#[derive(Template)]
#[template(path = "pages/repo/pulls/resolve.html")]
struct Resolve {
    page: Page,
    head: RepositoryHead,
    frame: PullFrame,
    files: Vec<FileRow>,
    /// Files that have to be resolved in a clone.
    others: Vec<ConflictView>,
    expected_head: String,
    expected_base: String,
    mistakes: Mistakes,
}

/// A file with its text, in which conflicts are marked.
struct FileRow {
    view: ConflictView,
    text: String,
    lines: usize,
    /// Where conflicts are marked in it, in words.
    places: Vec<String>,
    /// Whether markers are left in what was typed.
    is_unfinished: bool,
}

/// Paths and texts are lists of the same length.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ResolveForm {
    path: Vec<String>,
    content: Vec<String>,
    expected_head: String,
    expected_base: String,
}

/// What begins the lines that mark a conflict.
const MARKERS: [&str; 3] = ["<<<<<<< ", "||||||| ", ">>>>>>> "];

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
) -> Result<Response, Failure> {
    visit.access.participant()?;
    show(&app, page, &visit, at.number()?, None, Mistakes::none()).await
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<ResolveForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    if form.path.len() != form.content.len() {
        return Err(Error::field("form", "form-unreadable").into());
    }
    if form.content.iter().any(|text| has_markers(text)) {
        let mistakes = Mistakes::one("content", t!(page, "repo-pulls-resolve-markers").to_owned());
        return show(&app, page, &visit, number, Some(form), mistakes).await;
    }
    let found = merge::conflicts_to_resolve(&app, &visit.access, number).await?;
    let has_wide_breaks = |path: &str| {
        let mut texts =
            found.files.iter().filter(|file| file.path == path).filter_map(|file| file.merged.as_ref());
        texts.any(|text| text.contains("\r\n"))
    };
    let file = |(path, content): (&String, &String)| ResolvedFile {
        path: path.clone(),
        content: with_breaks(content, has_wide_breaks(path)).into_bytes(),
    };
    let unreadable = |_| Error::field("form", "form-unreadable");
    let resolution = Resolution {
        files: form.path.iter().zip(&form.content).map(file).collect(),
        expected_head: form.expected_head.parse().map_err(unreadable)?,
        expected_base: form.expected_base.parse().map_err(unreadable)?,
    };
    match merge::resolve_conflicts(&app, &visit.access, number, resolution).await {
        Ok(()) => Ok(see_other_with(&visit.urls.pull(number), Flash::new("flash-pull-resolved", ""))),
        // The texts are kept, also where somebody pushed meanwhile.
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "content")?;
            show(&app, page, &visit, number, Some(form), mistakes).await
        }
    }
}

/// Whether lines that mark a conflict are left.
fn has_markers(text: &str) -> bool {
    text.lines().any(|line| MARKERS.iter().any(|marker| line.starts_with(marker)))
}

/// The text with the sides of its conflicts named by their branches.
fn named(text: &str, base: &str, head: &str) -> String {
    let line = |line: &str| match line.trim_end_matches(['\r', '\n']) {
        mark @ "<<<<<<< ours" => format!("<<<<<<< {base}{}", &line[mark.len()..]),
        mark @ ">>>>>>> theirs" => format!(">>>>>>> {head}{}", &line[mark.len()..]),
        _ => line.to_owned(),
    };
    text.split_inclusive('\n').map(line).collect()
}

/// Files have more conflicts than can be named beside them.
const MOST_PLACES: usize = 20;

/// The lines of each marked conflict, from its first mark to its last, counted from 1.
fn marked(text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut first) = (Vec::new(), None);
    for (place, line) in text.lines().enumerate() {
        if line.starts_with("<<<<<<< ") {
            first = Some(place + 1);
        } else if line.starts_with(">>>>>>> ")
            && let Some(first) = first.take()
        {
            found.push((first, place + 1));
        }
    }
    found.truncate(MOST_PLACES);
    found
}

/// Forms send line breaks as carriage return and line feed, whatever the file has.
fn with_breaks(text: &str, are_wide: bool) -> String {
    let plain = text.replace("\r\n", "\n");
    if are_wide { plain.replace('\n', "\r\n") } else { plain }
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    typed: Option<ResolveForm>,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let Framed { head, frame } = frame(app, &page, visit, number, Part::Conversation).await?;
    let found = merge::conflicts_to_resolve(app, &visit.access, number).await?;
    let (simple, others): (Vec<_>, Vec<_>) = found.files.into_iter().partition(|file| file.merged.is_some());
    let text_of = |path: &str| {
        let typed = typed.as_ref()?;
        let place = typed.path.iter().position(|known| known == path)?;
        typed.content.get(place).cloned()
    };
    let (base_branch, head_branch) = (frame.pull().base_branch.clone(), frame.pull().head_branch.clone());
    let (base_branch, head_branch) = (base_branch.as_str(), head_branch.as_str());
    let files = ConflictView::all(&page, &simple).into_iter().zip(&simple).map(|(view, file)| {
        let typed = text_of(&file.path);
        let is_unfinished = typed.as_deref().is_some_and(has_markers);
        let merged = || file.merged.as_deref().map(|text| named(text, base_branch, head_branch));
        let text = typed.or_else(merged).unwrap_or_default();
        let place = |(from, to)| t!(page, "repo-pulls-thread-lines", from = from as u64, to = to as u64);
        let places = marked(&text).into_iter().map(place).collect();
        FileRow { lines: text.lines().count().clamp(8, 40), places, view, text, is_unfinished }
    });
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(
        status,
        &Resolve {
            files: files.collect(),
            others: ConflictView::all(&page, &others),
            expected_head: found.head.to_string(),
            expected_base: found.base.to_string(),
            page,
            head,
            frame,
            mistakes,
        },
    )
}

#[cfg(test)]
mod tests {
    use super::{has_markers, marked, named, with_breaks};

    #[test]
    fn what_still_has_a_mark_is_not_resolved() {
        assert!(has_markers("a\n<<<<<<< main\nb\n=======\nc\n>>>>>>> fix\n"));
        assert!(!has_markers("Title\n=======\n\nx <<<<<<< y\n"));
        let unnamed = "a\r\n<<<<<<< ours\r\nb\r\n=======\n>>>>>>> theirs\nx <<<<<<< ours";
        let expected = "a\r\n<<<<<<< main\r\nb\r\n=======\n>>>>>>> fix\nx <<<<<<< ours";
        assert_eq!(named(unnamed, "main", "fix"), expected);
        assert_eq!(marked("a\n<<<<<<< main\nb\n=======\nc\n>>>>>>> fix\n>>>>>>> x\n"), [(2, 6)]);
        assert_eq!(with_breaks("a\r\nb\r\n", false), "a\nb\n");
        assert_eq!(with_breaks("a\r\nb\n", true), "a\r\nb\r\n");
    }
}

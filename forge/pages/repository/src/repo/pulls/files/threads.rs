//! The discussions of lines, each under the last of its lines, and those that have no line here.

use std::collections::HashMap;

use askama::Template;
use hearth_app::{
    App,
    line_comment::{self, LineThread, SeenSuggestion},
};
use hearth_core::{Error, LineSide, ThreadNumber};

use super::query::mark;
use crate::{
    Failure, Page,
    diff::{self, DiffFile, Line},
    repo::{RepositoryVisit, pulls::line_thread::LineThreadView},
    words::Html,
};

/// A thread as it stands among the lines of a file.
#[derive(Template)]
#[template(path = "components/review_thread.html")]
struct Drawn<'a> {
    page: &'a Page,
    thread: LineThreadView,
    /// Whether its lines are not here, so that they are quoted.
    is_quoted: bool,
    /// Where its suggestion is applied; none: it makes none, or the reader may not apply it.
    suggestion: Option<(SeenSuggestion, String)>,
}

/// Which threads are shown, and on which lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placed {
    /// On the lines of a version; none: the newest.
    In { version: Option<i64>, is_old_side_shown: bool },
    /// One commit: its lines have other numbers than those of a version.
    Nowhere,
}

/// The threads of a page, by where they stand.
#[derive(Default)]
pub(super) struct Threads {
    by_line: HashMap<(String, String), Vec<Html>>,
    /// Those whose lines are not here, by path.
    by_path: HashMap<String, Vec<Html>>,
    counts: HashMap<String, u64>,
}

/// Where a thread stands.
struct Place {
    path: String,
    /// None: not among the lines of this page.
    mark: Option<String>,
}

impl Threads {
    /// Reads and draws the threads that belong to what is shown. `may_apply`: the reader may put suggestions into effect.
    pub(super) async fn read(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        number: ThreadNumber,
        placed: Placed,
        may_apply: bool,
    ) -> Result<Self, Failure> {
        let Placed::In { version, is_old_side_shown } = placed else { return Ok(Self::default()) };
        let shown = match version {
            Some(version) => line_comment::line_threads_at(app, &visit.access, number, version).await?,
            None => line_comment::line_threads(app, &visit.access, number).await?,
        };
        let places: Vec<Place> = shown.iter().map(|thread| place(thread, is_old_side_shown)).collect();
        let apply = visit.urls.pull_part(number, "suggestions");
        let suggestions: Vec<_> = shown
            .iter()
            .map(|thread| suggestion(thread).filter(|_| may_apply).map(|seen| (seen, apply.clone())))
            .collect();
        let views = LineThreadView::draw_all(app, page, visit, number, shown).await?;
        let mut threads = Self::default();
        for ((place, thread), suggestion) in places.into_iter().zip(views).zip(suggestions) {
            let is_quoted = place.mark.is_none();
            let drawn = Drawn { page, thread, is_quoted, suggestion };
            threads.add(place, Html::trusted(drawn.render().map_err(Error::internal)?));
        }
        Ok(threads)
    }

    fn add(&mut self, place: Place, html: Html) {
        *self.counts.entry(place.path.clone()).or_default() += 1;
        match place.mark {
            Some(mark) => self.by_line.entry((place.path, mark)).or_default().push(html),
            None => self.by_path.entry(place.path).or_default().push(html),
        }
    }

    /// Puts something else under a line: the form to comment.
    pub(super) fn put(&mut self, path: &str, mark: String, html: Html) {
        self.by_line.entry((path.to_owned(), mark)).or_default().push(html);
    }

    /// How many threads a file has.
    pub(super) fn count(&self, path: &str) -> u64 {
        self.counts.get(path).copied().unwrap_or_default()
    }

    /// Puts a file's threads under its lines, and those whose lines it does not show after them.
    pub(super) fn attach(&mut self, file: &mut DiffFile) {
        let path = file.path.clone();
        file.body.say_below(|line| self.of_line(&path, line));
        let mut rest = Vec::new();
        self.by_line.retain(|(other, _), drawn| {
            let is_of_file = *other == path;
            if is_of_file {
                rest.append(drawn);
            }
            !is_of_file
        });
        rest.extend(self.by_path.remove(&path).unwrap_or_default());
        if let Some(review) = &mut file.review {
            review.below = joined(&rest);
        }
    }

    fn of_line(&mut self, path: &str, line: &Line) -> Html {
        let marks = [line.new_mark(), line.old_mark()];
        let here = marks.into_iter().filter(|mark| !mark.is_empty());
        let threads = here.filter_map(|mark| self.by_line.remove(&(path.to_owned(), mark)));
        joined(&threads.flatten().collect::<Vec<_>>())
    }

    /// What is left: threads of files that are not on the page, by path.
    pub(super) fn rest(self) -> Vec<(String, Html)> {
        let mut by_path = self.by_path;
        for ((path, _), drawn) in self.by_line {
            by_path.entry(path).or_default().extend(drawn);
        }
        let mut rest: Vec<_> = by_path.into_iter().map(|(path, drawn)| (path, joined(&drawn))).collect();
        rest.sort_by(|(one, _), (other, _)| one.cmp(other));
        rest
    }
}

/// Where a thread stands; the lines before are not always shown.
fn place(thread: &LineThread, is_old_side_shown: bool) -> Place {
    let first = &thread.comments[0];
    match &thread.place {
        // A comment stays on its side, wherever its lines go.
        Some(place) => {
            let is_here = first.side == LineSide::New || is_old_side_shown;
            let mark = is_here.then(|| mark(first.side, place.last_line));
            Place { path: place.path.clone(), mark }
        }
        None => Place { path: first.path.clone(), mark: None },
    }
}

/// The suggestion that can be put into effect, of a thread that is neither outdated nor resolved.
fn suggestion(thread: &LineThread) -> Option<SeenSuggestion> {
    if thread.is_outdated() || thread.is_resolved || thread.comments[0].side == LineSide::Old {
        return None;
    }
    let mut said = thread.comments.iter().filter(|said| !said.is_pending());
    said.find(|said| line_comment::suggestion(&said.body).is_some()).map(SeenSuggestion::of)
}

fn joined(parts: &[Html]) -> Html {
    Html::trusted(parts.iter().map(Html::as_str).collect::<String>())
}

/// The name of a file's element, for the tree.
pub(super) fn anchor(path: &str) -> String {
    format!("#{}", diff::id(path))
}

//! A file at a revision. Kinds of files with a view of their own are in [`VIEWS`]; all others are shown as
//! their lines.

mod header;
mod lines;
mod markdown;
mod media;
pub mod notebook;
mod pdf;
mod picture;
mod show;
mod table;

use hearth_app::{
    App,
    code::{self, Content, FolderQuery, LineRange, RevisionPath, Text, WantedLines},
};

use super::RepositoryVisit;
use crate::{Failure, Page, words::Html};
pub(super) use show::show;

/// The views, by the endings of files' names.
const VIEWS: &[&dyn FileView] = &[
    &header::FileHeader,
    &markdown::Markdown,
    &media::Media,
    &notebook::Notebook,
    &pdf::Pdf,
    &picture::Picture,
    &table::SeparatedValues,
];

/// A kind of file that can be shown as something else than its lines.
#[async_trait::async_trait]
trait FileView: Sync {
    /// The endings of names, in lower case.
    fn endings(&self) -> &'static [&'static str];

    /// Draws a file. What a file contains is never an error: it is said.
    async fn draw(&self, subject: &Subject<'_>) -> Result<Drawn, Failure>;
}

/// A view, or why there is none.
enum Drawn {
    View(Html),
    /// In a sentence; the file is shown as any other.
    Not(String),
}

/// The file to be shown, and where.
struct Subject<'a> {
    app: &'a App,
    page: &'a Page,
    visit: &'a RepositoryVisit,
    place: &'a RevisionPath,
    file: &'a code::File,
    query: &'a FileQuery,
}

/// How a reader wants to see a file.
#[derive(Debug, Default, serde::Deserialize)]
pub(crate) struct FileQuery {
    /// `source` for the lines of a file that has another view, `lines` for a part without a page around it.
    #[serde(default)]
    display: String,
    /// `2001-2500`, or one line.
    #[serde(default)]
    lines: String,
    /// Words to search for.
    #[serde(default)]
    q: String,
    /// The number of the match.
    #[serde(default)]
    found: String,
    /// The column by which a table is sorted: `3`, or `-3`.
    #[serde(default)]
    sort: String,
    /// The page of a table, or of a folder.
    #[serde(default)]
    page: String,
    /// Whether to wait for the commits that last changed the entries of a folder.
    #[serde(default)]
    wait: String,
}

impl Subject<'_> {
    /// The address of the file's bytes.
    fn bytes_address(&self) -> String {
        let (urls, path) = (&self.visit.urls, self.file.path.as_str());
        match self.file.content {
            Content::Lfs(_) => urls.media(&self.place.revision, path),
            _ => urls.raw(&self.place.revision, path),
        }
    }

    /// The address of the page, without a query.
    fn address(&self) -> String {
        self.visit.urls.source(&self.place.revision, self.place.path.as_str())
    }

    fn text(&self) -> Option<&Text> {
        match &self.file.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The view for a file of this name.
    fn view(&self) -> Option<&'static dyn FileView> {
        let (_, ending) = self.file.path.name().rsplit_once('.')?;
        let ending = ending.to_ascii_lowercase();
        VIEWS.iter().copied().find(|view| view.endings().contains(&&*ending))
    }
}

impl FileQuery {
    fn is_source(&self) -> bool {
        self.display == "source"
    }

    /// Whether only lines are wanted, without a page around them.
    fn is_part(&self) -> bool {
        self.display == "lines"
    }

    /// Whether particular lines are wanted.
    fn is_about_lines(&self) -> bool {
        self.is_source() || self.is_part() || !self.lines.is_empty() || !self.q.is_empty()
    }

    /// The same fields, where a folder lies instead of a file.
    pub(crate) fn folder(&self) -> FolderQuery {
        let filter = self.q.trim().to_owned();
        FolderQuery { filter, page: self.page.parse().unwrap_or_default(), waits: self.wait == "true" }
    }

    pub(crate) fn wanted_lines(&self) -> WantedLines {
        let number = |text: &str| text.trim().trim_start_matches(['L', 'l']).parse().ok();
        let range = match self.lines.split_once('-') {
            Some((first, last)) => {
                number(first).zip(number(last)).map(|(first, last)| LineRange::Between(first, last))
            }
            None => number(&self.lines).map(LineRange::Around),
        };
        WantedLines {
            range: range.unwrap_or_default(),
            search: Some(self.q.trim().to_owned()).filter(|word| !word.is_empty()),
            found: self.found.parse().unwrap_or(1),
        }
    }
}

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use askama::Template;
use axum::{
    body::Body,
    extract::{Path, Query, State},
    response::{IntoResponse as _, Response},
};
use hearth_app::{
    App,
    code::{
        self,
        view::notebook::{self, Cell, CellKind, Output, Problem, Shown},
    },
    highlight::{self, Language},
    markdown::{self, Links},
};
use hearth_core::{Error, Kind};
use hearth_http::download;
use http::HeaderMap;

use super::{Drawn, FileView, Subject, markdown::links};
use crate::{Failure, Page, RepositoryVisit, prose::prose, repo::source::At, words::Html};

/// How long the code of one notebook may be coloured.
const COLOUR_BUDGET: Duration = Duration::from_millis(600);

/// Jupyter notebooks.
pub(super) struct Notebook;

#[derive(Template)]
#[template(path = "pages/repo/file/notebook.html")]
struct NotebookView<'a> {
    page: &'a Page,
    cells: Vec<CellView>,
    left_out: u64,
}

struct CellView {
    kind: CellKind,
    count: Option<u64>,
    source: Html,
    is_whole: bool,
    outputs: Vec<OutputView>,
    left_out: u64,
}

enum OutputView {
    Text { text: String, is_whole: bool, is_error: bool },
    Html(Html),
    Picture(String),
    Unknown(String),
}

#[async_trait::async_trait]
impl FileView for Notebook {
    fn endings(&self) -> &'static [&'static str] {
        &["ipynb"]
    }

    async fn draw(&self, subject: &Subject<'_>) -> Result<Drawn, Failure> {
        let page = subject.page;
        let Some(text) = subject.text().filter(|text| text.is_whole) else {
            return Ok(Drawn::Not(t!(page, "repo-file-not-whole").to_owned()));
        };
        let whole = Arc::clone(&text.text);
        let parsed = code::parse(subject.app, move || {
            let notebook = notebook::parse(&whole)?;
            let codes = colour(&notebook);
            Ok::<_, Problem>((notebook, codes))
        });
        let (notebook, codes) = match parsed.await? {
            Ok(parsed) => parsed,
            Err(Problem::NotJson) => return Ok(Drawn::Not(t!(page, "repo-file-notebook-broken").to_owned())),
            Err(Problem::OldFormat) => return Ok(Drawn::Not(t!(page, "repo-file-notebook-old").to_owned())),
        };
        let links = links(subject);
        let pictures =
            subject.visit.urls.notebook_output(&subject.place.revision, subject.file.path.as_str());
        let mut cells = Vec::with_capacity(notebook.cells.len());
        for (number, (cell, code)) in notebook.cells.into_iter().zip(codes).enumerate() {
            cells.push(draw_cell(subject, &links, &format!("{pictures}?cell={number}"), cell, code).await);
        }
        let view = NotebookView { page, cells, left_out: notebook.left_out as u64 };
        Ok(Drawn::View(Html::trusted(view.render().map_err(Error::internal)?)))
    }
}

/// The HTML of the cells that are not Markdown, in the order of all cells.
fn colour(notebook: &notebook::Notebook) -> Vec<Option<Html>> {
    let language = Language::of_word(&notebook.language);
    let mut left = COLOUR_BUDGET;
    let mut colours = Vec::with_capacity(notebook.cells.len());
    for cell in &notebook.cells {
        let started = Instant::now();
        colours.push(match cell.kind {
            CellKind::Markdown => None,
            CellKind::Code => Some(highlight::highlight(&cell.source.text, language, left)),
            CellKind::Raw => Some(highlight::highlight(&cell.source.text, None, left)),
        });
        left = left.saturating_sub(started.elapsed());
    }
    colours.into_iter().map(|code| code.map(|code| Html::trusted(code.lines.join("\n")))).collect()
}

async fn draw_cell(
    subject: &Subject<'_>,
    links: &Links,
    pictures: &str,
    cell: Cell,
    code: Option<Html>,
) -> CellView {
    let source = match code {
        Some(code) => code,
        None => text(subject, links, &cell.source).await,
    };
    let mut outputs = Vec::with_capacity(cell.outputs.len());
    for output in cell.outputs {
        outputs.push(match output {
            Output::Text(Shown { text, is_whole }) => OutputView::Text { text, is_whole, is_error: false },
            Output::Error(Shown { text, is_whole }) => OutputView::Text { text, is_whole, is_error: true },
            Output::Html(html) => {
                let drawn = markdown::draw_html(subject.app, html.into(), links.clone()).await;
                OutputView::Html(prose(subject.page.words(), &drawn))
            }
            Output::Markdown(shown) => OutputView::Html(text(subject, links, &shown).await),
            Output::Picture(number) => OutputView::Picture(format!("{pictures}&output={number}")),
            Output::Unknown(kinds) => OutputView::Unknown(kinds.join(", ")),
        });
    }
    CellView {
        kind: cell.kind,
        count: cell.count,
        source,
        is_whole: cell.source.is_whole,
        outputs,
        left_out: cell.left_out as u64,
    }
}

async fn text(subject: &Subject<'_>, links: &Links, shown: &Shown) -> Html {
    let drawn = markdown::draw(subject.app, shown.text.as_str().into(), links.clone()).await;
    prose(subject.page.words(), &drawn)
}

/// Which picture, by the numbers of its cell and its output.
#[derive(serde::Deserialize)]
pub(crate) struct PictureQuery {
    cell: usize,
    output: usize,
}

/// A picture among the outputs of a notebook, served as any file of a repository is.
pub(crate) async fn picture(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    Query(wanted): Query<PictureQuery>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let absent = || Error::NotFound(Kind::File);
    let (_, source) =
        code::source(&app, &visit.access, &at.kind, &at.rest, code::FolderQuery::default()).await?;
    let code::Source::File(file) = source else { return Err(absent().into()) };
    let code::Content::Text(text) = file.content else { return Err(absent().into()) };
    let find = move || notebook::picture(&text.text, wanted.cell, wanted.output);
    let picture = code::parse(&app, find).await?.ok_or_else(absent)?;
    let ending = picture.kind.trim_start_matches("image/").trim_end_matches("+xml");
    let name = format!("output-{}-{}.{ending}", wanted.cell, wanted.output);
    Ok((download::show_to(&headers, &name, true), Body::from(picture.bytes)).into_response())
}

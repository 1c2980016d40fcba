use askama::Template;
use hearth_app::code::view::header::{self, Fact, Problem, Row, Section, SectionKind};
use hearth_core::Error;

use super::{Drawn, FileView, Subject};
use crate::{
    Failure, Page,
    words::{Html, grouped},
};

/// What the headers of model and data files say.
pub(super) struct FileHeader;

#[derive(Template)]
#[template(path = "pages/repo/file/header.html")]
struct HeaderView<'a> {
    page: &'a Page,
    format: String,
    /// What the facts are called, and what they are.
    facts: Vec<(&'static str, String)>,
    sections: Vec<SectionView>,
    is_whole: bool,
    download: String,
}

/// A section with its title and the heads of its columns.
struct SectionView {
    title: &'static str,
    heads: Vec<&'static str>,
    rows: Vec<Row>,
    total: u64,
    has_shapes: bool,
}

impl SectionView {
    fn new(page: &Page, section: Section) -> Self {
        let (name, kind) = (t!(page, "repo-file-header-name"), t!(page, "repo-file-header-type"));
        let tensor = || vec![name, kind, t!(page, "repo-file-header-shape")];
        let (title, heads) = match section.kind {
            SectionKind::Tensors => (t!(page, "repo-file-header-tensors"), tensor()),
            SectionKind::Inputs => (t!(page, "repo-file-header-inputs"), tensor()),
            SectionKind::Outputs => (t!(page, "repo-file-header-outputs"), tensor()),
            SectionKind::Columns => {
                let heads = vec![name, kind, t!(page, "repo-file-header-repetition")];
                (t!(page, "repo-file-header-columns"), heads)
            }
            SectionKind::Metadata => {
                let heads = vec![t!(page, "repo-file-header-key"), t!(page, "repo-file-header-value")];
                (t!(page, "repo-file-header-metadata"), heads)
            }
        };
        let has_shapes = section.kind != SectionKind::Metadata;
        Self { title, heads, rows: section.rows, total: section.total, has_shapes }
    }

    /// How many rows are shown, if not all are.
    fn shown(&self) -> Option<u64> {
        let shown = self.rows.len() as u64;
        (shown < self.total).then_some(shown)
    }
}

#[async_trait::async_trait]
impl FileView for FileHeader {
    fn endings(&self) -> &'static [&'static str] {
        header::ENDINGS
    }

    async fn draw(&self, subject: &Subject<'_>) -> Result<Drawn, Failure> {
        let page = subject.page;
        Ok(match header::header(subject.app, &subject.visit.access, subject.file).await? {
            Ok(header) => {
                let view = HeaderView {
                    page,
                    format: header.format,
                    facts: header.facts.iter().map(|fact| named(page, fact)).collect(),
                    sections: header
                        .sections
                        .into_iter()
                        .map(|section| SectionView::new(page, section))
                        .collect(),
                    is_whole: header.is_whole,
                    download: subject.bytes_address(),
                };
                Drawn::View(Html::trusted(view.render().map_err(Error::internal)?))
            }
            Err(problem) => Drawn::Not(sentence(page, problem).to_owned()),
        })
    }
}

fn named(page: &Page, fact: &Fact) -> (&'static str, String) {
    match fact {
        Fact::Tensors(count) => (t!(page, "repo-file-header-tensors"), grouped(*count)),
        Fact::Parameters(count) => (t!(page, "repo-file-header-parameters"), grouped(*count)),
        Fact::Rows(count) => (t!(page, "repo-file-header-rows"), grouped(*count)),
        Fact::RowGroups(count) => (t!(page, "repo-file-header-row-groups"), grouped(*count)),
        Fact::Nodes(count) => (t!(page, "repo-file-header-nodes"), grouped(*count)),
        Fact::OperatorSets(text) => (t!(page, "repo-file-header-operator-sets"), text.clone()),
        Fact::Producer(text) => (t!(page, "repo-file-header-producer"), text.clone()),
    }
}

fn sentence(page: &Page, problem: Problem) -> &'static str {
    match problem {
        Problem::Ends => t!(page, "repo-file-header-ends"),
        Problem::Malformed => t!(page, "repo-file-header-malformed"),
        Problem::TooMuch => t!(page, "repo-file-header-too-much"),
        Problem::Unknown => t!(page, "repo-file-header-unknown"),
        Problem::Unreadable => t!(page, "repo-file-header-unreadable"),
    }
}

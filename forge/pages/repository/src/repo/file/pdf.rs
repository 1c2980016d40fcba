use askama::Template;

use super::{Drawn, FileView, Subject};
use crate::{Failure, Page, words::Html};

/// PDF documents. They can contain programs, and browsers show them only with the rights of the site that
/// they come from, so they are offered for download and never opened here.
pub(super) struct Pdf;

#[derive(Template)]
#[template(path = "pages/repo/file/pdf.html")]
struct PdfView<'a> {
    page: &'a Page,
    address: String,
}

#[async_trait::async_trait]
impl FileView for Pdf {
    fn endings(&self) -> &'static [&'static str] {
        &["pdf"]
    }

    async fn draw(&self, subject: &Subject<'_>) -> Result<Drawn, Failure> {
        let view = PdfView { page: subject.page, address: subject.bytes_address() };
        Ok(Drawn::View(Html::trusted(view.render().map_err(hearth_core::Error::internal)?)))
    }
}

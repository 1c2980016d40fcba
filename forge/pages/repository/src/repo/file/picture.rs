use super::{Drawn, FileView, Subject};
use crate::{Failure, words::Html};

/// Pictures. The browser loads them from the address of their bytes, where nothing in them can run.
pub(super) struct Picture;

#[async_trait::async_trait]
impl FileView for Picture {
    fn endings(&self) -> &'static [&'static str] {
        &["avif", "bmp", "gif", "ico", "jpeg", "jpg", "png", "svg", "webp"]
    }

    async fn draw(&self, subject: &Subject<'_>) -> Result<Drawn, Failure> {
        let (address, name) = (subject.bytes_address(), Html::text(subject.file.path.name()));
        Ok(Drawn::View(Html::trusted(format!(
            "<div class=\"box-body picture\"><img src=\"{}\" alt=\"{name}\"></div>",
            Html::text(&address)
        ))))
    }
}

use std::sync::Arc;

use hearth_app::markdown::{self, Base, Links};

use super::{Drawn, FileView, Subject};
use crate::{Failure, prose::prose, words::Html};

/// Markdown, rendered.
pub(super) struct Markdown;

#[async_trait::async_trait]
impl FileView for Markdown {
    fn endings(&self) -> &'static [&'static str] {
        &["md", "markdown"]
    }

    async fn draw(&self, subject: &Subject<'_>) -> Result<Drawn, Failure> {
        let page = subject.page;
        let Some(text) = subject.text().filter(|text| text.is_whole) else {
            return Ok(Drawn::Not(t!(page, "repo-file-not-whole").to_owned()));
        };
        let drawn = markdown::draw(subject.app, Arc::clone(&text.text), links(subject)).await;
        let html = prose(page.words(), &drawn);
        Ok(Drawn::View(Html::trusted(format!("<div class=\"box-body prose\">{html}</div>"))))
    }
}

/// What links in a text of this file are relative to.
pub(super) fn links(subject: &Subject<'_>) -> Links {
    let folder = subject.file.path.parent().map(|parent| parent.as_str().to_owned());
    let base = Base { revision: subject.place.revision.clone(), folder: folder.unwrap_or_default() };
    let repository = Some(subject.visit.urls.clone());
    Links { repository, base: Some(base), is_file: true, ..Links::default() }
}

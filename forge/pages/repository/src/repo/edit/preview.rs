//! What an edit will look like: the difference, and Markdown as it will be drawn.

use std::fmt::Write as _;

use hearth_app::{
    App,
    code::RevisionPath,
    edit,
    markdown::{self, Base, Links},
};
use hearth_core::Result;
use hearth_git::{Hunk, LineKind};

use crate::{Page, RepositoryVisit, prose::prose, words::Html};

/// Both, as far as there are any.
pub(crate) struct Preview {
    /// Empty where nothing differs.
    pub(crate) difference: Html,
    pub(crate) is_cut: bool,
    /// Of Markdown only.
    pub(crate) drawn: Option<Html>,
}

pub(crate) async fn preview(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    place: &RevisionPath,
    (old, new): (&str, &str),
) -> Result<Preview> {
    let (difference, is_cut) = difference(app, old, new).await?;
    let path = place.path.as_str();
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let is_markdown = matches!(ending.as_str(), "md" | "markdown");
    let drawn = if is_markdown && new.len() as u64 <= app.limits().markdown_bytes {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let links = Links {
            repository: Some(visit.urls.clone()),
            base: Some(Base { revision: place.revision.clone(), folder }),
            is_file: true,
            ..Links::default()
        };
        let html = markdown::draw(app, new.into(), links).await;
        Some(prose(page.words(), &html))
    } else {
        None
    };
    Ok(Preview { difference, is_cut, drawn })
}

/// How one text becomes another, as the rows of a table; empty where nothing differs.
pub(crate) async fn difference(app: &App, old: &str, new: &str) -> Result<(Html, bool)> {
    let (hunks, is_cut) = edit::difference(app, old.to_owned(), new.to_owned()).await?;
    Ok((rows(&hunks), is_cut))
}

fn rows(hunks: &[Hunk]) -> Html {
    let mut html = String::new();
    let add = "writing to a String cannot fail";
    for hunk in hunks {
        let header = Html::text(&hunk.header);
        write!(html, "<tr class=\"hunk\"><td></td><td></td><td>{}</td></tr>", header.as_str()).expect(add);
        for line in hunk.lines.iter().filter(|line| line.kind != LineKind::NoNewline) {
            let class = match line.kind {
                LineKind::Added => " class=\"add\"",
                LineKind::Deleted => " class=\"del\"",
                LineKind::Context | LineKind::NoNewline => "",
            };
            let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
            let (old, new) = (number(line.old_number), number(line.new_number));
            let text = Html::text(&line.text);
            write!(
                html,
                "<tr{class}><td data-n=\"{old}\"></td><td data-n=\"{new}\"></td><td>{}</td></tr>",
                text.as_str()
            )
            .expect(add);
        }
    }
    Html::trusted(html)
}

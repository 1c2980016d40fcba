//! `/{owner}/{name}/releases.atom`: the published releases, for feed readers.

use std::fmt::Write as _;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use hearth_app::{
    App, markdown,
    release::{self, ReleaseCard, ReleaseFilter},
};
use hearth_core::{PageRequest, Timestamp};
use http::{
    HeaderValue,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

use crate::{Failure, Page, repo::RepositoryVisit};

/// Entries in the feed.
const MOST: u32 = 20;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
) -> Result<Response, Failure> {
    let published = ReleaseFilter { is_draft: Some(false), ..ReleaseFilter::default() };
    let found = release::list(&app, &visit.access, published, PageRequest::new(1, MOST)).await?;
    let texts: Vec<&str> = found.items.iter().map(|card| card.release.notes.as_str()).collect();
    let drawn = markdown::comments(&app, &visit.access, page.language, &texts).await?;
    let repository = visit.access.repository();
    let absolute = |path: &str| app.urls().absolute(path);
    let title = format!("{}/{} · {}", repository.owner, repository.name, t!(page, "repo-releases-title"));
    let updated = found.items.iter().filter_map(|card| card.release.published_at).max();
    let mut feed = String::from(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n",
    );
    element(&mut feed, "id", &absolute(&visit.urls.releases()));
    element(&mut feed, "title", &title);
    element(&mut feed, "updated", &date(updated.unwrap_or(repository.created_at)));
    link(&mut feed, "self", &absolute(&visit.urls.releases_feed()));
    link(&mut feed, "alternate", &absolute(&visit.urls.releases()));
    for (card, html) in found.items.iter().zip(drawn) {
        entry(&mut feed, card, &absolute(&visit.urls.release(&card.release.tag_name)), &html);
    }
    feed.push_str("</feed>\n");
    let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    let cache = HeaderValue::from_static("private, no-cache");
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, cache)], feed).into_response())
}

fn entry(feed: &mut String, card: &ReleaseCard, address: &str, html: &str) {
    let release = &card.release;
    feed.push_str("<entry>\n");
    element(feed, "id", address);
    element(feed, "title", release.shown_title());
    element(feed, "updated", &date(release.updated_at));
    element(feed, "published", &date(release.published_at.unwrap_or(release.created_at)));
    link(feed, "alternate", address);
    if let Some(author) = &release.author {
        writeln!(feed, "<author><name>{}</name></author>", escaped(author.as_str()))
            .expect("a text takes everything");
    }
    writeln!(feed, "<content type=\"html\">{}</content>", escaped(html)).expect("a text takes everything");
    feed.push_str("</entry>\n");
}

fn element(feed: &mut String, name: &str, text: &str) {
    writeln!(feed, "<{name}>{}</{name}>", escaped(text)).expect("a text takes everything");
}

fn link(feed: &mut String, relation: &str, address: &str) {
    writeln!(feed, "<link rel=\"{relation}\" href=\"{}\"/>", escaped(address))
        .expect("a text takes everything");
}

fn date(at: Timestamp) -> String {
    at.as_jiff().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Text as XML has it; characters that XML does not know at all are left out.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\t' | '\n' | '\r' => safe.push(letter),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => safe.push(letter),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn nothing_in_a_title_is_markup_of_the_feed() {
        assert_eq!(
            escaped("</title><x a=\"1\">&\u{1}\u{ffff}"),
            "&lt;/title&gt;&lt;x a=&quot;1&quot;&gt;&amp;"
        );
    }
}

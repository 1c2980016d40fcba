//! How a reader wants to see changes, as the address says it.

use axum_extra::extract::CookieJar;
use hearth_app::code::Wanted;
use http::HeaderMap;
use serde::Deserialize;

use crate::{Web, cookie};

/// Lines around a change that an address may ask for: more would be the whole file.
const MOST_CONTEXT_LINES: u32 = 20_000;

/// How the reader wants to see changes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DiffQuery {
    /// `split` for two columns, `unified` for one; empty: as the reader chose last.
    view: String,
    /// `1` to ignore changes of blanks.
    w: String,
    /// The path of the only file to show.
    file: String,
    /// Unchanged lines around each change, as a number.
    context: String,
    /// What else the page's addresses say, in pairs of name and value: every link to the same page keeps it.
    #[serde(skip)]
    kept: Vec<(&'static str, String)>,
    /// The layout that the reader chose last.
    #[serde(skip)]
    preferred: String,
}

impl DiffQuery {
    /// Of one file alone.
    pub fn of_file(path: &str) -> Self {
        Self { file: path.to_owned(), ..Self::default() }
    }

    /// The same, with the layout that the reader chose last where the address names none.
    #[must_use]
    pub fn or_preferred(mut self, jar: &CookieJar) -> Self {
        self.preferred = jar.get(cookie::DIFF).map(|kept| kept.value().to_owned()).unwrap_or_default();
        self
    }

    /// Keeps the layout that the address names for the reader's next page of changes.
    pub fn keep(&self, web: &Web, headers: &mut HeaderMap) {
        if ["split", "unified"].contains(&self.view.as_str()) {
            cookie::set(headers, web, cookie::DIFF, &self.view, cookie::Life::Year);
        }
    }

    /// What else every link to the same page says; empty values are left out.
    #[must_use]
    pub fn keeping(mut self, kept: Vec<(&'static str, String)>) -> Self {
        self.kept = kept.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        self
    }

    pub fn is_split(&self) -> bool {
        let chosen = if self.view.is_empty() { &self.preferred } else { &self.view };
        chosen == "split"
    }

    pub fn ignores_whitespace(&self) -> bool {
        self.w == "1"
    }

    pub fn wanted(&self) -> Wanted {
        Wanted {
            ignores_whitespace: self.ignores_whitespace(),
            only: Some(self.file.clone()).filter(|path| !path.is_empty()),
            context_lines: self.context_lines(),
        }
    }

    /// Unchanged lines around each change, if the address asks for a number of them.
    pub fn context_lines(&self) -> Option<u32> {
        self.context.parse().ok().map(|lines: u32| lines.min(MOST_CONTEXT_LINES))
    }

    pub fn is_of_one_file(&self) -> bool {
        !self.file.is_empty()
    }

    /// The only file to show; empty: all.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// What a form that asks for the same page sends besides its own fields.
    pub fn hidden(&self) -> Vec<(&'static str, &str)> {
        let view = Some(("view", self.view.as_str())).filter(|(_, view)| !view.is_empty());
        let blanks = self.ignores_whitespace().then_some(("w", "1"));
        let kept = self.kept.iter().map(|(name, value)| (*name, value.as_str()));
        view.into_iter().chain(blanks).chain(kept).collect()
    }

    /// The address of the same page, seen in the same way, with more said.
    pub fn address_with(&self, page: &str, more: &[(&str, &str)]) -> String {
        written(page, self.hidden().into_iter().chain(more.iter().copied()))
    }

    /// The address of the same page with all files.
    pub fn address(&self, page: &str) -> String {
        self.address_with(page, &[])
    }

    /// The same page in the other layout.
    pub fn in_other_view(&self, page: &str) -> String {
        let view = if self.is_split() { "unified" } else { "split" };
        Self { view: view.to_owned(), ..self.clone() }.address(page)
    }

    /// The same page with blanks the other way.
    pub fn with_other_whitespace(&self, page: &str) -> String {
        let w = if self.ignores_whitespace() { "" } else { "1" };
        Self { w: w.to_owned(), ..self.clone() }.address(page)
    }
}

/// An address with a query of these pairs; without any, the page alone.
fn written<'a>(page: &str, pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    if query.is_empty() { page.to_owned() } else { format!("{page}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_keeps_what_the_address_says() {
        let query = DiffQuery { view: "split".into(), w: "1".into(), ..DiffQuery::default() };
        let query = query.keeping(vec![("since", "2".into()), ("commit", String::new())]);
        assert_eq!(query.address("/x"), "/x?view=split&w=1&since=2");
        assert_eq!(query.in_other_view("/x"), "/x?view=unified&w=1&since=2");
        assert_eq!(query.with_other_whitespace("/x"), "/x?view=split&since=2");
        assert_eq!(query.address_with("/x", &[("file", "a b")]), "/x?view=split&w=1&since=2&file=a+b");
        assert_eq!(DiffQuery::default().address("/x"), "/x");
    }
}

//! The text in the search box above the list: `is:open label:bug author:mei crash`.

use std::fmt;

use hearth_core::{IssueState, Read, Result};
use hearth_store::{label, user};

use super::{IssueFilter, IssueSort};
use crate::{Access, App};

/// The states to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryState {
    #[default]
    All,
    Open,
    Closed,
}

impl QueryState {
    pub const fn state(self) -> Option<IssueState> {
        match self {
            Self::All => None,
            Self::Open => Some(IssueState::Open),
            Self::Closed => Some(IssueState::Closed),
        }
    }
}

/// A parsed query, which can be written out again with one part changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub state: QueryState,
    /// Names; an issue must have all of them.
    pub labels: Vec<String>,
    pub is_unlabeled: bool,
    pub author: Option<String>,
    pub assignee: Option<String>,
    pub is_unassigned: bool,
    pub mentions: Option<String>,
    pub sort: Option<IssueSort>,
    /// Words and quoted phrases.
    pub words: Vec<String>,
}

/// Further parts are ignored: databases limit the number of conditions.
const MOST_PARTS: usize = 30;

impl Query {
    /// The list's default query.
    pub fn open() -> Self {
        Self { state: QueryState::Open, ..Self::default() }
    }

    /// Parses any text: parts that are not filters are search words.
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for part in parts(text).into_iter().take(MOST_PARTS) {
            query.take(&part);
        }
        query
    }

    fn take(&mut self, part: &str) {
        let whole = |(key, value): &(&str, &str)| !key.is_empty() && !value.is_empty();
        let Some((key, value)) = part.split_once(':').filter(whole) else {
            self.words.push(part.trim_matches(':').to_owned());
            return;
        };
        match (key.to_ascii_lowercase().as_str(), value) {
            ("is" | "state", "open") => self.state = QueryState::Open,
            ("is" | "state", "closed") => self.state = QueryState::Closed,
            ("is" | "state", "all") => self.state = QueryState::All,
            ("is", "issue") => {}
            ("no", "label" | "labels") => self.is_unlabeled = true,
            ("no", "assignee") => self.is_unassigned = true,
            ("label", name) => self.labels.push(name.to_owned()),
            ("author", name) => self.author = Some(name.trim_start_matches('@').to_owned()),
            ("assignee", name) => self.assignee = Some(name.trim_start_matches('@').to_owned()),
            ("mentions", name) => self.mentions = Some(name.trim_start_matches('@').to_owned()),
            ("sort", order) if order.parse::<IssueSort>().is_ok() => self.sort = order.parse().ok(),
            _ => self.words.push(part.to_owned()),
        }
    }

    /// Resolves the names; `@me` is the actor. A name that nobody has matches nothing, as it should.
    pub async fn filter(&self, app: &App, access: &Access<Read>) -> Result<IssueFilter> {
        let mut reader = app.store().read().await?;
        let mut filter = IssueFilter {
            state: self.state.state(),
            is_unassigned: self.is_unassigned,
            is_unlabeled: self.is_unlabeled,
            words: self.words.iter().filter(|word| !word.is_empty()).cloned().collect(),
            ..IssueFilter::default()
        };
        filter.is_empty |= self.labels.len() > MOST_PARTS;
        for name in self.labels.iter().take(MOST_PARTS) {
            match label::find_by_name(&mut reader, access.repository().id, name).await? {
                Some(label) => filter.labels.push(label.id),
                None => filter.is_empty = true,
            }
        }
        let mut people = [None, None, None];
        for (name, found) in [&self.author, &self.assignee, &self.mentions].into_iter().zip(&mut people) {
            let Some(name) = name else { continue };
            *found = match access.actor().user() {
                Some(me) if name == "me" => Some(me.clone()),
                _ => user::find_by_name(&mut reader, name).await?,
            };
            filter.is_empty |= found.is_none();
        }
        let [author, assignee, mentions] = people;
        filter.author = author.map(|user| user.id);
        filter.assignee = assignee.map(|user| user.id);
        filter.mentions = mentions.map(|user| user.name);
        Ok(filter)
    }
}

impl fmt::Display for Query {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        match self.state {
            QueryState::Open => parts.push("is:open".to_owned()),
            QueryState::Closed => parts.push("is:closed".to_owned()),
            QueryState::All => {}
        }
        let named = |key: &str, value: &str| format!("{key}:{}", quoted(value));
        parts.extend(self.labels.iter().map(|name| named("label", name)));
        if self.is_unlabeled {
            parts.push("no:label".to_owned());
        }
        for (key, value) in
            [("author", &self.author), ("assignee", &self.assignee), ("mentions", &self.mentions)]
        {
            parts.extend(value.iter().map(|value| named(key, value)));
        }
        if self.is_unassigned {
            parts.push("no:assignee".to_owned());
        }
        parts.extend(self.sort.map(|sort| format!("sort:{sort}")));
        parts.extend(self.words.iter().map(|word| quoted(word)));
        formatter.write_str(&parts.join(" "))
    }
}

fn quoted(value: &str) -> String {
    if value.contains(char::is_whitespace) { format!("\"{value}\"") } else { value.to_owned() }
}

/// Words separated by whitespace; quotes keep whitespace together.
fn parts(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            _ if letter.is_whitespace() && !is_quoted => parts.push(String::new()),
            _ if letter.is_control() => {}
            _ => parts.last_mut().expect("there is always one").push(letter),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_written_as_it_was_read() {
        for text in [
            "is:open",
            "is:closed label:bug label:\"good first\" author:mei sort:oldest crash",
            "is:open no:label assignee:bob mentions:me no:assignee \"out of memory\"",
            "",
            "数据 丢失",
        ] {
            assert_eq!(Query::parse(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_filter_is_searched_for() {
        let query = Query::parse("http://x is:nonsense sort:random label: :x std::vec");
        assert_eq!(query.words, ["http://x", "is:nonsense", "sort:random", "label", "x", "std::vec"]);
        assert_eq!(query.state, QueryState::All);
    }

    #[test]
    fn a_long_text_asks_for_no_more_than_the_most() {
        assert_eq!(Query::parse(&"a ".repeat(1000)).words.len(), MOST_PARTS);
    }
}

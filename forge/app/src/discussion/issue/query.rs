//! The text in the search box above the list: `is:open label:bug author:mei crash`.

use std::fmt;

use hearth_core::{IssueState, Read, Result};

use super::IssueFilter;
use crate::{
    Access, App,
    thread::{
        ThreadQuery,
        query_text::{key_and_value, parts},
    },
};

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
    pub thread: ThreadQuery,
}

impl Query {
    /// The list's default query.
    pub fn open() -> Self {
        Self { state: QueryState::Open, ..Self::default() }
    }

    /// Parses any text: parts that are not filters are search words.
    pub fn parse(text: &str) -> Self {
        let mut query = Self::default();
        for part in parts(text) {
            query.take(&part);
        }
        query
    }

    fn take(&mut self, part: &str) {
        let Some((key, value)) = key_and_value(part) else { return self.thread.take(part) };
        match (key.to_ascii_lowercase().as_str(), value) {
            ("is" | "state", "open") => self.state = QueryState::Open,
            ("is" | "state", "closed") => self.state = QueryState::Closed,
            ("is" | "state", "all") => self.state = QueryState::All,
            ("is", "issue") => {}
            _ => self.thread.take(part),
        }
    }

    /// Resolves the names that it holds.
    pub async fn filter(&self, app: &App, access: &Access<Read>) -> Result<IssueFilter> {
        let mut reader = app.store().read().await?;
        let thread = self.thread.filter(app, &mut reader, access).await?;
        Ok(IssueFilter { state: self.state.state(), thread })
    }
}

impl fmt::Display for Query {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            QueryState::All => None,
            QueryState::Open => Some("is:open"),
            QueryState::Closed => Some("is:closed"),
        };
        let parts: Vec<String> = state.map(str::to_owned).into_iter().chain(self.thread.parts()).collect();
        formatter.write_str(&parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::thread::query_text::{MOST_PARTS, any_query};

    #[test]
    fn a_query_is_written_as_it_was_read() {
        for text in [
            "is:open",
            "is:closed label:bug label:\"good first\" author:mei sort:oldest crash",
            "is:open no:label assignee:bob mentions:me no:assignee \"out of memory\"",
            "is:open milestone:\"v1.0 beta\" is:blocked is:overdue",
            "no:milestone",
            "",
            "数据 丢失",
        ] {
            assert_eq!(Query::parse(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_filter_is_searched_for() {
        let query = Query::parse("http://x is:nonsense sort:random label: :x std::vec");
        assert_eq!(query.thread.words, ["http://x", "is:nonsense", "sort:random", "label", "x", "std::vec"]);
        assert_eq!(query.state, QueryState::All);
    }

    #[test]
    fn a_long_text_asks_for_no_more_than_the_most() {
        assert_eq!(Query::parse(&"a ".repeat(1000)).thread.words.len(), MOST_PARTS);
    }

    proptest! {
        #[test]
        fn any_text_is_a_query_that_means_the_same_when_it_is_written_again(text in any_query()) {
            let query = Query::parse(&text);
            prop_assert!(query.thread.words.len() + query.thread.labels.len() <= MOST_PARTS);
            prop_assert_eq!(Query::parse(&query.to_string()), query);
        }
    }
}

//! The text in the search box above the list: `is:open review-requested:me base:main label:bug crash`.

use std::fmt;

use hearth_core::{PullRequestState, Read, Result};

use super::PullRequestFilter;
use crate::{
    Access, App,
    thread::{
        ThreadQuery, find_person,
        query_text::{key_and_value, named, parts, person},
    },
};

/// The states to show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueryState {
    #[default]
    All,
    Open,
    /// Closed without being merged.
    Closed,
    Merged,
}

impl QueryState {
    pub const fn state(self) -> Option<PullRequestState> {
        match self {
            Self::All => None,
            Self::Open => Some(PullRequestState::Open),
            Self::Closed => Some(PullRequestState::Closed),
            Self::Merged => Some(PullRequestState::Merged),
        }
    }
}

/// A parsed query, which can be written out again with one part changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub state: QueryState,
    /// Only drafts, or none of them.
    pub is_draft: Option<bool>,
    pub review_requested: Option<String>,
    pub reviewed_by: Option<String>,
    pub base: Option<String>,
    pub head: Option<String>,
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
        let person = || person(value);
        match (key.to_ascii_lowercase().as_str(), value) {
            ("is" | "state", "open") => self.state = QueryState::Open,
            ("is" | "state", "closed") => self.state = QueryState::Closed,
            ("is" | "state", "merged") => self.state = QueryState::Merged,
            ("is" | "state", "all") => self.state = QueryState::All,
            ("is", "draft") | ("draft", "true") => self.is_draft = Some(true),
            ("is", "ready") | ("draft", "false") => self.is_draft = Some(false),
            ("is", "pr" | "pull" | "pull-request") => {}
            ("review-requested", _) if person().is_some() => self.review_requested = person(),
            ("reviewed-by", _) if person().is_some() => self.reviewed_by = person(),
            ("base", name) => self.base = Some(name.to_owned()),
            ("head", name) => self.head = Some(name.to_owned()),
            _ => self.thread.take(part),
        }
    }

    /// Resolves the names that it holds. A name that nobody has matches nothing, as it should.
    pub async fn filter(&self, app: &App, access: &Access<Read>) -> Result<PullRequestFilter> {
        let mut reader = app.store().read().await?;
        let mut thread = self.thread.filter(app, &mut reader, access).await?;
        let mut reviewers = [None, None];
        for (name, found) in [&self.review_requested, &self.reviewed_by].into_iter().zip(&mut reviewers) {
            let Some(name) = name else { continue };
            *found = find_person(&mut reader, access, name).await?;
            thread.is_empty |= found.is_none();
        }
        let [review_requested, reviewed_by] = reviewers;
        Ok(PullRequestFilter {
            states: self.state.state().into_iter().collect(),
            is_draft: self.is_draft,
            base_branch: self.base.clone(),
            head_branch: self.head.clone(),
            head_repository: None,
            review_requested: review_requested.map(|user| user.id),
            reviewed_by: reviewed_by.map(|user| user.id),
            thread,
        })
    }
}

impl fmt::Display for Query {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match self.state {
            QueryState::All => None,
            QueryState::Open => Some("is:open"),
            QueryState::Closed => Some("is:closed"),
            QueryState::Merged => Some("is:merged"),
        };
        let draft = self.is_draft.map(|is_draft| if is_draft { "is:draft" } else { "is:ready" });
        let mut parts: Vec<String> = state.into_iter().chain(draft).map(str::to_owned).collect();
        for (key, value) in [
            ("review-requested", &self.review_requested),
            ("reviewed-by", &self.reviewed_by),
            ("base", &self.base),
            ("head", &self.head),
        ] {
            parts.extend(value.iter().map(|value| named(key, value)));
        }
        parts.extend(self.thread.parts());
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
            "is:merged base:main label:bug author:mei sort:oldest crash",
            "is:open is:draft review-requested:me head:feature/login no:label no:assignee \"out of memory\"",
            "is:open milestone:v1 is:overdue",
            "is:closed is:ready reviewed-by:bo",
            "",
        ] {
            assert_eq!(Query::parse(text).to_string(), text);
        }
    }

    #[test]
    fn what_is_no_filter_is_searched_for() {
        let query = Query::parse("is:nonsense sort:random is:pr std::vec");
        assert_eq!(query.thread.words, ["is:nonsense", "sort:random", "std::vec"]);
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

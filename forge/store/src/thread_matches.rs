//! One page of the threads that match a filter, and how many there are in each state, found in one pass: what a search
//! costs is reading the texts, and a list, its total and its counts would each read them again.

use std::collections::HashMap;

use hearth_core::{PageRequest, ThreadId};
use sqlx::FromRow;

use crate::{Query, Result, Sql, thread_filter::ThreadSort};

/// What a pass found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Matches {
    /// The threads of the page, in its order.
    pub(crate) ids: Vec<ThreadId>,
    /// How many match in each state, whatever states the page shows.
    counts: HashMap<String, u64>,
}

impl Matches {
    pub(crate) fn in_state(&self, state: &str) -> u64 {
        self.counts.get(state).copied().unwrap_or(0)
    }
}

/// A state with its count where `place` is 0, and otherwise the thread at this place.
#[derive(FromRow)]
struct Line {
    state: String,
    value: i64,
    place: i64,
}

/// How the query of the threads that match begins; conditions on the thread `t` follow, then [`find`]. `MATERIALIZED`: the
/// databases would otherwise run it once for the page and once for the counts.
pub(crate) const ISSUES: &str = "WITH found AS MATERIALIZED (SELECT t.id, i.state, t.created_at, t.updated_at, t.comments \
    FROM threads t JOIN issues i ON i.thread_id = t.id WHERE t.repository_id = $1";

/// The same for pull requests, whose own table is `p`.
pub(crate) const PULL_REQUESTS: &str = "WITH found AS MATERIALIZED (SELECT t.id, p.state, t.created_at, t.updated_at, t.comments \
    FROM threads t JOIN pull_requests p ON p.thread_id = t.id WHERE t.repository_id = $1";

/// Ends a query that [`ISSUES`] or [`PULL_REQUESTS`] began. `states` are those that the page shows; empty: all.
fn paged<'c>(
    query: Query<'c>,
    states: &[&'static str],
    order: impl Into<Sql>,
    request: PageRequest,
) -> Query<'c> {
    let query = query
        .push(
            ") SELECT f.state, COUNT(*) AS value, 0 AS place FROM found f GROUP BY f.state \
             UNION ALL SELECT n.state, n.id, n.place FROM (SELECT t.state, t.id, ROW_NUMBER() OVER (",
        )
        .push(order)
        .push(") AS place FROM found t");
    let query = match states {
        [] => query,
        states => query.push(" WHERE t.state").is_one_of(states.iter().copied()),
    };
    let first = request.offset();
    query
        .push(") n WHERE n.place > ")
        .push_bind(first)
        .push(" AND n.place <= ")
        .push_bind(first.saturating_add(request.limit()))
        .push(" ORDER BY place")
}

pub(crate) async fn find(
    query: Query<'_>,
    states: &[&'static str],
    sort: ThreadSort,
    request: PageRequest,
) -> Result<Matches> {
    let lines: Vec<Line> = paged(query, states, sort.sql(), request).fetch_all().await?;
    let mut matches = Matches::default();
    for line in lines {
        if line.place == 0 {
            matches.counts.insert(line.state, u64::try_from(line.value).unwrap_or(0));
        } else {
            matches.ids.push(ThreadId(line.value));
        }
    }
    Ok(matches)
}

/// Puts rows into the order of the page; those that are gone by now are left out.
pub(crate) fn in_order<T>(ids: &[ThreadId], rows: Vec<T>, id: impl Fn(&T) -> ThreadId) -> Vec<T> {
    let mut by_id: HashMap<ThreadId, T> = rows.into_iter().map(|row| (id(&row), row)).collect();
    ids.iter().filter_map(|id| by_id.remove(id)).collect()
}

#[cfg(test)]
mod tests {
    use hearth_core::ThreadKind;

    use super::*;
    use crate::{
        Ask as _,
        testing::TestStore,
        thread_filter::{ThreadFilter, of_kind},
    };

    #[derive(FromRow)]
    struct Step {
        detail: String,
    }

    /// The statement is the one of a search, with the word before it that asks for its plan.
    #[tokio::test]
    async fn a_search_reads_the_threads_once() {
        for TestStore { store, .. } in &TestStore::all().await {
            if store.engine() != "sqlite" {
                continue;
            }
            let mut reader = store.read().await.expect("a reader");
            let filter = ThreadFilter { words: vec!["崩溃".into()], ..ThreadFilter::default() };
            let query = reader.query("EXPLAIN QUERY PLAN ").push(ISSUES).bind(1_i64);
            let query = filter.narrow(of_kind(query, ThreadKind::Issue));
            let query = paged(query, &["open"], ThreadSort::Newest.sql(), PageRequest::new(1, 30));
            let steps: Vec<Step> = query.fetch_all().await.expect("a plan");
            let reads = steps.iter().filter(|step| step.detail.contains("threads_by_")).count();
            let plan: Vec<&str> = steps.iter().map(|step| step.detail.as_str()).collect();
            assert_eq!(reads, 1, "{plan:#?}");
            assert!(plan.iter().any(|step| step.contains("MATERIALIZE")), "{plan:#?}");
        }
    }
}

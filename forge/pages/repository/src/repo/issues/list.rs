//! `/{owner}/{name}/issues`: the address holds the whole query, as text that people can read and edit.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query as QueryString, State},
    response::Response,
};
use hearth_app::{
    App,
    issue::{self, Bodies, IssueCard, Query, QueryState},
    thread::{ThreadQuery, ThreadSort},
};
use hearth_core::{PageRequest, ThreadId, urls::RepositoryUrls};
use serde::Deserialize;

use crate::{
    Failure, Page, RepositoryHead,
    repo::{
        RepositoryVisit,
        threads::{
            Marks, MenuLink, Tools,
            menus::{self, Menus},
        },
    },
    respond::html,
    words::Html,
};

const ROWS: u32 = 30;

#[derive(Template)]
#[template(path = "pages/repo/issues/list.html")]
struct List {
    page: Page,
    head: RepositoryHead,
    query: Query,
    text: String,
    cards: Vec<IssueCard>,
    number: u32,
    last: u32,
    open: u64,
    closed: u64,
    tools: Tools,
    /// The milestones and due dates of the rows that have any.
    marks: HashMap<ThreadId, Marks>,
    menus: Menus,
    mine: Vec<MenuLink>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct IssueListQuery {
    q: Option<String>,
    #[serde(default)]
    page: String,
}

impl List {
    fn address(&self, state: QueryState) -> String {
        address(&self.head.urls, &Query { state, ..self.query.clone() })
    }

    fn label_address(&self, name: &str) -> String {
        address(&self.head.urls, &Query { thread: ThreadQuery::labelled(name), ..Query::open() })
    }

    fn marks(&self, card: &IssueCard) -> Option<&Marks> {
        self.marks.get(&card.issue.id)
    }

    fn pages(&self) -> Html {
        self.page.pagination(self.number, self.last)
    }

    /// Whether the repository has no issues at all.
    fn is_nothing_there(&self) -> bool {
        self.query.thread.is_everything() && self.open + self.closed == 0
    }
}

fn address(urls: &RepositoryUrls, query: &Query) -> String {
    urls.issues_matching(&query.to_string())
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    QueryString(asked): QueryString<IssueListQuery>,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &super::SECTION).await?;
    let query = asked.q.as_deref().map_or_else(Query::open, Query::parse);
    let filter = query.filter(&app, &visit.access).await?;
    let request = PageRequest::asked(&asked.page, ROWS);
    let sort = query.thread.sort.unwrap_or(ThreadSort::Newest);
    let list = issue::search(&app, &visit.access, &filter, (sort, Bodies::LeftOut), request).await?;
    let (found, open, closed) = (list.page, list.open, list.closed);
    let text = query.to_string();
    let tools = Tools::read(&app, &page, &visit, &text).await?;
    let threads = found.items.iter().map(|card| (&*card.issue, card.issue.is_open()));
    let marks = Marks::of(&app, &page, &visit, threads).await?;
    let of_thread = |thread| address(&visit.urls, &Query { thread, ..query.clone() });
    let menus = Menus::new(&page, &tools, &query.thread, of_thread);
    let mine = menus::mine(&page, &query.thread, of_thread);
    let (number, last) = (found.request.page(), found.last_page());
    html(&List {
        page,
        head,
        text,
        cards: found.items,
        number,
        last,
        open,
        closed,
        tools,
        marks,
        menus,
        mine,
        query,
    })
}

//! `/{owner}/{name}/issues`: the address holds the whole query, as text that people can read and edit.

use askama::Template;
use axum::{
    extract::{Query as QueryString, State},
    response::Response,
};
use hearth_app::{
    App,
    issue::{self, Bodies, IssueCard, IssueFilter, IssueSort, Query, QueryState},
    label, thread,
};
use hearth_core::{IssueState, PageRequest, urls::RepositoryUrls};
use serde::Deserialize;

use crate::{Failure, Page, RepositoryHead, pages::repo::RepositoryVisit, respond::html, words::Html};

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
    labels: Vec<Link>,
    assignees: Vec<Link>,
    authors: Vec<Link>,
    sorts: Vec<Link>,
}

/// An entry of a menu: the same query with one part changed.
struct Link {
    text: String,
    color: String,
    address: String,
    is_on: bool,
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
        address(&self.head.urls, &Query { labels: vec![name.to_owned()], ..Query::open() })
    }

    fn pages(&self) -> Html {
        self.page.pagination(self.number, self.last)
    }

    /// Whether the query hides no issues.
    fn is_everything(&self) -> bool {
        Query { state: QueryState::All, sort: None, ..self.query.clone() } == Query::default()
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
    let sort = query.sort.unwrap_or(IssueSort::Newest);
    let found = issue::list(&app, &visit.access, &filter, (sort, Bodies::LeftOut), request).await?;
    let of = |state| IssueFilter { state: Some(state), ..filter.clone() };
    let open = issue::count(&app, &visit.access, &of(IssueState::Open)).await?;
    let closed = issue::count(&app, &visit.access, &of(IssueState::Closed)).await?;
    let labels = label_links(&page, &visit.urls, &query, label::list(&app, &visit.access).await?);
    let names = thread::candidates(&app, &visit.access).await?;
    let assignees = assignee_links(&page, &visit.urls, &query, names.iter().map(ToString::to_string));
    let authors = author_links(&page, &visit.urls, &query);
    let sorts = sort_links(&page, &visit.urls, &query);
    let (number, last) = (found.request.page(), found.last_page());
    let text = query.to_string();
    html(&List {
        page,
        head,
        text,
        cards: found.items,
        number,
        last,
        open,
        closed,
        labels,
        assignees,
        authors,
        sorts,
        query,
    })
}

fn label_links(page: &Page, urls: &RepositoryUrls, query: &Query, labels: Vec<label::Label>) -> Vec<Link> {
    let without = Query { labels: Vec::new(), is_unlabeled: !query.is_unlabeled, ..query.clone() };
    let none = Link {
        text: t!(page, "repo-issues-list-no-label").to_owned(),
        color: String::new(),
        address: address(urls, &without),
        is_on: query.is_unlabeled,
    };
    let link = |label: label::Label| {
        let is_on = query.labels.iter().any(|name| name.to_lowercase() == label.name.to_lowercase());
        let mut changed = Query { is_unlabeled: false, ..query.clone() };
        if is_on {
            changed.labels.retain(|name| name.to_lowercase() != label.name.to_lowercase());
        } else {
            changed.labels.push(label.name.clone());
        }
        Link { text: label.name, color: format!("#{}", label.color), address: address(urls, &changed), is_on }
    };
    std::iter::once(none).chain(labels.into_iter().map(link)).collect()
}

fn assignee_links(
    page: &Page,
    urls: &RepositoryUrls,
    query: &Query,
    names: impl Iterator<Item = String>,
) -> Vec<Link> {
    let nobody = Query { assignee: None, is_unassigned: !query.is_unassigned, ..query.clone() };
    let nobody = Link {
        text: t!(page, "repo-issues-list-nobody").to_owned(),
        color: String::new(),
        address: address(urls, &nobody),
        is_on: query.is_unassigned,
    };
    let link = |name: String| {
        let is_on = query.assignee.as_deref() == Some(name.as_str());
        let chosen = (!is_on).then(|| name.clone());
        let changed = Query { assignee: chosen, is_unassigned: false, ..query.clone() };
        Link { text: name, color: String::new(), address: address(urls, &changed), is_on }
    };
    std::iter::once(nobody).chain(names.map(link)).collect()
}

/// The most common query of signed-in users: their own issues.
fn author_links(page: &Page, urls: &RepositoryUrls, query: &Query) -> Vec<Link> {
    if !page.is_signed_in() {
        return Vec::new();
    }
    let me = || Some("me".to_owned());
    let link = |text: &str, is_on, changed: Query| Link {
        text: text.to_owned(),
        color: String::new(),
        address: address(urls, &changed),
        is_on,
    };
    let is_me = |name: &Option<String>| name.as_deref() == Some("me");
    let toggled = |name: &Option<String>| if is_me(name) { None } else { me() };
    vec![
        link(
            t!(page, "repo-issues-list-mine-opened"),
            is_me(&query.author),
            Query { author: toggled(&query.author), ..query.clone() },
        ),
        link(
            t!(page, "repo-issues-list-mine-assigned"),
            is_me(&query.assignee),
            Query { assignee: toggled(&query.assignee), is_unassigned: false, ..query.clone() },
        ),
        link(
            t!(page, "repo-issues-list-mine-mentioned"),
            is_me(&query.mentions),
            Query { mentions: toggled(&query.mentions), ..query.clone() },
        ),
    ]
}

fn sort_links(page: &Page, urls: &RepositoryUrls, query: &Query) -> Vec<Link> {
    let link = |&sort: &IssueSort| {
        let text = match sort {
            IssueSort::Newest => t!(page, "repo-issues-list-sort-newest"),
            IssueSort::Oldest => t!(page, "repo-issues-list-sort-oldest"),
            IssueSort::RecentlyUpdated => t!(page, "repo-issues-list-sort-updated"),
            IssueSort::LeastRecentlyUpdated => t!(page, "repo-issues-list-sort-not-updated"),
            IssueSort::MostCommented => t!(page, "repo-issues-list-sort-commented"),
            IssueSort::LeastCommented => t!(page, "repo-issues-list-sort-not-commented"),
        };
        let chosen = (sort != IssueSort::Newest).then_some(sort);
        Link {
            text: text.to_owned(),
            color: String::new(),
            address: address(urls, &Query { sort: chosen, ..query.clone() }),
            is_on: query.sort == chosen,
        }
    };
    IssueSort::ALL.iter().map(link).collect()
}

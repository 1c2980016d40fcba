//! `/{owner}/{name}/pulls`: the address holds the whole query, as text that people can read and edit.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query as QueryString, State},
    response::Response,
};
use hearth_app::{
    App, access, commit_status,
    issue::Bodies,
    pull_request::{self, PullRequestCard, Query, QueryState},
    thread::{ThreadQuery, ThreadSort},
};
use hearth_core::{Error, PageRequest, StatusState, ThreadId, Unit, urls::RepositoryUrls};
use serde::Deserialize;

use super::reviewers::ReviewerRow;
use crate::{
    Failure, Page, RepositoryHead,
    pill::Mark,
    repo::{
        RepositoryVisit,
        threads::{
            Marks, MenuLink, Tools,
            menus::{self, Menus, is_me, toggled},
        },
    },
    respond::html,
    words::Html,
};

const ROWS: u32 = 30;

#[derive(Template)]
#[template(path = "pages/repo/pulls/list.html")]
struct List {
    page: Page,
    head: RepositoryHead,
    query: Query,
    text: String,
    rows: Vec<Row>,
    number: u32,
    last: u32,
    open: u64,
    closed: u64,
    merged: u64,
    tools: Tools,
    /// The milestones and due dates of the rows that have any.
    marks: HashMap<ThreadId, Marks>,
    menus: Menus,
    mine: Vec<MenuLink>,
    reviews: Vec<MenuLink>,
}

/// One pull request of the list.
struct Row {
    card: PullRequestCard,
    mark: Html,
    reviewers: Vec<ReviewerRow>,
    /// What was reported about its head: an icon and a word.
    checks: Option<(Html, &'static str, &'static str)>,
    /// The base branch, where it is not the default one.
    base: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PullListQuery {
    q: Option<String>,
    #[serde(default)]
    page: String,
}

impl List {
    fn address(&self, state: QueryState) -> String {
        address(&self.head.urls, &Query { state, ..self.query.clone() })
    }

    fn is_shown(&self, state: QueryState) -> bool {
        self.query.state == state
    }

    fn label_address(&self, name: &str) -> String {
        address(&self.head.urls, &Query { thread: ThreadQuery::labelled(name), ..Query::open() })
    }

    fn marks(&self, row: &Row) -> Option<&Marks> {
        self.marks.get(&row.card.pull_request.id)
    }

    fn pages(&self) -> Html {
        self.page.pagination(self.number, self.last)
    }

    /// Whether the repository has no pull requests at all.
    fn is_nothing_there(&self) -> bool {
        let own = Query { state: QueryState::All, thread: ThreadQuery::default(), ..self.query.clone() };
        let is_everything = own == Query::default() && self.query.thread.is_everything();
        is_everything && self.open + self.closed + self.merged == 0
    }
}

fn address(urls: &RepositoryUrls, query: &Query) -> String {
    urls.pulls_matching(&query.to_string())
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    QueryString(asked): QueryString<PullListQuery>,
) -> Result<Response, Failure> {
    let head = visit.head(&app, &super::SECTION).await?;
    let query = asked.q.as_deref().map_or_else(Query::open, Query::parse);
    let filter = query.filter(&app, &visit.access).await?;
    let request = PageRequest::asked(&asked.page, ROWS);
    let sort = query.thread.sort.unwrap_or(ThreadSort::Newest);
    let list = pull_request::search(&app, &visit.access, &filter, (sort, Bodies::LeftOut), request).await?;
    let (found, open, closed, merged) = (list.page, list.open, list.closed, list.merged);
    let text = query.to_string();
    let tools = Tools::read(&app, &page, &visit, &text).await?;
    let threads = found.items.iter().map(|card| (&*card.pull_request, card.pull_request.is_open()));
    let marks = Marks::of(&app, &page, &visit, threads).await?;
    let (number, last) = (found.request.page(), found.last_page());
    let checks = checks(&app, &visit, &found.items).await?;
    let default = visit.access.repository().default_branch.clone();
    let rows = found.items.into_iter().map(|card| Row::new(&page, card, &checks, &default)).collect();
    let urls = &visit.urls;
    let of_thread = |thread| address(urls, &Query { thread, ..query.clone() });
    let menus = Menus::new(&page, &tools, &query.thread, of_thread);
    let mut mine = reviewer_links(&page, urls, &query);
    mine.extend(menus::mine(&page, &query.thread, of_thread));
    html(&List {
        text,
        rows,
        number,
        last,
        open,
        closed,
        merged,
        tools,
        marks,
        menus,
        mine,
        reviews: draft_links(&page, urls, &query),
        query,
        page,
        head,
    })
}

/// The worst that was reported about each head, for those who may see the code.
async fn checks(
    app: &App,
    visit: &RepositoryVisit,
    cards: &[PullRequestCard],
) -> Result<HashMap<String, StatusState>, Error> {
    let Some(code) = access::if_seen(visit.access.enter_unit(Unit::Code))? else { return Ok(HashMap::new()) };
    let heads: Vec<&str> = cards.iter().map(|card| card.pull_request.head_id.as_str()).collect();
    let mut worst: HashMap<String, StatusState> = HashMap::new();
    for status in commit_status::latest(app, &code, &heads).await? {
        let known = worst.get(&status.commit_id).copied();
        let state = StatusState::combined(known.into_iter().chain([status.state])).unwrap_or(status.state);
        worst.insert(status.commit_id, state);
    }
    Ok(worst)
}

impl Row {
    fn new(page: &Page, card: PullRequestCard, checks: &HashMap<String, StatusState>, default: &str) -> Self {
        let pull = &card.pull_request;
        Self {
            mark: Mark::of_pull(page.words(), pull.state, pull.is_draft).html(),
            reviewers: card.reviewers.iter().map(|reviewer| ReviewerRow::of(page, reviewer)).collect(),
            checks: checks.get(&pull.head_id).map(|state| check(page, *state)),
            base: Some(pull.base_branch.clone()).filter(|base| base != default),
            card,
        }
    }
}

/// Icon, colour and word for what was reported.
fn check(page: &Page, state: StatusState) -> (Html, &'static str, &'static str) {
    match state {
        StatusState::Success => (icon!("state-good"), "is-open", t!(page, "repo-pulls-list-checks-good")),
        StatusState::Pending => {
            (icon!("state-waiting"), "is-waiting", t!(page, "repo-pulls-list-checks-waiting"))
        }
        StatusState::Warning => (icon!("alert"), "is-waiting", t!(page, "repo-pulls-list-checks-warning")),
        StatusState::Error | StatusState::Failure => {
            (icon!("state-bad"), "is-bad", t!(page, "repo-pulls-list-checks-bad"))
        }
    }
}

/// What signed-in users have to review, and what they have reviewed.
fn reviewer_links(page: &Page, urls: &RepositoryUrls, query: &Query) -> Vec<MenuLink> {
    if !page.is_signed_in() {
        return Vec::new();
    }
    let link = |text: &str, is_on, changed: Query| MenuLink::plain(text, address(urls, &changed), is_on);
    vec![
        link(
            t!(page, "repo-pulls-list-mine-requested"),
            is_me(query.review_requested.as_ref()),
            Query { review_requested: toggled(query.review_requested.as_ref()), ..query.clone() },
        ),
        link(
            t!(page, "repo-pulls-list-mine-reviewed"),
            is_me(query.reviewed_by.as_ref()),
            Query { reviewed_by: toggled(query.reviewed_by.as_ref()), ..query.clone() },
        ),
    ]
}

/// Drafts alone, or none of them.
fn draft_links(page: &Page, urls: &RepositoryUrls, query: &Query) -> Vec<MenuLink> {
    let link = |text: &str, wanted: bool| {
        let is_on = query.is_draft == Some(wanted);
        let is_draft = (!is_on).then_some(wanted);
        MenuLink::plain(text, address(urls, &Query { is_draft, ..query.clone() }), is_on)
    };
    vec![link(t!(page, "repo-pulls-list-ready"), false), link(t!(page, "repo-pulls-list-drafts"), true)]
}

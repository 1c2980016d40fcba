//! `/issues` and `/pulls`: what the reader has to do with in all repositories. The address holds the whole question.

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App,
    overview::{self, Overview, OverviewRow, Relation},
    saved_query::{self, List, SavedQuery},
};
use hearth_core::{
    Error, IssueState, Kind, PageRequest, ThreadKind,
    urls::{self, RepositoryUrls},
};
use hearth_http::routing::{get as on_get, post as on_post};
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, NoFields, Page, Web,
    pill::Mark,
    respond::{html, see_other, see_other_with},
    words::Html,
};

const ROWS: u32 = 30;

#[derive(Template)]
#[template(path = "pages/overview.html")]
struct OverviewPage {
    page: Page,
    kind: ThreadKind,
    asked: Asked,
    rows: Vec<Row>,
    open: u64,
    closed: u64,
    number: u32,
    last: u32,
    saved: Vec<SavedQuery>,
}

/// What is asked for. A saved query keeps it as it is in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// `created`, `assigned`, `mentioned` or `review-requested`.
    relation: String,
    /// `closed`; anything else: open.
    state: String,
    q: String,
    page: String,
}

struct Row {
    address: String,
    /// `owner/name#7`.
    reference: String,
    thread: OverviewRow,
}

impl Asked {
    /// What a page without a question shows first.
    fn relation(&self, kind: ThreadKind) -> Relation {
        let asked: Option<Relation> = self.relation.parse().ok();
        asked.filter(|relation| offered(kind).contains(relation)).unwrap_or(Relation::Created)
    }

    fn is_closed(&self) -> bool {
        self.state == "closed"
    }

    /// What the query of an address asks for. Anything else in it is left out, so that what is saved can be an address again.
    fn read(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "relation" => asked.relation = value.into_owned(),
                "state" => asked.state = value.into_owned(),
                "q" => asked.q = value.into_owned(),
                _ => {}
            }
        }
        asked
    }

    fn query(&self, kind: ThreadKind) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("relation", self.relation(kind).as_str());
        if self.is_closed() {
            query.append_pair("state", "closed");
        }
        if !self.q.is_empty() {
            query.append_pair("q", &self.q);
        }
        query.finish()
    }

    fn address(&self, kind: ThreadKind) -> String {
        format!("{}?{}", urls::overview(kind), self.query(kind))
    }
}

/// Reviews are asked for in pull requests alone.
const fn offered(kind: ThreadKind) -> &'static [Relation] {
    match kind {
        ThreadKind::Issue => &[Relation::Created, Relation::Assigned, Relation::Mentioned],
        ThreadKind::PullRequest => Relation::ALL,
    }
}

impl OverviewPage {
    fn home(&self) -> &'static str {
        urls::overview(self.kind)
    }

    fn is_pulls(&self) -> bool {
        self.kind == ThreadKind::PullRequest
    }

    fn relation(&self) -> Relation {
        self.asked.relation(self.kind)
    }

    /// The ways in which a thread can concern the reader: address, words, and whether it is shown.
    fn relations(&self) -> Vec<(String, &'static str, bool)> {
        let link = |&relation: &Relation| {
            let text = match relation {
                Relation::Created => t!(self.page, "overview-created"),
                Relation::Assigned => t!(self.page, "overview-assigned"),
                Relation::Mentioned => t!(self.page, "overview-mentioned"),
                Relation::ReviewRequested => t!(self.page, "overview-review-requested"),
            };
            let asked = Asked { relation: relation.to_string(), ..self.asked.clone() };
            (asked.address(self.kind), text, relation == self.relation())
        };
        offered(self.kind).iter().map(link).collect()
    }

    fn mark(&self, row: &Row) -> Html {
        let (words, state) = (self.page.words(), row.thread.state.as_str());
        let mark = match row.thread.kind {
            ThreadKind::Issue => state.parse().ok().map(|state: IssueState| Mark::of_issue(words, state)),
            ThreadKind::PullRequest => {
                state.parse().ok().map(|state| Mark::of_pull(words, state, row.thread.is_draft))
            }
        };
        mark.map(|mark| mark.html()).unwrap_or_default()
    }

    fn in_state(&self, state: &str) -> String {
        Asked { state: state.to_owned(), ..self.asked.clone() }.address(self.kind)
    }

    fn query(&self) -> String {
        self.asked.query(self.kind)
    }

    fn saved_address(&self, saved: &SavedQuery) -> String {
        format!("{}?{}", self.home(), saved.query)
    }

    fn pages(&self) -> Html {
        self.page.pagination(self.number, self.last)
    }
}

impl From<OverviewRow> for Row {
    fn from(thread: OverviewRow) -> Self {
        let (owner, name) = (thread.owner.as_str(), thread.repository.as_str());
        Self {
            address: RepositoryUrls::new(thread.repository_kind, owner, name)
                .thread(thread.kind, thread.number),
            reference: format!("{owner}/{name}#{}", thread.number),
            thread,
        }
    }
}

pub(crate) fn routes() -> Router<Web> {
    let mut routes = Router::new();
    for &kind in ThreadKind::ALL {
        let home = urls::overview(kind);
        let list = move |app: State<App>, page: Page, asked: Query<Asked>| get(kind, app, page, asked);
        let keep = move |app: State<App>, page: Page, form: Form<SavedForm>| save(kind, app, page, form);
        let remove = move |app: State<App>, page: Page, at: Path<AtQuery>, form: Form<NoFields>| {
            delete(kind, app, page, at, form)
        };
        routes = routes
            .route(home, on_get(list))
            .route(&format!("{home}/queries"), on_post(keep))
            .route(&format!("{home}/queries/{{id}}/delete"), on_post(remove));
    }
    routes
}

async fn get(
    kind: ThreadKind,
    State(app): State<App>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    page.require_viewer()?;
    let question = Overview {
        kind,
        relation: Some(asked.relation(kind)),
        is_open: Some(!asked.is_closed()),
        text: asked.q.clone(),
    };
    let request = PageRequest::asked(&asked.page, ROWS);
    let found = overview::list(&app, &page.actor, &question, request).await?;
    let saved = saved_query::list(&app, &page.actor, List { repository: None, kind }).await?;
    let (number, last) = (found.rows.request.page(), found.rows.last_page());
    html(&OverviewPage {
        page,
        kind,
        asked,
        rows: found.rows.items.into_iter().map(Row::from).collect(),
        open: found.open,
        closed: found.closed,
        number,
        last,
        saved,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SavedForm {
    name: String,
    q: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct AtQuery {
    id: String,
}

/// `POST /issues/queries`: keeps what the page shows under a name.
async fn save(
    kind: ThreadKind,
    State(app): State<App>,
    page: Page,
    Form(form): Form<SavedForm>,
) -> Result<Response, Failure> {
    let list = List { repository: None, kind };
    let query = Asked::read(&form.q).query(kind);
    let saved = saved_query::save(&app, &page.actor, list, &form.name, &query).await?;
    let address = format!("{}?{}", urls::overview(kind), saved.query);
    Ok(see_other_with(&address, Flash::new("flash-query-saved", saved.name)))
}

/// `POST /issues/queries/{id}/delete`.
async fn delete(
    kind: ThreadKind,
    State(app): State<App>,
    page: Page,
    Path(at): Path<AtQuery>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let id = at.id.parse().map_err(|_| Error::NotFound(Kind::SavedQuery))?;
    saved_query::delete(&app, &page.actor, id).await?;
    Ok(see_other(urls::overview(kind)))
}

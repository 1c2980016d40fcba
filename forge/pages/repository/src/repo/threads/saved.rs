//! Queries that the reader has saved, beside the search box of a list.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    saved_query::{self, List},
};
use hearth_core::{Error, Kind};
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, NoFields, Page,
    repo::RepositoryVisit,
    respond::{see_other, see_other_with},
};

/// What `components/threads.html` draws for those who are signed in.
pub(crate) struct Saved {
    /// Where a query is saved; below it, one is deleted.
    pub(crate) action: String,
    /// The query that the list shows.
    pub(crate) query: String,
    pub(crate) rows: Vec<SavedRow>,
}

pub(crate) struct SavedRow {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) is_shown: bool,
}

impl Saved {
    /// None: the reader is not signed in.
    pub(crate) async fn read(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        query: &str,
    ) -> Result<Option<Self>, Error> {
        if !page.is_signed_in() {
            return Ok(None);
        }
        let list = List { repository: Some(&visit.access), kind: visit.threads };
        let found = saved_query::list(app, &page.actor, list).await?;
        let row = |saved: saved_query::SavedQuery| SavedRow {
            id: saved.id.to_string(),
            address: visit.urls.threads_matching(visit.threads, &saved.query),
            is_shown: saved.query == query,
            name: saved.name,
        };
        let action = visit.urls.threads_part(visit.threads, "queries");
        Ok(Some(Self { action, query: query.to_owned(), rows: found.into_iter().map(row).collect() }))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SavedForm {
    name: String,
    q: String,
}

/// The query that an address names.
#[derive(Debug, Deserialize)]
pub(crate) struct AtQuery {
    id: String,
}

/// `POST …/issues/queries`.
pub(crate) async fn save(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<SavedForm>,
) -> Result<Response, Failure> {
    let list = List { repository: Some(&visit.access), kind: visit.threads };
    let saved = saved_query::save(&app, &page.actor, list, &form.name, &form.q).await?;
    let address = visit.urls.threads_matching(visit.threads, &saved.query);
    Ok(see_other_with(&address, Flash::new("flash-query-saved", saved.name)))
}

/// `POST …/issues/queries/{id}/delete`.
pub(crate) async fn delete(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtQuery>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let id = at.id.parse().map_err(|_| Error::NotFound(Kind::SavedQuery))?;
    saved_query::delete(&app, &page.actor, id).await?;
    Ok(see_other(&visit.urls.threads(visit.threads)))
}

//! `/{owner}/{name}/tags`: all tags, the highest version first, and what one does with them.

use std::collections::HashMap;

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
};
use hearth_app::{App, code::TagRow, deleted_reference, reference, reference_list, release, verification};
use hearth_core::{Error, PageRequest, Permission, ReleaseId, RuleKind, Unit, urls::Revision};
use hearth_git::TagTarget;
use hearth_http::routing::{get as on_get, post as on_post};
use http::StatusCode;
use serde::Deserialize;

use super::{
    RepositoryVisit,
    branches::{DeletedRow, ListQuery, NameForm, deleted_rows},
    verified,
    view::CommitLink,
};
use crate::{
    Failure, Flash, Form, Mistakes, Page, RepositoryHead, Web,
    respond::{html_with, see_other_with},
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/repo/tags.html")]
struct Tags {
    page: Page,
    head: RepositoryHead,
    rows: Vec<Row>,
    search: String,
    pages: Html,
    can_write: bool,
    can_release: bool,
    deleted: Vec<DeletedRow>,
    form: NewForm,
    mistakes: Mistakes,
}

struct Row {
    name: String,
    message: String,
    address: String,
    zip: String,
    tarball: String,
    /// Its release, or else the form for one.
    release: Option<String>,
    new_release: String,
    /// `None` where the tag points to something other than a commit; then the page says so.
    commit: Option<CommitLink>,
    target: String,
    target_kind: &'static str,
    /// The badge of its signature; none if it is not signed.
    verified: Option<Html>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewForm {
    tag_name: String,
    revision: String,
    message: String,
}

/// The routes below one repository.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/tags", on_get(get))
        .route("/tags/delete", on_post(delete))
        .route("/tags/new", on_post(create))
        .route("/tags/restore", on_post(restore))
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(query): Query<ListQuery>,
) -> Result<Response, Failure> {
    show(&app, page, &visit, &query, NewForm::default(), Mistakes::none()).await
}

pub(crate) async fn create(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<NewForm>,
) -> Result<Response, Failure> {
    let writing = visit.access.write()?;
    let default = &visit.access.repository().default_branch;
    let at = if form.revision.trim().is_empty() { default } else { form.revision.trim() };
    let made = reference::create_tag(&app, &writing, form.tag_name.trim(), at, &form.message).await;
    let made = made.map_err(|error| match error {
        Error::NotFound(_) => Error::field("revision", "unknown-revision"),
        other => other,
    });
    match made {
        Ok(name) => Ok(see_other_with(&visit.urls.tags(), Flash::new("flash-tag-created", name.as_str()))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "tag_name")?;
            show(&app, page, &visit, &ListQuery::default(), form, mistakes).await
        }
    }
}

pub(crate) async fn delete(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(form): Form<NameForm>,
) -> Result<Response, Failure> {
    reference::delete_tag(&app, &visit.access.write()?, &form.name).await?;
    Ok(see_other_with(&visit.urls.tags(), Flash::new("flash-tag-deleted", form.name)))
}

pub(crate) async fn restore(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(form): Form<NameForm>,
) -> Result<Response, Failure> {
    deleted_reference::restore(&app, &visit.access.write()?, RuleKind::Tag, &form.name).await?;
    Ok(see_other_with(&visit.urls.tags(), Flash::new("flash-tag-restored", form.name)))
}

async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    query: &ListQuery,
    form: NewForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &super::home::SECTION).await?;
    let request = PageRequest::asked(&query.page, 0);
    let found = reference_list::tag_page(app, &visit.access, &query.q, request).await?;
    let names: Vec<String> = found.items.iter().map(|row| row.tag.name.to_string()).collect();
    let releases = release::of_tags(app, &visit.access, &names).await?;
    let pages = page.pagination(request.page(), found.last_page());
    // Only a tag with a message can be signed.
    let annotated =
        found.items.iter().filter_map(|row| Some((row.tag.id, row.tag.tagger.as_ref()?.email.clone())));
    let annotated: Vec<_> = annotated.collect();
    let ids: Vec<_> = annotated.iter().map(|(id, _)| *id).collect();
    let checked = verification::verify(app, &visit.access, annotated).await?;
    let checked: HashMap<_, _> = ids.into_iter().zip(checked).collect();
    let badge_of =
        |tag: &TagRow| checked.get(&tag.tag.id).and_then(|checked| verified::badge(&page, checked));
    let rows = found.items.into_iter().map(|tag| {
        let verified = badge_of(&tag);
        row(&page, visit, tag, verified, &releases)
    });
    let rows = rows.collect();
    let deleted = deleted_rows(app, &page, visit, RuleKind::Tag).await?;
    let may_write = |unit| page.is_signed_in() && visit.access.can_in(unit, Permission::Write);
    let (can_write, can_release) = (may_write(Unit::Code), may_write(Unit::Releases));
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let search = query.q.clone();
    html_with(
        status,
        &Tags { page, head, rows, search, pages, can_write, can_release, deleted, form, mistakes },
    )
}

fn row(
    page: &Page,
    visit: &RepositoryVisit,
    row: TagRow,
    verified: Option<Html>,
    releases: &HashMap<String, ReleaseId>,
) -> Row {
    let name = row.tag.name.as_str().to_owned();
    Row {
        verified,
        address: visit.urls.source(&Revision::Tag(name.clone()), ""),
        zip: visit.urls.archive(&name, "zip"),
        tarball: visit.urls.archive(&name, "tar.gz"),
        release: releases.contains_key(&name).then(|| visit.urls.release(&name)),
        new_release: visit.urls.release_new_of(&name),
        message: row.tag.message.unwrap_or_default().lines().next().unwrap_or_default().to_owned(),
        commit: row.commit.as_ref().map(|commit| CommitLink::new(page, &visit.urls, commit)),
        target: row.tag.target.short(),
        target_kind: match row.tag.target_kind {
            TagTarget::Commit => "",
            TagTarget::Tree => t!(page, "repo-tags-tree"),
            TagTarget::Blob => t!(page, "repo-tags-blob"),
            TagTarget::Tag => t!(page, "repo-tags-tag"),
        },
        name,
    }
}

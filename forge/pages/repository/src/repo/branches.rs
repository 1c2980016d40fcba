//! `/{owner}/{name}/branches`: all branches, the default one first, and what one does with them.

use askama::Template;
use axum::{
    Router,
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    App,
    deleted_reference::{self, DeletedReference},
    reference,
    reference_list::{self, BranchRow},
};
use hearth_core::{PageRequest, Permission, RuleKind, Unit, urls::Revision};
use hearth_http::routing::{get as on_get, post as on_post};
use http::StatusCode;
use serde::Deserialize;

use super::{RepositoryVisit, view::CommitLink};
use crate::{
    Failure, Flash, Form, Mistakes, Page, RepositoryHead, Web,
    respond::{html_with, see_other_with},
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/repo/branches.html")]
struct Branches {
    page: Page,
    head: RepositoryHead,
    rows: Vec<Row>,
    total: u64,
    is_cut: bool,
    search: String,
    pages: Html,
    default: String,
    can_write: bool,
    can_rename_default: bool,
    deleted: Vec<DeletedRow>,
    form: NewForm,
    mistakes: Mistakes,
}

struct Row {
    name: String,
    address: String,
    compare: String,
    is_default: bool,
    has_rules: bool,
    latest: CommitLink,
    /// How many commits it is ahead of the default branch, and behind it.
    distance: Option<(usize, usize)>,
    /// Number, address and word for the state of its pull request.
    pull: Option<(i64, String, Html)>,
}

/// A branch that can perhaps be restored.
pub(super) struct DeletedRow {
    pub(super) name: String,
    pub(super) short: String,
    pub(super) is_stored: bool,
    pub(super) said: Html,
    pub(super) until: Html,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ListQuery {
    pub(super) q: String,
    pub(super) page: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NewForm {
    new_branch_name: String,
    revision: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RenameForm {
    from: String,
    to: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct NameForm {
    pub(super) name: String,
}

/// The routes below one repository.
pub(crate) fn routes() -> Router<Web> {
    Router::new()
        .route("/branches", on_get(get))
        .route("/branches/delete", on_post(delete))
        .route("/branches/new", on_post(create))
        .route("/branches/rename", on_post(rename))
        .route("/branches/restore", on_post(restore))
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
    match reference::create_branch(&app, &writing, form.new_branch_name.trim(), at).await {
        Ok(name) => {
            let flash = Flash::new("flash-branch-created", name.as_str());
            Ok(see_other_with(&visit.urls.branches(), flash))
        }
        Err(error) => {
            let mistakes = match error {
                hearth_core::Error::NotFound(_) => Mistakes::from_error(
                    &page,
                    hearth_core::Error::field("revision", "unknown-revision"),
                    "revision",
                )?,
                other => Mistakes::from_error(&page, other, "new_branch_name")?,
            };
            show(&app, page, &visit, &ListQuery::default(), form, mistakes).await
        }
    }
}

pub(crate) async fn rename(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<RenameForm>,
) -> Result<Response, Failure> {
    let writing = visit.access.write()?;
    match reference::rename_branch(&app, &writing, &form.from, form.to.trim()).await {
        Ok(name) => {
            let flash = Flash::new("flash-branch-renamed", name.as_str());
            Ok(see_other_with(&visit.urls.branches(), flash))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            show(&app, page, &visit, &ListQuery::default(), NewForm::default(), mistakes).await
        }
    }
}

pub(crate) async fn delete(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(form): Form<NameForm>,
) -> Result<Response, Failure> {
    reference::delete_branch(&app, &visit.access.write()?, &form.name).await?;
    Ok(see_other_with(&visit.urls.branches(), Flash::new("flash-branch-deleted", form.name)))
}

pub(crate) async fn restore(
    State(app): State<App>,
    visit: RepositoryVisit,
    Form(form): Form<NameForm>,
) -> Result<Response, Failure> {
    deleted_reference::restore(&app, &visit.access.write()?, RuleKind::Branch, &form.name).await?;
    Ok(see_other_with(&visit.urls.branches(), Flash::new("flash-branch-restored", form.name)))
}

/// The lines of what can be restored; none for those who may not.
pub(super) async fn deleted_rows(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    kind: RuleKind,
) -> Result<Vec<DeletedRow>, hearth_core::Error> {
    if !page.is_signed_in() || !visit.access.can_in(Unit::Code, Permission::Write) {
        return Ok(Vec::new());
    }
    let found = deleted_reference::list(app, &visit.access.write()?, kind).await?;
    let row = |deleted: DeletedReference| DeletedRow {
        short: deleted.target.short(),
        is_stored: deleted.is_stored,
        said: match &deleted.by {
            Some(by) => rich!(
                page,
                "repo-references-deleted-by",
                who = page.person(by.as_str()),
                time = page.time(deleted.deleted_at)
            ),
            None => rich!(page, "repo-references-deleted", time = page.time(deleted.deleted_at)),
        },
        until: rich!(page, "repo-references-until", date = page.date(deleted.restorable_until)),
        name: deleted.name,
    };
    Ok(found.into_iter().map(row).collect())
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
    let found = reference_list::branch_page(app, &visit.access, &query.q, request).await?;
    let default = visit.access.repository().default_branch.clone();
    let pages = page.pagination(request.page(), found.page.last_page());
    let total = found.page.total;
    let rows = found.page.items.iter().map(|branch| row(&page, visit, &default, branch)).collect();
    let deleted = deleted_rows(app, &page, visit, RuleKind::Branch).await?;
    let can_write = page.is_signed_in() && visit.access.can_in(Unit::Code, Permission::Write);
    let can_rename_default = can_write && visit.access.can(Permission::Administer);
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (search, is_cut) = (query.q.clone(), found.is_cut);
    html_with(
        status,
        &Branches {
            page,
            head,
            rows,
            total,
            is_cut,
            search,
            pages,
            default,
            can_write,
            can_rename_default,
            deleted,
            form,
            mistakes,
        },
    )
}

fn row(page: &Page, visit: &RepositoryVisit, default: &str, found: &BranchRow) -> Row {
    let name = found.branch.name.as_str();
    let state = |state: hearth_core::PullRequestState| match state {
        hearth_core::PullRequestState::Open => icon!("pull"),
        hearth_core::PullRequestState::Closed => icon!("pull-closed"),
        hearth_core::PullRequestState::Merged => icon!("merge"),
    };
    Row {
        name: name.to_owned(),
        address: visit.urls.source(&Revision::Branch(name.to_owned()), ""),
        compare: visit.urls.compare_of(default, name),
        is_default: found.is_default,
        has_rules: found.has_rules,
        latest: CommitLink::new(page, &visit.urls, &found.commit),
        distance: found.distance.map(|distance| (distance.ahead, distance.behind)),
        pull: found.pull.map(|(number, is)| (number.0, visit.urls.pull(number), state(is))),
    }
}

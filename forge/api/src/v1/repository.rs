use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Access, Actor, App, Unit, access, code, label, owner,
    repository::{
        self, Edit, Filter, NewRepository, Order, Repository as Row, archive_state, interest, template,
    },
};
use hearth_core::{Error, Kind, OwnerId, Page, RepositoryId, RepositoryKind, Visibility};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shape::Repository;
use crate::{
    at::InRepository,
    authenticate::Caller,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    table
        .get(
            "/repos/search",
            search,
            describe("Search repositories by name or description")
                .response::<SearchResults>()
                .query("q", "what to look for")
                .query("topic", "`true`: `q` is a topic")
                .query("sort", "`updated`, `created` or `alpha`")
                .query("private", "`true`: only private ones")
                .query("kind", "`code`, `dataset` or `model`"),
        )
        .post(
            "/user/repos",
            create,
            describe("Create a repository")
                .request::<CreateRepository>()
                .response::<Repository>()
                .status(201),
        )
        .get(
            "/user/repos",
            list_mine,
            describe("List the repositories that you own or collaborate on").list_response::<Repository>(),
        )
        .get(
            "/users/{username}/repos",
            list_of_user,
            describe("List the repositories of a user").list_response::<Repository>(),
        )
        .get("/repos/{owner}/{repo}", get, describe("Get a repository").response::<Repository>())
        .patch(
            "/repos/{owner}/{repo}",
            edit,
            describe("Update or rename a repository").request::<EditRepository>().response::<Repository>(),
        )
        .delete("/repos/{owner}/{repo}", delete, describe("Delete a repository"))
        .post(
            "/repos/{owner}/{repo}/generate",
            generate,
            describe("Create a repository with the files of a template")
                .request::<GenerateRepository>()
                .response::<Repository>()
                .status(201),
        )
        .get("/repositories/{id}", get_by_id, describe("Get a repository by its id").response::<Repository>())
        .get(
            "/repos/{owner}/{repo}/languages",
            languages,
            describe("List the bytes of each programming language").response::<BTreeMap<String, u64>>(),
        )
}

/// As the actor of `access` may see it.
pub(super) async fn show<Level>(app: &App, access: &Access<Level>) -> ApiResult<Json<Repository>> {
    let id = access.repository().id;
    let ids = [id];
    // One after the other: both take less time than waking a second reader for one of them.
    let owner = repository::owner_of(app, access).await?;
    let facts = interest::facts(app, &ids).await?.remove(&id).unwrap_or_default();
    Ok(Json(Repository::new(app, access, &owner, &facts)))
}

/// A row that was just changed, with what its actor may do in it now.
pub(super) async fn show_row(app: &App, actor: &Actor, row: Row) -> ApiResult<Json<Repository>> {
    let mut shown = show_rows(app, actor, vec![row]).await?;
    let shown = shown.pop().ok_or_else(|| Error::internal("one row was entered"))?;
    Ok(Json(shown))
}

pub(super) async fn show_page(app: &App, actor: &Actor, page: Page<Row>) -> ApiResult<Page<Repository>> {
    let items = show_rows(app, actor, page.items).await?;
    Ok(Page { items, total: page.total, request: page.request })
}

async fn show_rows(app: &App, actor: &Actor, rows: Vec<Row>) -> ApiResult<Vec<Repository>> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let (entered, mut facts) =
        tokio::try_join!(repository::enter_all(app, actor, rows), interest::facts(app, &ids))?;
    let shown = entered.iter().map(|owned| {
        let facts = facts.remove(&owned.access.repository().id).unwrap_or_default();
        Repository::new(app, &owned.access, &owned.owner, &facts)
    });
    Ok(shown.collect())
}

/// A repository to make.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct CreateRepository {
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    private: bool,
    /// Start with a README.
    #[serde(default)]
    auto_init: bool,
    /// Names of ignore files, separated by commas.
    #[serde(default)]
    gitignores: String,
    /// An SPDX id.
    #[serde(default)]
    license: String,
    #[serde(default)]
    default_branch: String,
    /// `Default`: start with the usual labels.
    #[serde(default)]
    issue_labels: String,
    /// `sha1`, the only format there is.
    #[serde(default)]
    object_format_name: String,
    /// Whether others begin repositories of their own from its files.
    #[serde(default)]
    template: bool,
    /// `code`, `dataset` or `model`.
    #[schema(value_type = Option<String>)]
    kind: Option<RepositoryKind>,
}

impl CreateRepository {
    fn check(&self) -> ApiResult<()> {
        if !matches!(self.object_format_name.as_str(), "" | "sha1") {
            return Err(Error::field("object_format_name", "unknown-choice").into());
        }
        if !matches!(self.issue_labels.as_str(), "" | label::DEFAULT_SET) {
            return Err(Error::field("issue_labels", "unknown-choice").into());
        }
        Ok(())
    }
}

pub(crate) async fn create(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(asked): Input<CreateRepository>,
) -> ApiResult<(StatusCode, Json<Repository>)> {
    create_for(&app, &actor, None, asked).await
}

/// Creates a repository for the caller, or for an owner on whose behalf they may create one.
pub(super) async fn create_for(
    app: &App,
    actor: &Actor,
    owner: Option<OwnerId>,
    asked: CreateRepository,
) -> ApiResult<(StatusCode, Json<Repository>)> {
    asked.check()?;
    let given = |text: String| Some(text).filter(|text| !text.is_empty());
    let (has_labels, is_template) = (!asked.issue_labels.is_empty(), asked.template);
    let new = NewRepository {
        owner,
        kind: asked.kind.unwrap_or(RepositoryKind::Code),
        name: asked.name,
        description: asked.description,
        visibility: if asked.private { Visibility::Private } else { Visibility::Public },
        default_branch: given(asked.default_branch),
        with_readme: asked.auto_init,
        gitignore: given(asked.gitignores),
        licence: given(asked.license),
    };
    let made = repository::create(app, actor, new).await?;
    // Whoever may write may see what they made, even where their token does not read.
    let maker = Actor::person(actor.signed_in()?.clone());
    if has_labels {
        let access = access::open_by_id(app, &maker, Unit::Issues, made.id).await?;
        label::create_defaults(app, &access.write()?).await?;
    }
    let made = if is_template {
        let access = access::open_by_id(app, &maker, Unit::Settings, made.id).await?;
        let edit = Edit { is_template: Some(true), ..Edit::default() };
        repository::edit(app, &access.administer()?, edit).await?
    } else {
        made
    };
    let shown = show_row(app, &maker, made).await?;
    Ok((StatusCode::CREATED, shown))
}

pub(crate) async fn get(
    State(app): State<App>,
    InRepository(access): InRepository,
) -> ApiResult<Json<Repository>> {
    show(&app, &access).await
}

pub(crate) async fn get_by_id(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<Repository>> {
    let id = id.parse::<RepositoryId>().map_err(|_| Error::NotFound(Kind::Repository))?;
    show(&app, &access::open_by_id(&app, &actor, Unit::Code, id).await?).await
}

/// Changes to a repository; fields that are left out stay unchanged.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct EditRepository {
    name: Option<String>,
    description: Option<String>,
    website: Option<String>,
    private: Option<bool>,
    default_branch: Option<String>,
    /// Whether others begin repositories of their own from its files.
    template: Option<bool>,
    /// Whether it can only be read.
    archived: Option<bool>,
}

pub(crate) async fn edit(
    State(app): State<App>,
    InRepository(access): InRepository,
    Input(asked): Input<EditRepository>,
) -> ApiResult<Json<Repository>> {
    let access = access.administer()?;
    let visibility = |is_private| if is_private { Visibility::Private } else { Visibility::Public };
    let edit = Edit {
        name: asked.name,
        description: asked.description,
        website: asked.website,
        visibility: asked.private.map(visibility),
        default_branch: asked.default_branch,
        is_template: asked.template,
    };
    let row = repository::edit(&app, &access, edit).await?;
    let row = match asked.archived {
        Some(true) => archive_state::archive(&app, &access).await?,
        Some(false) => archive_state::unarchive(&app, &access).await?,
        None => row,
    };
    show_row(&app, access.actor(), row).await
}

/// A repository to make from a template.
#[expect(clippy::struct_excessive_bools, reason = "the fields are Gitea's")]
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct GenerateRepository {
    /// The owner of the new repository; you when left out.
    #[serde(default)]
    owner: String,
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    private: bool,
    /// Bring the history of the default branch; otherwise its files are one fresh commit.
    #[serde(default)]
    git_history: bool,
    /// Bring the topics. The files are always brought.
    #[serde(default)]
    topics: bool,
    /// Bring the labels.
    #[serde(default)]
    labels: bool,
}

async fn generate(
    State(app): State<App>,
    InRepository(access): InRepository,
    Input(asked): Input<GenerateRepository>,
) -> ApiResult<(StatusCode, Json<Repository>)> {
    let actor = access.actor();
    let me = actor.signed_in()?;
    let owner = if asked.owner.is_empty() {
        me.id.into()
    } else {
        owner::find_by_name(&app, actor, &asked.owner).await?.into_inner().id()
    };
    let new = template::FromTemplate {
        owner,
        name: asked.name,
        description: asked.description,
        visibility: if asked.private { Visibility::Private } else { Visibility::Public },
        with_history: asked.git_history,
        with_topics: asked.topics,
        with_labels: asked.labels,
    };
    let made = template::generate(&app, &access, new).await?;
    let maker = Actor::person(me.clone());
    Ok((StatusCode::CREATED, show_row(&app, &maker, made).await?))
}

pub(crate) async fn delete(
    State(app): State<App>,
    InRepository(access): InRepository,
) -> ApiResult<StatusCode> {
    repository::delete(&app, &access.administer()?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The repositories of one person that the caller may see.
pub(crate) async fn list_of_user(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(name): Path<String>,
    Query(asked): Query<Kinds>,
    paging: Paging,
) -> ApiResult<Response> {
    let page = repository::of_owner(&app, &actor, &name, asked.kind, paging.request()).await?;
    Ok(paging.answer(&app, &show_page(&app, &actor, page).await?))
}

/// Repositories that the caller owns or has been given access to.
pub(crate) async fn list_mine(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(asked): Query<Kinds>,
    paging: Paging,
) -> ApiResult<Response> {
    let member = Some(actor.signed_in()?.id);
    let filter = Filter { member, kind: asked.kind, ..Filter::default() };
    let page = repository::list(&app, &actor, filter, paging.request()).await?;
    Ok(paging.answer(&app, &show_page(&app, &actor, page).await?))
}

#[derive(Debug, Deserialize)]
pub(crate) struct Kinds {
    kind: Option<RepositoryKind>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Search {
    q: String,
    topic: bool,
    private: Option<bool>,
    sort: String,
    kind: Option<RepositoryKind>,
}

/// What a search found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SearchResults {
    ok: bool,
    data: Vec<Repository>,
}

pub(crate) async fn search(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(asked): Query<Search>,
    paging: Paging,
) -> ApiResult<Response> {
    let order = match asked.sort.as_str() {
        "" | "updated" => Order::Updated,
        "alpha" => Order::Name,
        "created" | "id" => Order::Created,
        _ => return Err(Error::field("sort", "unknown-choice").into()),
    };
    let words = Some(asked.q.trim().to_owned()).filter(|text| !text.is_empty());
    let (text, topic) = if asked.topic { (None, words) } else { (words, None) };
    let visibility = asked.private.filter(|only| *only).map(|_| Visibility::Private);
    let filter = Filter { text, topic, visibility, kind: asked.kind, order, ..Filter::default() };
    let page = repository::list(&app, &actor, filter, paging.request()).await?;
    let page = show_page(&app, &actor, page).await?;
    let results = SearchResults { ok: true, data: page.items };
    Ok(paging.wrap(&app, page.total, &results))
}

/// `{"Python": 1234}`: bytes of each language on the default branch; as in Gitea, empty until counted.
pub(crate) async fn languages(
    State(app): State<App>,
    InRepository(access): InRepository,
) -> ApiResult<Json<BTreeMap<&'static str, u64>>> {
    let shares = code::languages(&app, &access).await?.unwrap_or_default();
    Ok(Json(shares.iter().map(|share| (share.name, share.bytes)).collect()))
}

//! Releases.

mod asset;
mod download;
mod upload;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    Access, App,
    release::{self, Edit, NewRelease, NotesWanted, ReleaseCard, ReleaseFilter},
};
use hearth_core::{Error, Kind, Language, Read, ReleaseId, TaskId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::shape::{People, release::Release};
use crate::{
    at::InReleases,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

const ALL: &str = "/repos/{owner}/{repo}/releases";
const ONE: &str = "/repos/{owner}/{repo}/releases/{id}";
const OF_TAG: &str = "/repos/{owner}/{repo}/releases/tags/{*tag}";

pub(crate) fn routes(table: Table) -> Table {
    let table = table
        .get(
            ALL,
            list,
            describe("List releases, drafts first, then the newest")
                .list_response::<Release>()
                .query("draft", "`true`: only drafts; `false`: none")
                .query("pre-release", "`true`: only pre-releases; `false`: none"),
        )
        .post(
            ALL,
            create,
            describe("Create a release, and its tag if it does not exist")
                .request::<CreateRelease>()
                .response::<Release>()
                .status(201),
        )
        .get(
            "/repos/{owner}/{repo}/releases/latest",
            latest,
            describe("Get the latest release").response::<Release>(),
        )
        .post(
            "/repos/{owner}/{repo}/releases/generate-notes",
            notes,
            describe("Write release notes from the pull requests merged since the previous release")
                .request::<GenerateNotes>()
                .response::<Notes>(),
        )
        .get(OF_TAG, of_tag, describe("Get the release of a tag").response::<Release>())
        .delete(OF_TAG, delete_of_tag, describe("Delete the release of a tag; the tag stays"))
        .get(ONE, get, describe("Get a release").response::<Release>())
        .patch(
            ONE,
            edit,
            describe("Change a release, or publish a draft").request::<EditRelease>().response::<Release>(),
        )
        .delete(ONE, delete, describe("Delete a release; its tag stays"));
    download::routes(upload::routes(asset::routes(table)))
}

/// The release in the path; what is no number is the id of none.
fn release_id(text: &str) -> ApiResult<ReleaseId> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::Release))?)
}

async fn show(app: &App, access: &Access<Read>, card: &ReleaseCard) -> ApiResult<Json<Release>> {
    let people = People::find(app, access, card.release.author_id).await?;
    Ok(Json(Release::new(app, access.repository(), &people, card)))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ListQuery {
    draft: Option<bool>,
    #[serde(rename = "pre-release")]
    pre_release: Option<bool>,
}

async fn list(
    State(app): State<App>,
    InReleases(access): InReleases,
    Query(asked): Query<ListQuery>,
    paging: Paging,
) -> ApiResult<Response> {
    let filter = ReleaseFilter { is_draft: asked.draft, is_prerelease: asked.pre_release };
    let page = release::list(&app, &access, filter, paging.request()).await?;
    let authors = page.items.iter().filter_map(|card| card.release.author_id);
    let people = People::find(&app, &access, authors).await?;
    let page = page.map(|card| Release::new(&app, access.repository(), &people, &card));
    Ok(paging.answer(&app, &page))
}

async fn get(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id)): Path<(String, String, String)>,
) -> ApiResult<Json<Release>> {
    show(&app, &access, &release::find(&app, &access, release_id(&id)?).await?).await
}

async fn of_tag(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, tag)): Path<(String, String, String)>,
) -> ApiResult<Json<Release>> {
    show(&app, &access, &release::find_by_tag(&app, &access, &tag).await?).await
}

async fn latest(State(app): State<App>, InReleases(access): InReleases) -> ApiResult<Json<Release>> {
    show(&app, &access, &release::latest(&app, &access).await?).await
}

/// A release to create.
#[derive(Debug, Deserialize, ToSchema)]
struct CreateRelease {
    tag_name: String,
    /// Where the tag is made if it does not exist: a branch or a commit; the default branch when left out.
    #[serde(default)]
    target_commitish: String,
    /// What the tag says if it is made; without it, the tag is only a name.
    #[serde(default)]
    tag_message: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    draft: bool,
    #[serde(default)]
    prerelease: bool,
    /// Choose it as the latest release, whatever is published later.
    #[serde(default)]
    make_latest: bool,
    /// A task of this repository whose run record says how the weights came about.
    #[schema(value_type = Option<i64>)]
    task: Option<TaskId>,
}

async fn create(
    State(app): State<App>,
    InReleases(access): InReleases,
    Input(asked): Input<CreateRelease>,
) -> ApiResult<(StatusCode, Json<Release>)> {
    let new = NewRelease {
        tag: asked.tag_name,
        target: asked.target_commitish,
        tag_message: asked.tag_message,
        title: asked.name,
        notes: asked.body,
        is_draft: asked.draft,
        is_prerelease: asked.prerelease,
        is_chosen: asked.make_latest,
        task: asked.task,
    };
    let made = release::create(&app, &access.write()?, new).await?;
    Ok((StatusCode::CREATED, show(&app, &access, &made).await?))
}

/// Changes to a release; fields that are left out stay unchanged.
#[derive(Debug, Deserialize, ToSchema)]
struct EditRelease {
    tag_name: Option<String>,
    target_commitish: Option<String>,
    name: Option<String>,
    body: Option<String>,
    draft: Option<bool>,
    prerelease: Option<bool>,
    make_latest: Option<bool>,
    /// A task of this repository; 0: none any more.
    #[schema(value_type = Option<i64>)]
    task: Option<TaskId>,
}

async fn edit(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id)): Path<(String, String, String)>,
    Input(asked): Input<EditRelease>,
) -> ApiResult<Json<Release>> {
    // Gitea's clients send empty texts for what they leave alone.
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let edit = Edit {
        tag: given(asked.tag_name),
        target: given(asked.target_commitish),
        title: given(asked.name),
        notes: given(asked.body),
        is_draft: asked.draft,
        is_prerelease: asked.prerelease,
        is_chosen: asked.make_latest,
        task: asked.task.map(|task| Some(task).filter(|task| task.0 != 0)),
        ..Edit::default()
    };
    let edited = release::edit(&app, &access.write()?, release_id(&id)?, edit).await?;
    show(&app, &access, &edited).await
}

async fn delete(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, id)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    release::delete(&app, &access.write()?, release_id(&id)?, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn delete_of_tag(
    State(app): State<App>,
    InReleases(access): InReleases,
    Path((_, _, tag)): Path<(String, String, String)>,
) -> ApiResult<StatusCode> {
    let writing = access.write()?;
    let found = release::find_by_tag(&app, &access, &tag).await?;
    release::delete(&app, &writing, found.release.id, false).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// For what notes are wanted.
#[derive(Debug, Deserialize, ToSchema)]
struct GenerateNotes {
    tag_name: String,
    #[serde(default)]
    target_commitish: String,
    /// The tag since which to look; that of the newest other release when left out.
    previous_tag_name: Option<String>,
}

/// Notes, to be edited.
#[derive(Debug, Serialize, ToSchema)]
struct Notes {
    name: String,
    /// Markdown.
    body: String,
    previous_tag_name: Option<String>,
}

async fn notes(
    State(app): State<App>,
    InReleases(access): InReleases,
    Input(asked): Input<GenerateNotes>,
) -> ApiResult<Json<Notes>> {
    access.write()?;
    let language = access.actor().user().and_then(|user| user.language).unwrap_or(Language::En);
    let wanted = NotesWanted {
        tag: asked.tag_name.clone(),
        target: asked.target_commitish,
        previous: asked.previous_tag_name,
    };
    let written = release::notes(&app, &access, language, wanted).await?;
    Ok(Json(Notes { name: asked.tag_name, body: written.text, previous_tag_name: written.previous }))
}

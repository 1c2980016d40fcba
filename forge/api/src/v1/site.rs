//! What programs may know about the site, with Gitea's names.

use axum::{Json, extract::State};
use hearth_app::{App, Registration, registration};
use hearth_core::{Error, Kind, PageRequest, Reaction};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    at::InRepository,
    error::ApiResult,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    table
        .get("/settings/ui", ui, describe("Get the settings of the pages").response::<UiSettings>())
        .get(
            "/settings/repository",
            repository,
            describe("Get what repositories can do").response::<RepositorySettings>(),
        )
        .get("/settings/api", api, describe("Get the bounds of the API").response::<ApiSettings>())
        .get(
            "/settings/attachment",
            attachment,
            describe("Get the bounds of attachments").response::<AttachmentSettings>(),
        )
        .get("/nodeinfo", node, describe("Get facts about the server").response::<NodeInfo>())
        .get(
            "/signing-key.pub",
            signing_key,
            describe("Get the public SSH key with which the server signs its commits").bytes_response(),
        )
        .get(
            "/repos/{owner}/{repo}/signing-key.pub",
            signing_key_of_repository,
            describe("Get the public SSH key with which the server signs its commits in a repository")
                .bytes_response(),
        )
}

/// The settings of the pages.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UiSettings {
    /// `gitea-auto`: light or dark, as the system has it.
    default_theme: &'static str,
    #[schema(value_type = Vec<String>)]
    allowed_reactions: &'static [Reaction],
    custom_emojis: Vec<String>,
}

async fn ui() -> Json<UiSettings> {
    Json(UiSettings {
        default_theme: "gitea-auto",
        allowed_reactions: Reaction::ALL,
        custom_emojis: Vec::new(),
    })
}

/// What repositories can do.
#[expect(clippy::struct_excessive_bools, reason = "the fields are Gitea's")]
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RepositorySettings {
    mirrors_disabled: bool,
    http_git_disabled: bool,
    migrations_disabled: bool,
    stars_disabled: bool,
    time_tracking_disabled: bool,
    lfs_disabled: bool,
}

async fn repository() -> Json<RepositorySettings> {
    Json(RepositorySettings {
        mirrors_disabled: true,
        http_git_disabled: false,
        migrations_disabled: true,
        stars_disabled: false,
        time_tracking_disabled: true,
        lfs_disabled: false,
    })
}

/// The bounds of the API.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ApiSettings {
    max_response_items: u32,
    default_paging_num: u32,
    default_git_trees_per_page: u64,
    /// In bytes.
    default_max_blob_size: u64,
}

async fn api(State(app): State<App>) -> Json<ApiSettings> {
    Json(ApiSettings {
        max_response_items: PageRequest::LARGEST,
        default_paging_num: PageRequest::DEFAULT_SIZE,
        default_git_trees_per_page: app.limits().api_folder_entries,
        default_max_blob_size: app.limits().api_file_bytes,
    })
}

/// The bounds of attachments.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AttachmentSettings {
    enabled: bool,
    /// Endings of names, separated by commas; `*` for all.
    allowed_types: String,
    /// In MiB.
    max_size: u64,
    max_files: u64,
}

async fn attachment(State(app): State<App>) -> Json<AttachmentSettings> {
    let endings = &app.settings().attachment_types;
    let written = |ending: &String| if ending == "*" { "*".to_owned() } else { format!(".{ending}") };
    Json(AttachmentSettings {
        enabled: !endings.is_empty(),
        allowed_types: endings.iter().map(written).collect::<Vec<_>>().join(","),
        max_size: app.limits().attachment_bytes >> 20,
        max_files: app.limits().attachments,
    })
}

/// Facts about the server, as other servers and directories read them. How many people there are is not one.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct NodeInfo {
    version: &'static str,
    software: Software,
    protocols: Vec<String>,
    services: Services,
    open_registrations: bool,
    usage: Usage,
    metadata: std::collections::BTreeMap<String, String>,
}

/// The program.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Software {
    name: &'static str,
    version: &'static str,
}

/// Other networks that it is a part of: none.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Services {
    inbound: Vec<String>,
    outbound: Vec<String>,
}

/// Left empty: nobody asked the people.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Usage {
    users: std::collections::BTreeMap<String, u64>,
}

async fn node(State(app): State<App>) -> ApiResult<Json<NodeInfo>> {
    let mode = registration::current(&app).await?;
    Ok(Json(NodeInfo {
        version: "2.1",
        software: Software { name: "hearth", version: env!("CARGO_PKG_VERSION") },
        protocols: Vec::new(),
        services: Services { inbound: Vec::new(), outbound: Vec::new() },
        open_registrations: mode == Registration::Open,
        usage: Usage { users: std::collections::BTreeMap::new() },
        metadata: std::collections::BTreeMap::new(),
    }))
}

/// One line, as in `id_ed25519.pub`.
async fn signing_key(State(app): State<App>) -> ApiResult<String> {
    let key = app.site_key().ok_or(Error::NotFound(Kind::SshKey))?;
    Ok(format!("{}\n", key.public_line()))
}

/// All repositories have the server's.
async fn signing_key_of_repository(app: State<App>, InRepository(_): InRepository) -> ApiResult<String> {
    signing_key(app).await
}

//! Texts as the pages show them.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use hearth_app::{
    App, Unit, access,
    markdown::{self, Links},
};
use hearth_core::{Error, RepositoryKind, urls::RepositoryUrls};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    authenticate::Caller,
    body::Input,
    error::ApiResult,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    table
        .post(
            "/markdown",
            draw,
            describe("Show a text in Markdown as HTML").request::<Text>().bytes_response(),
        )
        .post("/markup", draw, describe("Show a text in Markdown as HTML").request::<Text>().bytes_response())
        .post("/markdown/raw", draw_raw, describe("Show the body, in Markdown, as HTML").bytes_response())
}

/// A text to show.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, rename_all = "PascalCase")]
#[expect(clippy::struct_field_names, reason = "the names of Gitea's fields")]
pub(crate) struct Text {
    #[serde(alias = "text")]
    text: String,
    /// `gfm` or `comment`, where line breaks count, or `markdown`, for a file.
    #[serde(alias = "mode")]
    mode: String,
    /// The repository that `#12` and commits refer to: its address, or `owner/name`.
    #[serde(alias = "context")]
    context: String,
}

async fn draw(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(asked): Input<Text>,
) -> ApiResult<Response> {
    let root = app.urls().root().to_owned();
    let path = asked.context.strip_prefix(&root).unwrap_or(&asked.context).trim_matches('/');
    let names = path.split('/').take(2).collect::<Vec<_>>();
    let repository = match names[..] {
        [owner, name] if !name.is_empty() => {
            let kind = RepositoryKind::Code;
            let entered = access::open(&app, &actor, Unit::Code, kind, owner, name).await;
            access::if_seen(entered)?
        }
        _ => None,
    };
    let links = Links {
        repository: repository.map(|access| {
            let row = access.repository();
            RepositoryUrls::new(row.kind, row.owner.as_str(), row.name.as_str())
        }),
        is_file: !matches!(asked.mode.as_str(), "" | "gfm" | "comment"),
        root,
        ..Links::default()
    };
    Ok(html(&markdown::draw(&app, asked.text.into(), links).await))
}

async fn draw_raw(State(app): State<App>, Caller(_): Caller, body: Bytes) -> ApiResult<Response> {
    let limit = app.limits().markdown();
    if body.len() as u64 > limit.most {
        return Err(Error::TooLarge(limit).into());
    }
    let text = String::from_utf8_lossy(&body).into_owned();
    let links = Links { root: app.urls().root().to_owned(), is_file: true, ..Links::default() };
    Ok(html(&markdown::draw(&app, text.into(), links).await))
}

/// Only what Markdown may contain, and even that is not shown as a page of this site.
fn html(drawn: &Arc<str>) -> Response {
    let kind = HeaderValue::from_static("text/html; charset=utf-8");
    let inert = HeaderValue::from_static("sandbox; default-src 'none'");
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, inert)], drawn.to_string())
        .into_response()
}

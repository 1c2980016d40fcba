use axum::{
    Json,
    extract::{DefaultBodyLimit, FromRequest as _, Multipart, Path, Query, Request, State},
    http::StatusCode,
};
use hearth_app::{
    Access, App,
    thread::{Target, attachment},
};
use hearth_core::{AttachmentId, Error, Kind, Read};
use hearth_http::upload;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{card::number, comment::id};
use crate::{
    at::InIssues,
    body::Input,
    error::ApiResult,
    v1::shape::issue::{Attachment, People},
};

/// Room for the headers and boundaries of a multipart body with one file, in bytes.
const MULTIPART_OVERHEAD_BYTES: u64 = 64 << 10;

#[derive(Deserialize)]
pub(crate) struct Named {
    /// What the file is to be called; its own name when left out.
    #[serde(default)]
    name: String,
}

/// A new name for a file.
#[derive(Deserialize, ToSchema)]
pub(crate) struct EditAttachment {
    name: String,
}

type OfText = Path<(String, String, String)>;
type One = Path<(String, String, String, String)>;

fn file_id(text: &str) -> ApiResult<AttachmentId> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::Attachment))?)
}

async fn list(app: &App, access: &Access<Read>, target: Target) -> ApiResult<Json<Vec<Attachment>>> {
    let found = attachment::list(app, access, target).await?;
    let people = People::find(app, access, []).await?;
    Ok(Json(found.iter().map(|file| people.attachment(file)).collect()))
}

async fn get(app: &App, access: &Access<Read>, target: Target, text: &str) -> ApiResult<Json<Attachment>> {
    let found = attachment::find(app, access, target, file_id(text)?).await?;
    Ok(Json(People::find(app, access, []).await?.attachment(&found)))
}

/// Takes the field `attachment` of a form with files.
async fn create(
    app: &App,
    access: &Access<Read>,
    target: Target,
    asked: Named,
    mut request: Request,
) -> ApiResult<(StatusCode, Json<Attachment>)> {
    access.participant()?;
    let limit = app.limits().attachment();
    let most = usize::try_from(limit.most.saturating_add(MULTIPART_OVERHEAD_BYTES)).unwrap_or(usize::MAX);
    DefaultBodyLimit::max(most).apply(&mut request);
    let unreadable = |_| Error::field("attachment", "form-unreadable");
    let mut form = Multipart::from_request(request, &()).await.map_err(unreadable)?;
    while let Some(field) = form.next_field().await.map_err(|error| Error::of_body(&error, limit))? {
        if field.name() != Some("attachment") {
            continue;
        }
        let own = field.file_name().unwrap_or_default().to_owned();
        let name = if asked.name.is_empty() { own } else { asked.name };
        let made = attachment::add(app, access, target, &name, upload::bytes(field)).await;
        let made = made.map_err(|error| upload::refused(error, "attachment"))?;
        let shown = People::find(app, access, []).await?.attachment(&made);
        return Ok((StatusCode::CREATED, Json(shown)));
    }
    Err(Error::field("attachment", "required").into())
}

async fn edit(
    app: &App,
    access: &Access<Read>,
    target: Target,
    text: &str,
    input: &EditAttachment,
) -> ApiResult<(StatusCode, Json<Attachment>)> {
    let renamed = attachment::rename(app, access, target, file_id(text)?, &input.name).await?;
    Ok((StatusCode::CREATED, Json(People::find(app, access, []).await?.attachment(&renamed))))
}

async fn delete(app: &App, access: &Access<Read>, target: Target, text: &str) -> ApiResult<StatusCode> {
    attachment::remove(app, access, target, file_id(text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

macro_rules! of {
    ($target:ident from $place:ident: $list:ident, $create:ident, $get:ident, $edit:ident, $delete:ident) => {
        pub(crate) async fn $list(
            State(app): State<App>,
            InIssues(access): InIssues,
            Path((_, _, text)): OfText,
        ) -> ApiResult<Json<Vec<Attachment>>> {
            list(&app, &access, Target::$target($place(&text)?)).await
        }

        pub(crate) async fn $create(
            State(app): State<App>,
            InIssues(access): InIssues,
            Path((_, _, text)): OfText,
            Query(asked): Query<Named>,
            request: Request,
        ) -> ApiResult<(StatusCode, Json<Attachment>)> {
            create(&app, &access, Target::$target($place(&text)?), asked, request).await
        }

        pub(crate) async fn $get(
            State(app): State<App>,
            InIssues(access): InIssues,
            Path((_, _, text, file)): One,
        ) -> ApiResult<Json<Attachment>> {
            get(&app, &access, Target::$target($place(&text)?), &file).await
        }

        pub(crate) async fn $edit(
            State(app): State<App>,
            InIssues(access): InIssues,
            Path((_, _, text, file)): One,
            Input(input): Input<EditAttachment>,
        ) -> ApiResult<(StatusCode, Json<Attachment>)> {
            edit(&app, &access, Target::$target($place(&text)?), &file, &input).await
        }

        pub(crate) async fn $delete(
            State(app): State<App>,
            InIssues(access): InIssues,
            Path((_, _, text, file)): One,
        ) -> ApiResult<StatusCode> {
            delete(&app, &access, Target::$target($place(&text)?), &file).await
        }
    };
}

of!(Thread from number: list_of_issue, create_in_issue, get_of_issue, edit_of_issue, delete_of_issue);
of!(Comment from id: list_of_comment, create_in_comment, get_of_comment, edit_of_comment, delete_of_comment);

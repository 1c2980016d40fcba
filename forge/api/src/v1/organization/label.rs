//! Labels with which the repositories of an organisation begin, in the shapes of Gitea's API.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App,
    organization::label::{self, OrganizationLabel},
};
use hearth_core::{Error, Kind, OrganizationLabelId};

use crate::{
    at::{InOrganization, OrganizationAccess},
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
    v1::{
        issue::label::{CreateLabel, EditLabel},
        shape::Label,
    },
};

pub(super) fn routes(table: Table) -> Table {
    let (all, one) = ("/orgs/{org}/labels", "/orgs/{org}/labels/{id}");
    table
        .get(
            all,
            list,
            describe("List the labels with which an organisation's repositories begin")
                .list_response::<Label>(),
        )
        .post(
            all,
            create,
            describe("Create a label for the new repositories of an organisation")
                .request::<CreateLabel>()
                .response::<Label>()
                .status(201),
        )
        .get(one, get, describe("Get a label of an organisation").response::<Label>())
        .patch(
            one,
            edit,
            describe("Update a label of an organisation; repositories keep their copies")
                .request::<EditLabel>()
                .response::<Label>(),
        )
        .delete(one, delete, describe("Delete a label of an organisation; repositories keep their copies"))
}

fn id(text: &str) -> ApiResult<OrganizationLabelId> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::Label))?)
}

fn shown(app: &App, access: &OrganizationAccess, label: &OrganizationLabel) -> Label {
    Label::of_organization(app, access.organization(), label)
}

async fn list(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    paging: Paging,
) -> ApiResult<Response> {
    let page = paging.cut(label::list(&app, &access).await?);
    Ok(paging.answer(&app, &page.map(|label| shown(&app, &access, &label))))
}

async fn create(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Input(input): Input<CreateLabel>,
) -> ApiResult<(StatusCode, Json<Label>)> {
    let made = label::create(&app, &access.administer()?, &input.into()).await?;
    Ok((StatusCode::CREATED, Json(shown(&app, &access, &made))))
}

async fn get(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Path((_, text)): Path<(String, String)>,
) -> ApiResult<Json<Label>> {
    let found = label::find(&app, &access, id(&text)?).await?;
    Ok(Json(shown(&app, &access, &found)))
}

async fn edit(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Path((_, text)): Path<(String, String)>,
    Input(input): Input<EditLabel>,
) -> ApiResult<Json<Label>> {
    let administering = access.administer()?;
    let new = label::edit(&app, &administering, id(&text)?, input.into()).await?;
    Ok(Json(shown(&app, &access, &new)))
}

async fn delete(
    State(app): State<App>,
    InOrganization(access): InOrganization,
    Path((_, text)): Path<(String, String)>,
) -> ApiResult<StatusCode> {
    label::delete(&app, &access.administer()?, id(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

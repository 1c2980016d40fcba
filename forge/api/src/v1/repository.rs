use axum::{Json, extract::State};
use hearth_app::App;
use hearth_core::{Error, Kind};
use hearth_store::user;

use super::shape::Repository;
use crate::{at::InRepository, error::ApiResult};

pub(crate) async fn get(
    State(app): State<App>,
    InRepository(access): InRepository,
) -> ApiResult<Json<Repository>> {
    let mut reader = app.store().read().await?;
    let owner = user::find(&mut reader, access.repository().owner_id).await?;
    let owner = owner.ok_or(Error::NotFound(Kind::User))?;
    Ok(Json(Repository::new(&app, &access, &owner)))
}

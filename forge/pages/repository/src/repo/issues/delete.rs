//! `POST /{owner}/{name}/issues/{number}/delete`: deletes an issue with everything in it.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{App, issue};

use crate::{
    Failure, Flash, Form, NoFields,
    repo::{RepositoryVisit, threads::AtThread},
    respond::see_other_with,
};

pub(crate) async fn post(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    Form(_): Form<NoFields>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    issue::delete(&app, &visit.access.administer()?, number).await?;
    Ok(see_other_with(&visit.urls.issues(), Flash::new("flash-issue-deleted", number.to_string())))
}

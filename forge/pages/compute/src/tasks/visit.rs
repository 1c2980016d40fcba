use axum::extract::FromRequestParts;
use hearth_app::task::{self, TaskAccess};
use hearth_core::{Error, Kind, TaskId};
use hearth_web::address_names::address_names;
use http::request::Parts;

use crate::{Failure, Page, Web, entered::Entered};

/// A visitor with access to a task: the extractor of every page below `/tasks/{id}`. A task of a repository
/// that the reader may not see does not exist for them.
#[derive(Debug)]
pub(crate) struct TaskVisit {
    pub(crate) access: TaskAccess,
}

impl FromRequestParts<Web> for TaskVisit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, Failure> {
        let page = Page::from_request_parts(parts, web).await?;
        let names = address_names(parts).await?;
        let id = names.iter().find(|(name, _)| *name == "id").and_then(|(_, id)| id.parse::<TaskId>().ok());
        let id = id.ok_or(Error::NotFound(Kind::Task))?;
        let access = task::find(web.app(), &page.actor, id).await?;
        if let Some(entered) = parts.extensions.get::<Entered>() {
            entered.repository(access.access());
        }
        Ok(Self { access })
    }
}

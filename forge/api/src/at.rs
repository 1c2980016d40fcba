//! Where a request goes: the repository in its path, entered by its caller.
//!
//! `?kind=model` and `?kind=dataset` reach the repositories of these kinds; Gitea's API knows only code.

use std::collections::HashMap;

use axum::{
    extract::{FromRef, FromRequestParts, Path, Query},
    http::request::Parts,
};
use hearth_app::{Access, App, Area, access, repository};
use hearth_core::{Error, Kind, Read, RepositoryKind};
use serde::Deserialize;

use crate::{
    authenticate::Caller,
    error::{ApiError, ApiResult},
};

/// The repository of `{owner}/{repo}`: its files, branches and settings.
#[derive(Debug)]
pub struct InRepository(pub Access<Read>);

/// The same repository, for what the scopes of issues cover.
#[derive(Debug)]
pub struct InIssues(pub Access<Read>);

/// The same repository, for what the scopes of tasks cover.
#[derive(Debug)]
pub struct InTasks(pub Access<Read>);

#[derive(Deserialize)]
struct KindQuery {
    kind: Option<RepositoryKind>,
}

async fn enter<S: Send + Sync>(parts: &mut Parts, state: &S, area: Area) -> ApiResult<Access<Read>>
where
    App: FromRef<S>,
{
    let Caller(actor) = Caller::from_request_parts(parts, state).await?;
    let names = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
    let names = names.map_err(|_| Error::NotFound(Kind::Repository))?;
    let (Some(owner), Some(name)) = (names.get("owner"), names.get("repo")) else {
        return Err(Error::NotFound(Kind::Repository).into());
    };
    let asked = Query::<KindQuery>::try_from_uri(&parts.uri).map_err(|_| Error::field("kind", "unknown"))?;
    let kind = asked.kind.unwrap_or(RepositoryKind::Code);
    let app = App::from_ref(state);
    match access::open(&app, &actor, area, kind, owner, name).await {
        // It may have been renamed: programs go on with the name they know.
        Err(Error::NotFound(Kind::Repository)) => {
            Ok(repository::open_moved(&app, &actor, area, kind, owner, name).await?)
        }
        found => Ok(found?),
    }
}

macro_rules! entered {
    ($($name:ident by $area:ident;)+) => {$(
        impl<S: Send + Sync> FromRequestParts<S> for $name
        where
            App: FromRef<S>,
        {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
                enter(parts, state, Area::$area).await.map(Self)
            }
        }
    )+};
}

entered! {
    InRepository by Repository;
    InIssues by Issue;
    InTasks by Task;
}

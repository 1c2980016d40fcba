//! Extractors of the repository in the path, with the caller's access to it.
//!
//! `?kind=model` and `?kind=dataset` reach the repositories of these kinds; Gitea's API knows only code.

use std::collections::HashMap;

use axum::{
    extract::{FromRef, FromRequestParts, Path, Query},
    http::request::Parts,
};
use hearth_app::{Access, App, Unit, access, organization::Organization};
use hearth_core::{Error, Kind, Read, RepositoryKind};
use serde::Deserialize;

use crate::{
    authenticate::Caller,
    error::{ApiError, ApiResult},
};

/// The repository of `{owner}/{repo}`: its files, branches and settings.
#[derive(Debug)]
pub struct InRepository(pub Access<Read>);

/// The same repository, for its issues.
#[derive(Debug)]
pub struct InIssues(pub Access<Read>);

/// The same repository, for its pull requests.
#[derive(Debug)]
pub struct InPulls(pub Access<Read>);

/// The same repository, for its releases.
#[derive(Debug)]
pub struct InReleases(pub Access<Read>);

/// The same repository, for its tasks.
#[derive(Debug)]
pub struct InTasks(pub Access<Read>);

/// Proof that the caller may see an organisation.
pub type OrganizationAccess = Access<Read, Organization>;

/// The organisation of `{org}`.
#[derive(Debug)]
pub struct InOrganization(pub OrganizationAccess);

impl<S: Send + Sync> FromRequestParts<S> for InOrganization
where
    App: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        let Caller(actor) = Caller::from_request_parts(parts, state).await?;
        let names = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
        let names = names.map_err(|_| Error::NotFound(Kind::Organization))?;
        let name = names.get("org").ok_or(Error::NotFound(Kind::Organization))?;
        Ok(Self(access::open_organization(&App::from_ref(state), &actor, name).await?))
    }
}

#[derive(Deserialize)]
struct KindQuery {
    kind: Option<RepositoryKind>,
}

async fn enter<S: Send + Sync>(parts: &mut Parts, state: &S, unit: Unit) -> ApiResult<Access<Read>>
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
    // It may have been renamed: programs keep using the name that they know.
    Ok(access::locate(&app, &actor, unit, kind, owner, name).await?.into_inner())
}

macro_rules! entered {
    ($($name:ident by $unit:ident;)+) => {$(
        impl<S: Send + Sync> FromRequestParts<S> for $name
        where
            App: FromRef<S>,
        {
            type Rejection = ApiError;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
                enter(parts, state, Unit::$unit).await.map(Self)
            }
        }
    )+};
}

entered! {
    InRepository by Code;
    InIssues by Issues;
    InPulls by Pulls;
    InReleases by Releases;
    InTasks by Tasks;
}

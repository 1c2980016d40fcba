use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{App, branch_rename, code, code::Source};
use hearth_core::{Error, Kind, urls::Revision};

use super::{
    RepositoryVisit,
    file::{self, FileQuery},
    folder,
    view::revision_text,
};
use crate::{Failure, Page, error_page::Step, respond};

/// The last parts of an address below a repository.
#[derive(serde::Deserialize)]
pub(crate) struct At {
    /// `branch`, `tag` or `commit`.
    pub(crate) kind: String,
    /// The revision's name and the path.
    pub(crate) rest: String,
}

/// Where somebody can go on who looked for a file that is not there.
async fn nearby(app: &App, page: &Page, visit: &RepositoryVisit, at: &At) -> Result<Vec<Step>, Error> {
    let Some(near) = code::nearby(app, &visit.access, &at.kind, &at.rest).await? else {
        return Ok(Vec::new());
    };
    let elsewhere = near.on_default_branch.map(|place| {
        let text = t!(page, "error-go-other-branch", branch = revision_text(&place.revision));
        Step::new(visit.urls.source(&place.revision, place.path.as_str()), text)
    });
    let folder = (!near.folder.path.is_root()).then(|| {
        let text = t!(page, "error-go-folder", folder = near.folder.path.as_str());
        Step::new(visit.urls.source(&near.folder.revision, near.folder.path.as_str()), text)
    });
    Ok(elsewhere.into_iter().chain(folder).collect())
}

/// Where a branch that was renamed is now, and the path in the address; none: no such branch was.
pub(crate) async fn renamed(
    app: &App,
    visit: &RepositoryVisit,
    at: &At,
) -> Result<Option<(Revision, String)>, Error> {
    if at.kind != "branch" {
        return Ok(None);
    }
    let found = branch_rename::redirected(app, &visit.access, &at.rest).await?;
    Ok(found.map(|(from, to)| {
        let file = at.rest.strip_prefix(&from).unwrap_or_default().trim_start_matches('/');
        (Revision::Branch(to), file.to_owned())
    }))
}

/// A folder or a file, whichever lies there.
pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<At>,
    Query(query): Query<FileQuery>,
) -> Result<Response, Failure> {
    let found = match code::source(&app, &visit.access, &at.kind, &at.rest, query.folder()).await {
        Err(error @ Error::NotFound(Kind::Revision)) => {
            let Some((branch, file)) = renamed(&app, &visit, &at).await? else { return Err(error.into()) };
            return Ok(respond::see_other(&visit.urls.source(&branch, &file)));
        }
        Err(error @ Error::NotFound(Kind::File)) => {
            let steps = nearby(&app, &page, &visit, &at).await?;
            return Err(Failure::from(error).with_steps(steps));
        }
        other => other?,
    };
    match found {
        (place, Source::Folder(found)) => Box::pin(folder::show(&app, page, &visit, place, found)).await,
        (place, Source::File(found)) => file::show(&app, page, &visit, place, found, query).await,
    }
}

/// The root of the default branch.
pub(crate) async fn root(visit: RepositoryVisit) -> Response {
    let branch = Revision::Branch(visit.access.repository().default_branch.clone());
    respond::see_other(&visit.urls.source(&branch, ""))
}

//! Every route of `/api/v1`. The paths are Gitea's.

use crate::{
    table::{Table, does},
    v1::{document, repository, shape, task, version},
};

pub(crate) fn v1() -> Table {
    let table = Table::default()
        .get("/version", version::get, does("The version of the server").gives::<version::Version>())
        .get("/repos/{owner}/{repo}", repository::get, does("A repository").gives::<shape::Repository>());
    task::routes(table)
}

/// What is served beside the table and describes it.
pub(crate) const DOCUMENT: &str = "/openapi.json";

pub(crate) use document::get as serve_document;

//! Git LFS: a ticket for its protocol over HTTP, or its protocol over SSH alone.

mod lock;
mod object;
mod packet;
mod request;
mod transfer;

use hearth_app::lfs_ticket;
use hearth_core::{Error, Result};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;

pub(crate) use transfer::transfer;

use crate::{
    attend::Caller,
    command::{At, LfsPurpose},
    streams::Output,
};

/// `git-lfs-authenticate`: where large files go over HTTP, and what lets the client in there for a while.
pub(crate) async fn authenticate(
    caller: &Caller<'_>,
    at: &At,
    purpose: LfsPurpose,
    output: &mut Output,
) -> Result<()> {
    let access = at.open(caller).await?;
    let may_write = purpose == LfsPurpose::Upload;
    if may_write {
        access.push()?;
    }
    let (app, row) = (caller.connection.app(), access.repository());
    let lives_for = caller.connection.settings().ticket;
    let ticket = lfs_ticket::issue(app, &caller.holder, row.id, may_write, lives_for);
    let clone = app.urls().clone_address(row.kind, row.owner.as_str(), row.name.as_str());
    let answer = json!({
        "href": format!("{clone}/info/lfs"),
        "header": { "Authorization": format!("Bearer {ticket}") },
        "expires_in": lives_for.as_secs(),
    });
    output.write_all(answer.to_string().as_bytes()).await.map_err(Error::internal)
}

//! What somebody has seen of a pull request: files ticked as viewed, and the version that they looked at last.

use std::collections::HashMap;

use hearth_core::{Error, Read, Result, ThreadNumber};
use hearth_store::viewed_file as row;

use crate::{Access, App, pull_request::find_row};

/// The longest path, and the longest identity of changes.
const LONGEST_PATH_BYTES: usize = 4_096;
const LONGEST_IDENTITY_BYTES: usize = 64;

/// What the reader has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The ticked files, with the identity that their changes had. A file whose changes have another one now is not ticked.
    pub viewed: HashMap<String, String>,
    /// The newest version whose files they looked at.
    pub last_version: Option<i64>,
}

impl Look {
    pub fn is_viewed(&self, path: &str, identity: &str) -> bool {
        self.viewed.get(path).is_some_and(|seen| seen == identity)
    }
}

pub async fn look(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Look> {
    let Some(user) = access.actor().user_id() else { return Ok(Look::default()) };
    let mut reader = app.store().read().await?;
    let thread = find_row(&mut reader, access, number).await?.id;
    let files = row::list(&mut reader, thread, user, app.limits().viewed_files).await?;
    Ok(Look {
        viewed: files.into_iter().map(|file| (file.path, file.identity)).collect(),
        last_version: row::find_visit(&mut reader, thread, user).await?,
    })
}

/// Ticks a file as viewed as long as its changes have this identity, or takes that back; idempotent.
pub async fn set_viewed(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    path: &str,
    identity: &str,
    is_viewed: bool,
) -> Result<()> {
    let user = access.participant()?.id;
    if path.is_empty() || path.len() > LONGEST_PATH_BYTES || path.contains('\0') {
        return Err(Error::field("path", "path"));
    }
    let is_identity = (1..=LONGEST_IDENTITY_BYTES).contains(&identity.len())
        && identity.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_viewed && !is_identity {
        return Err(Error::field("identity", "characters"));
    }
    let mut operation = app.begin().await?;
    let now = operation.now();
    let thread = find_row(&mut operation, access, number).await?.id;
    if is_viewed {
        if row::count(&mut operation, thread, user).await? >= app.limits().viewed_files {
            return Err(Error::TooLarge(app.limits().viewed_files_of_person()));
        }
        row::put(&mut operation, (thread, user), path, identity, now).await?;
    } else {
        row::delete(&mut operation, (thread, user), path).await?;
    }
    operation.commit().await
}

/// Notes that the reader looked at the files of a version; nothing for somebody who is not signed in.
pub async fn note_visit(app: &App, access: &Access<Read>, number: ThreadNumber, version: i64) -> Result<()> {
    let Some(user) = access.actor().user_id() else { return Ok(()) };
    let mut reader = app.store().read().await?;
    let pull_request = find_row(&mut reader, access, number).await?;
    let (thread, version) = (pull_request.id, version.min(pull_request.newest_version));
    if row::find_visit(&mut reader, thread, user).await?.is_some_and(|seen| seen >= version) {
        return Ok(());
    }
    drop(reader);
    let mut operation = app.begin().await?;
    let now = operation.now();
    row::put_visit(&mut operation, (thread, user), version, now).await?;
    operation.commit().await
}

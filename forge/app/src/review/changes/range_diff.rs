//! How the commits of two versions correspond.

use hearth_core::{Read, Result, ThreadNumber, Unit};
use hearth_git::{Answer, RangeDiff};

use crate::{
    Access, App, GitResult as _, pull_request::find_row, repository::git, review::version::Prepared,
};

/// Pairs the commits of an earlier version with those of a later one, and compares the pairs that changed.
pub async fn range_diff(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    from: i64,
    to: i64,
) -> Result<Answer<RangeDiff>> {
    access.enter_unit(Unit::Code)?;
    let mut reader = app.store().read().await?;
    let thread = find_row(&mut reader, access, number).await?.id;
    let old = Prepared::find(&mut reader, thread, from).await?.range;
    let new = Prepared::find(&mut reader, thread, to).await?.range;
    drop(reader);
    let git = git(app, access.repository()).await?;
    git.run_expensive(move |git| git.range_diff(&old, &new)).await.map_git()
}

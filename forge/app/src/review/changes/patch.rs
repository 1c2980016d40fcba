//! A pull request as a patch, for programs.

use hearth_core::{Read, Result, ThreadNumber};
use hearth_git::Streamed;

use super::{Asked, Spot};
use crate::{Access, App, GitResult as _, code::PatchForm, repository::git};

/// The newest version of a pull request as a patch, written while it is read.
pub async fn patch(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    form: PatchForm,
) -> Result<Streamed> {
    let range = Spot::find(app, access, number, &Asked::default()).await?.version.range;
    let git = git(app, access.repository()).await?;
    let entries = app.limits().walk_entries;
    let written = git.stream(entries, move |git, out| match form {
        PatchForm::Diff => git.write_diff(Some(range.base), range.head, out),
        PatchForm::Letter => git.write_patches(&range, out),
    });
    written.await.map_git()
}

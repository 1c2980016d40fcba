//! The pull requests that the pushed branches have, or could have.

use hearth_core::{Result, ThreadNumber, Visibility, urls::RepositoryUrls};
use hearth_git::UpdateKind;
use hearth_store::{
    pull_request_list::{Branch, list_open_by_head},
    repository::{self, Repository},
};

use super::{answer::SHOWN, record::Moved};
use crate::App;

/// A line of the answer about one branch.
pub(super) struct Proposal {
    pub(super) branch: String,
    /// The open pull request; none: one can be opened.
    pub(super) number: Option<ThreadNumber>,
    /// The path of its page, or of the form that opens one.
    pub(super) address: String,
}

/// The first of them. An answer that cannot be read from the database has none: the push is recorded all the same.
pub(super) async fn proposals(app: &App, row: &Repository, moved: &[Moved]) -> Vec<Proposal> {
    find(app, row, moved).await.unwrap_or_else(|error| {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "a push was answered without its pull requests"
        );
        Vec::new()
    })
}

async fn find(app: &App, row: &Repository, moved: &[Moved]) -> Result<Vec<Proposal>> {
    let mut reader = app.store().read().await?;
    let origin = match row.fork_of_id {
        Some(id) => repository::find(&mut reader, id).await?,
        None => None,
    };
    // Whoever pushes to a fork may not be one of those who may see a private origin.
    let origin = origin.filter(|origin| origin.visibility == Visibility::Public);
    let mut found = Vec::new();
    for moved in moved.iter().filter(|moved| moved.update.new.is_some()).take(SHOWN) {
        let Some(branch) = moved.update.name.branch() else { continue };
        let head = Branch { repository: row.id, name: branch.as_str() };
        let open = list_open_by_head(&mut reader, head, SHOWN as u64).await?;
        let mut is_asked = false;
        for pull_request in &open {
            let base = [Some(row), origin.as_ref()].into_iter().flatten();
            let base = base.into_iter().find(|base| base.id == pull_request.repository_id);
            let Some(base) = base else { continue };
            is_asked = true;
            let (number, address) = (Some(pull_request.number), urls(base).pull(pull_request.number));
            found.push(Proposal { branch: branch.to_string(), number, address });
        }
        // Its first branches are what a repository begins with; one of them becomes the default branch.
        let is_first = row.is_empty || branch.as_str() == row.default_branch;
        if is_asked || moved.update.kind() != UpdateKind::Create || (is_first && origin.is_none()) {
            continue;
        }
        let address = match &origin {
            Some(origin) => {
                let head = format!("{}/{}:{branch}", row.owner, row.name);
                urls(origin).compare_of(&origin.default_branch, &head)
            }
            None => urls(row).compare_of(&row.default_branch, branch.as_str()),
        };
        found.push(Proposal { branch: branch.to_string(), number: None, address });
    }
    found.truncate(SHOWN);
    Ok(found)
}

fn urls(row: &Repository) -> RepositoryUrls {
    RepositoryUrls::new(row.kind, row.owner.as_str(), row.name.as_str())
}

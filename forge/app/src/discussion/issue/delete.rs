use hearth_core::{
    Administer, Error, Kind, Result, ThreadNumber,
    event::{IssueEvent, Subject},
};
use hearth_store::issue as row;

use crate::{Access, App, storage};

/// Deletes an issue with its comments and files, which its repository's administrators may. The audit log keeps its number and
/// title, and the number is not given again.
pub async fn delete(app: &App, access: &Access<Administer>, number: ThreadNumber) -> Result<()> {
    let repository = access.repository().id;
    let mut operation = app.begin().await?;
    let found = row::find(&mut operation, repository, number).await?;
    let issue = found.ok_or(Error::NotFound(Kind::Issue))?;
    let now = operation.now();
    row::delete(&mut operation, &issue, now).await?;
    // Nothing is left that the event could be about but the repository.
    let event = IssueEvent::Deleted { number, title: issue.title.clone() };
    operation.record_in(access, Subject::Repository(repository), event).await?;
    storage::request_sweep(&mut operation).await?;
    operation.commit().await
}

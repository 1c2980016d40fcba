//! One change to many threads of one kind. Each thread is changed in an operation of its own: what cannot be changed is skipped, with
//! the reason, and does not keep the others from being changed.

use hearth_core::{Error, IssueState, LabelId, MilestoneId, Read, Result, ThreadKind, ThreadNumber};

use super::check_batch_size;
use crate::{Access, App, issue, pull_request, thread};

/// What to do with each thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BulkChange {
    /// Open or closed. What waits for something open is skipped.
    State(IssueState),
    AddLabel(LabelId),
    RemoveLabel(LabelId),
    /// By name, beside those who are assigned already.
    Assign(String),
    /// Takes everybody away.
    Unassign,
    Milestone(Option<MilestoneId>),
}

/// What became of it.
#[derive(Debug, Default)]
pub struct BulkOutcome {
    /// Those that are now as wanted, also if they were before.
    pub changed: Vec<ThreadNumber>,
    /// The others, with the reason.
    pub skipped: Vec<(ThreadNumber, Error)>,
}

/// Changes these threads, all of one kind, at most `limits.batch_items`. Fails as a whole only where nothing can be changed by
/// anybody, for instance while the database does not answer.
pub async fn change(
    app: &App,
    access: &Access<Read>,
    kind: ThreadKind,
    numbers: &[ThreadNumber],
    change: &BulkChange,
) -> Result<BulkOutcome> {
    access.participant()?;
    check_batch_size(app, numbers.len())?;
    let mut outcome = BulkOutcome::default();
    for &number in numbers {
        if outcome.changed.contains(&number) || outcome.skipped.iter().any(|(known, _)| *known == number) {
            continue;
        }
        match change_one(app, access, kind, number, change).await {
            Ok(()) => outcome.changed.push(number),
            Err(error @ (Error::Internal(_) | Error::Unavailable(_) | Error::TooManyRequests { .. })) => {
                return Err(error);
            }
            Err(error) => outcome.skipped.push((number, error)),
        }
    }
    Ok(outcome)
}

async fn change_one(
    app: &App,
    access: &Access<Read>,
    kind: ThreadKind,
    number: ThreadNumber,
    change: &BulkChange,
) -> Result<()> {
    // The numbers of issues and pull requests are mixed, and each kind is changed by its own list.
    let assigned: Vec<String> = match kind {
        ThreadKind::Issue => names(issue::find(app, access, number).await?.assignees),
        ThreadKind::PullRequest => names(pull_request::find(app, access, number).await?.assignees),
    };
    match change {
        BulkChange::State(state) => set_state(app, access, kind, number, *state).await,
        BulkChange::AddLabel(label) => set_label(app, access, number, (&[*label], &[])).await,
        BulkChange::RemoveLabel(label) => set_label(app, access, number, (&[], &[*label])).await,
        BulkChange::Assign(name) => {
            let mut names = assigned;
            if !names.iter().any(|held| held.eq_ignore_ascii_case(name)) {
                names.push(name.clone());
            }
            set_assignees(app, access, kind, number, names).await
        }
        BulkChange::Unassign => set_assignees(app, access, kind, number, Vec::new()).await,
        BulkChange::Milestone(milestone) => {
            thread::set_milestone(app, &access.write()?, number, *milestone).await
        }
    }
}

fn names(assignees: Vec<hearth_store::assignee::Assignee>) -> Vec<String> {
    assignees.into_iter().map(|assignee| assignee.name.into()).collect()
}

async fn set_state(
    app: &App,
    access: &Access<Read>,
    kind: ThreadKind,
    number: ThreadNumber,
    state: IssueState,
) -> Result<()> {
    match kind {
        ThreadKind::Issue => issue::close_or_reopen(app, access, number, state, "").await.map(drop),
        ThreadKind::PullRequest => {
            pull_request::close_or_reopen(app, access, number, state, "").await.map(drop)
        }
    }
}

async fn set_label(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    (add, remove): (&[LabelId], &[LabelId]),
) -> Result<()> {
    thread::edit_labels(app, &access.write()?, number, add, remove).await.map(drop)
}

async fn set_assignees(
    app: &App,
    access: &Access<Read>,
    kind: ThreadKind,
    number: ThreadNumber,
    names: Vec<String>,
) -> Result<()> {
    let assignees = Some(names);
    match kind {
        ThreadKind::Issue => {
            let edit = issue::Edit { assignees, ..issue::Edit::default() };
            issue::edit(app, access, number, edit).await.map(drop)
        }
        ThreadKind::PullRequest => {
            let edit = pull_request::Edit { assignees, ..pull_request::Edit::default() };
            pull_request::edit(app, access, number, edit).await.map(drop)
        }
    }
}

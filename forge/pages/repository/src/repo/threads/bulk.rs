//! One change to all threads that are ticked in a list: the bar above the list, and `POST …/issues/bulk`, `POST …/pulls/bulk`.

use axum::{extract::State, response::Response};
use hearth_app::{
    App,
    label::Label,
    milestone::Milestone,
    thread::bulk::{self as bulk_change, BulkChange, BulkOutcome},
};
use hearth_core::{Error, IssueState, LabelId, ThreadNumber};
use serde::Deserialize;

use crate::{
    Failure, Flash, Form, Page,
    repo::{RepositoryVisit, issues::bulk as result},
    respond::{safe_return, see_other, see_other_with},
};

/// What `components/threads.html` draws for those who may write.
pub(crate) struct BulkBar {
    pub(crate) action: String,
    /// The list, to come back to.
    pub(crate) back: String,
    /// Ids and names.
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) people: Vec<String>,
    /// Ids and titles.
    pub(crate) milestones: Vec<(String, String)>,
}

impl BulkBar {
    pub(crate) fn new(
        page: &Page,
        visit: &RepositoryVisit,
        labels: &[Label],
        people: Vec<String>,
        milestones: &[Milestone],
    ) -> Self {
        let label = |label: &Label| (label.id.to_string(), label.name.clone());
        let milestone = |milestone: &Milestone| (milestone.id.to_string(), milestone.title.clone());
        Self {
            action: visit.urls.threads_part(visit.threads, "bulk"),
            back: page.path.clone(),
            labels: labels.iter().map(label).collect(),
            people,
            milestones: milestones.iter().map(milestone).collect(),
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BulkForm {
    numbers: Vec<String>,
    /// `close`, `reopen`, or anything else: what is chosen below.
    change: String,
    /// `add:` or `remove:` and an id; empty: labels stay.
    label: String,
    /// A name; `@` takes everybody away; empty: assignees stay.
    assignee: String,
    /// An id; `0`: none; empty: milestones stay.
    milestone: String,
    return_to: String,
}

impl BulkForm {
    fn numbers(&self) -> Result<Vec<ThreadNumber>, Error> {
        let number = |text: &String| text.parse().map_err(|_| Error::field("numbers", "unknown"));
        self.numbers.iter().map(number).collect()
    }

    fn changes(&self) -> Result<Vec<BulkChange>, Error> {
        match self.change.as_str() {
            "close" => return Ok(vec![BulkChange::State(IssueState::Closed)]),
            "reopen" => return Ok(vec![BulkChange::State(IssueState::Open)]),
            _ => {}
        }
        let mut changes = Vec::new();
        if let Some((act, id)) = self.label.split_once(':') {
            let id = LabelId(id.parse().map_err(|_| Error::field("label", "unknown"))?);
            changes.push(match act {
                "remove" => BulkChange::RemoveLabel(id),
                _ => BulkChange::AddLabel(id),
            });
        }
        match self.assignee.as_str() {
            "" => {}
            "@" => changes.push(BulkChange::Unassign),
            name => changes.push(BulkChange::Assign(name.to_owned())),
        }
        match self.milestone.as_str() {
            "" => {}
            "0" => changes.push(BulkChange::Milestone(None)),
            id => {
                let id = id.parse().map_err(|_| Error::field("milestone", "unknown"))?;
                changes.push(BulkChange::Milestone(Some(id)));
            }
        }
        Ok(changes)
    }
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Form(form): Form<BulkForm>,
) -> Result<Response, Failure> {
    let numbers = form.numbers()?;
    let list = visit.urls.threads(visit.threads);
    let back = safe_return(&form.return_to).unwrap_or(&list).to_owned();
    let mut outcome = BulkOutcome::default();
    for change in form.changes()? {
        let one = bulk_change::change(&app, &visit.access, visit.threads, &numbers, &change).await?;
        outcome.skipped.extend(one.skipped);
        outcome.changed.extend(one.changed);
    }
    let mut changed = outcome.changed;
    changed.sort_unstable();
    changed.dedup();
    changed.retain(|number| !outcome.skipped.iter().any(|(skipped, _)| skipped == number));
    if !outcome.skipped.is_empty() {
        return result::show(&app, page, &visit, (changed.len(), outcome.skipped), back).await;
    }
    if changed.is_empty() {
        return Ok(see_other(&back));
    }
    Ok(see_other_with(&back, Flash::new("flash-bulk-changed", changed.len().to_string())))
}

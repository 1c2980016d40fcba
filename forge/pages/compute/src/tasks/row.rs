//! Tasks in lists: one line each.

use hearth_app::{repository::Repository, task::Task};
use hearth_core::{urls, urls::RepositoryUrls};

use super::steps::span;
use crate::{
    Page,
    words::{Html, short_hash},
};

/// One line of a list.
pub(crate) struct TaskRow {
    pub(crate) pill: Html,
    pub(crate) name: String,
    pub(crate) address: String,
    pub(crate) number: String,
    pub(crate) kind: &'static str,
    pub(crate) commit: String,
    pub(crate) commit_address: String,
    pub(crate) spec: String,
    pub(crate) program: String,
    pub(crate) person: Html,
    pub(crate) age: Html,
    /// How long it ran; empty before it runs.
    pub(crate) took: String,
    /// `owner/name` and its address, in lists of several repositories.
    pub(crate) repository: Option<(String, String)>,
    /// The values in the chosen columns; empty where the task has none.
    pub(crate) values: Vec<String>,
}

impl TaskRow {
    pub(crate) fn new(page: &Page, urls: &RepositoryUrls, task: &Task) -> Self {
        Self {
            pill: page.task_state(task.state),
            name: task.name.clone(),
            address: urls::task(task.id),
            number: task.id.to_string(),
            kind: super::kind(page, task.kind),
            commit: short_hash(&task.commit_id).to_owned(),
            commit_address: urls.commit(&task.commit_id),
            spec: task.spec_code.clone(),
            program: task.program_label.clone(),
            person: page.person(task.creator.as_str()),
            age: page.time(task.created_at),
            took: task
                .started_at
                .map(|start| span(page.words(), start, task.ended_at.unwrap_or(page.now)))
                .unwrap_or_default(),
            repository: None,
            values: Vec::new(),
        }
    }
}

impl TaskRow {
    /// In a list of several repositories.
    pub(crate) fn of(page: &Page, task: &Task, repository: &Repository) -> Self {
        let (owner, name) = (repository.owner.as_str(), repository.name.as_str());
        let urls = RepositoryUrls::new(repository.kind, owner, name);
        Self { repository: Some((format!("{owner}/{name}"), urls.tasks())), ..Self::new(page, &urls, task) }
    }
}

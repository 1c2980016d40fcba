//! Tasks in lists: one line each, and the filters in the address.

use hearth_app::{
    repository::Repository,
    task::{Task, TaskFilter},
};
use hearth_core::{PageRequest, TaskKind, TaskState, urls, urls::RepositoryUrls};
use serde::Deserialize;

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

/// The filters of a list; all of them are in the address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Filter {
    pub(crate) state: String,
    pub(crate) kind: String,
    pub(crate) q: String,
    page: String,
}

/// Which tasks a tab of the list shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    All,
    Active,
    Succeeded,
    Failed,
    Stopped,
}

impl Shown {
    const ALL: [Self; 5] = [Self::All, Self::Active, Self::Succeeded, Self::Failed, Self::Stopped];

    const fn name(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Active => "active",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }

    fn word(self, page: &Page) -> &'static str {
        match self {
            Self::All => t!(page, "tasks-list-all"),
            Self::Active => t!(page, "tasks-list-active"),
            Self::Succeeded => t!(page, "common-state-succeeded"),
            Self::Failed => t!(page, "common-state-failed"),
            Self::Stopped => t!(page, "common-state-stopped"),
        }
    }

    fn states(self) -> Vec<TaskState> {
        match self {
            Self::All => Vec::new(),
            Self::Active => hearth_app::task::active_states(),
            Self::Succeeded => vec![TaskState::Succeeded],
            Self::Failed => vec![TaskState::Failed, TaskState::CreatedFailed],
            Self::Stopped => vec![TaskState::Stopped],
        }
    }
}

impl Filter {
    /// Unknown values show everything.
    fn shown(&self) -> Shown {
        Shown::ALL.into_iter().find(|shown| shown.name() == self.state).unwrap_or(Shown::All)
    }

    pub(crate) fn request(&self) -> PageRequest {
        PageRequest::asked(&self.page, PageRequest::DEFAULT_SIZE)
    }

    pub(crate) fn to_store(&self) -> TaskFilter {
        TaskFilter {
            kind: self.kind.parse::<TaskKind>().ok(),
            states: self.shown().states(),
            creator_id: None,
            name_part: Some(self.q.trim().to_owned()).filter(|part| !part.is_empty()),
            ..TaskFilter::default()
        }
    }

    /// Whether nothing is filtered out.
    pub(crate) fn is_open(&self) -> bool {
        self.to_store() == TaskFilter::default()
    }

    /// The address of the same list under another tab.
    fn address(&self, base: &str, shown: Shown) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("state", shown.name()), ("kind", &self.kind), ("q", &self.q)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let query = query.finish();
        if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
    }

    /// Address and label of every tab, and whether it is active.
    pub(crate) fn tabs(&self, base: &str, page: &Page) -> Vec<(String, &'static str, bool)> {
        let now = self.shown();
        Shown::ALL
            .into_iter()
            .map(|shown| (self.address(base, shown), shown.word(page), shown == now))
            .collect()
    }

    /// Value and label of every kind, and whether it is selected.
    pub(crate) fn kinds(&self, page: &Page) -> Vec<(&'static str, &'static str, bool)> {
        let all = ("", t!(page, "tasks-list-every-kind"));
        let kinds = TaskKind::ALL.iter().map(|kind| (kind.as_str(), super::kind(page, *kind)));
        std::iter::once(all).chain(kinds).map(|(value, word)| (value, word, value == self.kind)).collect()
    }
}

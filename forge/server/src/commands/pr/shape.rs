use serde::Deserialize;

use crate::commands::{
    terminal::Colour,
    thread::{Label, User},
};

/// What the commands need to know of a pull request.
#[derive(Debug, Deserialize)]
pub(super) struct Pull {
    pub(super) number: i64,
    pub(super) title: String,
    #[serde(default)]
    pub(super) body: String,
    pub(super) html_url: String,
    pub(super) user: Option<User>,
    state: String,
    draft: bool,
    merged: bool,
    #[serde(default)]
    pub(super) allow_maintainer_edit: bool,
    #[serde(default)]
    pub(super) labels: Vec<Label>,
    #[serde(default)]
    pub(super) assignees: Vec<User>,
    #[serde(default)]
    pub(super) requested_reviewers: Vec<User>,
    pub(super) base: Side,
    pub(super) head: Side,
    pub(super) created_at: String,
}

/// One of its two branches.
#[derive(Debug, Deserialize)]
pub(super) struct Side {
    #[serde(rename = "ref")]
    pub(super) branch: String,
    pub(super) sha: String,
    /// None: it is gone, or not for this reader.
    pub(super) repo: Option<Repository>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Repository {
    pub(super) name: String,
    pub(super) full_name: String,
    pub(super) owner: User,
    #[serde(default)]
    pub(super) permissions: Permissions,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(super) struct Permissions {
    #[serde(default)]
    pub(super) push: bool,
}

impl Pull {
    pub(super) fn is_open(&self) -> bool {
        self.state == "open"
    }

    /// One word for people.
    pub(super) fn standing(&self) -> (&'static str, Colour) {
        match (self.merged, self.is_open(), self.draft) {
            (true, _, _) => ("merged", Colour::Done),
            (false, false, _) => ("closed", Colour::Bad),
            (false, true, true) => ("draft", Colour::Quiet),
            (false, true, false) => ("open", Colour::Good),
        }
    }

    /// Whether the head is a branch of the base's own repository.
    pub(super) fn is_of_base(&self) -> bool {
        match (&self.base.repo, &self.head.repo) {
            (Some(base), Some(head)) => base.full_name == head.full_name,
            _ => false,
        }
    }

    /// The branch, with its repository where that is another.
    pub(super) fn head_label(&self) -> String {
        match &self.head.repo {
            Some(repo) if !self.is_of_base() => format!("{}:{}", repo.full_name, self.head.branch),
            _ => self.head.branch.clone(),
        }
    }
}

//! The choice of what is compared: base, and head, which may be in another repository.

use hearth_app::{
    Access, App, code,
    compare::{self, ComparedNames, HeadOwner},
};
use hearth_core::{Error, Read, RepositoryKind, urls::RepositoryUrls};
use serde::Deserialize;

use crate::repo::RepositoryVisit;

/// The most repositories to choose from.
const MOST_SOURCES: usize = 30;

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChoiceQuery {
    base: String,
    /// `owner/name`; empty: this repository.
    repository: String,
    head: String,
}

impl ChoiceQuery {
    /// Where the chosen ones are compared; none: nothing is chosen yet.
    pub(super) fn address(&self, visit: &RepositoryVisit) -> Option<String> {
        let head = self.head.trim();
        if head.is_empty() {
            return None;
        }
        let base = match self.base.trim() {
            "" => visit.access.repository().default_branch.as_str(),
            base => base,
        };
        let own = full_name(visit);
        let head = match self.repository.as_str() {
            "" => head.to_owned(),
            repository if repository == own => head.to_owned(),
            repository => format!("{repository}:{head}"),
        };
        Some(visit.urls.compare_of(base, &head))
    }

    pub(super) fn names_nothing(&self) -> bool {
        self.base.trim().is_empty() && self.repository.is_empty()
    }

    /// What the form is filled in with while no head is chosen.
    pub(super) fn names(&self, visit: &RepositoryVisit) -> ComparedNames {
        let repository = self.repository.split_once('/').filter(|_| self.repository != full_name(visit));
        let base = match self.base.trim() {
            "" => visit.access.repository().default_branch.as_str(),
            base => base,
        };
        ComparedNames {
            base: base.to_owned(),
            head_owner: repository
                .map(|(owner, name)| HeadOwner::Repository(owner.to_owned(), name.to_owned())),
            head: String::new(),
        }
    }
}

/// The form, filled in.
pub(super) struct Choices {
    pub(super) base: String,
    /// `owner/name`.
    pub(super) repository: String,
    pub(super) head: String,
    /// `owner/name` of each repository to choose from, twice, as value and text.
    pub(super) repositories: Vec<(String, String)>,
    pub(super) base_branches: Vec<String>,
    pub(super) head_branches: Vec<String>,
    own: String,
}

impl Choices {
    pub(super) async fn read(
        app: &App,
        visit: &RepositoryVisit,
        names: &ComparedNames,
    ) -> Result<Self, Error> {
        let sources = compare::sources(app, &visit.access, MOST_SOURCES).await?;
        let full =
            |access: &Access<Read>| format!("{}/{}", access.repository().owner, access.repository().name);
        let own = full_name(visit);
        let is_head = |access: &&Access<Read>| match &names.head_owner {
            None => full(access) == own,
            Some(HeadOwner::Owner(owner)) => access.repository().owner.as_str().eq_ignore_ascii_case(owner),
            Some(HeadOwner::Repository(owner, name)) => {
                full(access).eq_ignore_ascii_case(&format!("{owner}/{name}"))
            }
        };
        let head = sources.iter().find(is_head);
        let base = sources.iter().find(|access| full(access) == own);
        let (mut base_branches, mut head_branches) = (Vec::new(), Vec::new());
        if let Some(base) = base {
            base_branches = branches(app, base).await?;
        }
        match head {
            Some(head) if full(head) != own => head_branches = branches(app, head).await?,
            _ => head_branches.clone_from(&base_branches),
        }
        Ok(Self {
            base: names.base.clone(),
            repository: head.map_or_else(|| own.clone(), full),
            head: names.head.clone(),
            repositories: sources.iter().map(|access| (full(access), full(access))).collect(),
            base_branches,
            head_branches,
            own,
        })
    }

    /// The address of the comparison that is shown.
    pub(super) fn address(&self, visit: &RepositoryVisit) -> String {
        if self.repository == self.own {
            visit.urls.compare_of(&self.base, &self.head)
        } else {
            visit.urls.compare_of(&self.base, &format!("{}:{}", self.repository, self.head))
        }
    }

    /// The comparison within the fork whose branch is to be merged here; none: it is no other repository.
    pub(super) fn within_fork(&self) -> Option<String> {
        let (owner, name) = self.repository.split_once('/').filter(|_| self.repository != self.own)?;
        let urls = RepositoryUrls::new(RepositoryKind::Code, owner, name);
        Some(urls.compare_from(&self.repository))
    }

    pub(super) fn has_forks(&self) -> bool {
        self.repositories.len() > 1
    }
}

async fn branches(app: &App, access: &Access<Read>) -> Result<Vec<String>, Error> {
    let found = code::branches(app, access, code::MOST_REFERENCES).await?;
    let all = found.default.iter().chain(&found.others);
    Ok(all.map(|(branch, _)| branch.name.as_str().to_owned()).collect())
}

/// `owner/name` of the repository that is visited.
pub(super) fn full_name(visit: &RepositoryVisit) -> String {
    format!("{}/{}", visit.access.repository().owner, visit.access.repository().name)
}

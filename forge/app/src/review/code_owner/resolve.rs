//! Who an owner in the file is.

use hearth_core::{Result, UserId};
use hearth_store::{Ask, repository::Repository, review_request::Reviewer, team, user};

use crate::branch_rule::Rights;

/// An owner who has an account, or is a team.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Owner {
    pub(super) reviewer: Reviewer,
    /// The person's name, or `organisation/team`.
    pub(super) name: String,
}

impl Owner {
    pub(super) const fn person(&self) -> Option<UserId> {
        match self.reviewer {
            Reviewer::Person(id) => Some(id),
            Reviewer::Team(_) => None,
        }
    }

    /// Whether somebody is this owner, or in this team.
    pub(super) fn is_met_by(&self, rights: &Rights) -> bool {
        match self.reviewer {
            Reviewer::Person(id) => rights.user == Some(id),
            Reviewer::Team(id) => rights.teams.contains(&id),
        }
    }
}

/// The person or team behind `@name`, `@organisation/team` or an address. Only people with write access, and teams that work in the
/// repository, own code. An address that its account hides names nobody.
pub(super) async fn resolve(
    ask: &mut impl Ask,
    repository: &Repository,
    owner: &str,
) -> Result<Option<Owner>> {
    let name = owner.strip_prefix('@');
    if let Some((organization, wanted)) = name.and_then(|name| name.split_once('/')) {
        if !repository.owner.as_str().eq_ignore_ascii_case(organization) {
            return Ok(None);
        }
        let wanted = wanted.to_lowercase();
        let teams = team::list_of_repository(ask, repository.id).await?;
        let found = teams.into_iter().find(|team| team.name.to_lowercase() == wanted);
        return Ok(found.map(|team| Owner {
            reviewer: Reviewer::Team(team.id),
            name: format!("{}/{}", repository.owner, team.name),
        }));
    }
    let person = match name {
        Some(name) => user::find_by_name(ask, name).await?,
        None => user::find_by_email(ask, owner).await?.filter(|person| !person.is_email_hidden),
    };
    let Some(person) = person else { return Ok(None) };
    let rights = Rights::of_person(ask, repository, &person).await?;
    let owner = Owner { reviewer: Reviewer::Person(person.id), name: person.name.to_string() };
    Ok(rights.may_write.then_some(owner))
}

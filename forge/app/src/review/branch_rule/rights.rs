//! What somebody may do, as the rules of branches ask.

use std::collections::BTreeSet;

use hearth_core::{Error, Permission, Read, Result, TeamId, Unit, UserId, WhoMay};
use hearth_git::BranchName;
use hearth_store::{
    Ask,
    branch_rule::{self, BranchRule},
    team,
};

use super::Rules;
use crate::{Access, Actor, App, access, repository::Repository, user::User};

/// What the rules of branches ask about somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rights {
    /// None: a key or the program itself.
    pub(crate) user: Option<UserId>,
    pub(crate) may_write: bool,
    pub(crate) may_administer: bool,
    pub(crate) teams: BTreeSet<TeamId>,
}

impl Rights {
    /// What whoever has entered the repository may do there.
    pub(crate) async fn of<Level>(ask: &mut impl Ask, access: &Access<Level>) -> Result<Self> {
        let user = access.actor().user_id();
        let teams = match user {
            Some(user) => team::list_ids_of_person(ask, user).await?.into_iter().collect(),
            None => BTreeSet::new(),
        };
        Ok(Self {
            user,
            may_write: access.can_in(Unit::Code, Permission::Write),
            may_administer: access.can_in(Unit::Settings, Permission::Administer),
            teams,
        })
    }

    /// The rights of a person, whoever asks. Those who are blocked or may not read the repository have none.
    pub(crate) async fn of_person(
        ask: &mut impl Ask,
        repository: &Repository,
        person: &User,
    ) -> Result<Self> {
        let actor = Actor::person(person.clone());
        let entered = access::enter(ask, &actor, Unit::Pulls, repository.clone()).await;
        match access::if_seen(entered)?.filter(|_| !person.is_blocked) {
            Some(access) => Self::of(ask, &access).await,
            None => Ok(Self { user: Some(person.id), ..Self::default() }),
        }
    }

    /// Whether a rule means them. In any case they need write access: whoever has lost it is no longer meant.
    pub(crate) fn is_among(&self, who: &WhoMay) -> bool {
        self.may_write
            && match who {
                WhoMay::Nobody => false,
                WhoMay::Writers => true,
                WhoMay::Administrators => self.may_administer,
                WhoMay::Listed { people, teams } => {
                    self.user.is_some_and(|user| people.contains(&user))
                        || teams.iter().any(|team| self.teams.contains(team))
                }
            }
    }
}

/// Whether a person may merge into a branch: with write access, and as every rule for it says.
pub(crate) async fn may_merge_into(
    ask: &mut impl Ask,
    repository: &Repository,
    branch: &str,
    person: &User,
) -> Result<bool> {
    let rights = Rights::of_person(ask, repository, person).await?;
    let rules = Rules::of(branch_rule::list(ask, repository.id).await?);
    let branch = BranchName::new(branch).map_err(Error::internal)?;
    Ok(rights.may_write && rules.of_branch(&branch).iter().all(|rule| rights.is_among(&rule.settings.merge)))
}

/// Whether the rules let the reader add commits to a branch without a pull request. What the commits have to be like is another
/// question.
pub async fn may_push_to(app: &App, access: &Access<Read>, branch: &str) -> Result<bool> {
    let mut reader = app.store().read().await?;
    let rules = Rules::of(branch_rule::list(&mut reader, access.repository().id).await?);
    let rights = Rights::of(&mut reader, access).await?;
    let branch = BranchName::new(branch).map_err(Error::internal)?;
    let is_let =
        |rule: &&BranchRule| rights.is_among(&rule.settings.push) || rights.is_among(&rule.settings.bypass);
    Ok(rights.may_write && rules.of_branch(&branch).iter().all(is_let))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_lost_write_access_is_no_longer_meant() {
        let listed = WhoMay::Listed { people: vec![UserId(1)], teams: vec![TeamId(7)] };
        let writer = |user, teams: &[i64]| Rights {
            user: Some(UserId(user)),
            may_write: true,
            teams: teams.iter().copied().map(TeamId).collect(),
            ..Rights::default()
        };
        assert!(writer(1, &[]).is_among(&listed) && writer(2, &[3, 7]).is_among(&listed));
        assert!(!writer(2, &[3]).is_among(&listed) && writer(2, &[]).is_among(&WhoMay::Writers));
        let lost = Rights { may_write: false, ..writer(1, &[7]) };
        assert!(!lost.is_among(&listed) && !lost.is_among(&WhoMay::Writers));
        assert!(
            !writer(1, &[]).is_among(&WhoMay::Nobody) && !writer(1, &[]).is_among(&WhoMay::Administrators)
        );
    }
}

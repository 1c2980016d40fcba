use super::Scene;
use crate::commands::{
    remote::{BranchName, RemoteError, Target, git::Checkout, repository_at},
    terminal,
};

/// The branch that a pull request is to merge.
pub(super) struct Head {
    /// As the API takes it: `branch`, or `owner/name:branch` of a fork.
    pub(super) name: String,
    /// As one reads it in a title.
    pub(super) branch: String,
    /// Whether it is the current branch, so that its commits are here.
    pub(super) is_current: bool,
}

/// Where pushes of the current branch go.
struct PushPlace {
    remote: String,
    repository: (String, String),
    local: BranchName,
    branch: BranchName,
}

impl Head {
    /// The branch that somebody named, as it is on the server.
    pub(super) fn named(text: &str) -> Self {
        let branch = text.rsplit_once(':').map_or(text, |(_, branch)| branch);
        Self { name: text.to_owned(), branch: branch.to_owned(), is_current: false }
    }

    /// The current branch, pushed first where the server has another state of it and that was asked for or agreed to.
    pub(super) async fn current(scene: &Scene, base: &str, may_push: bool) -> Result<Self, RemoteError> {
        let checkout = scene.checkout()?;
        let place = PushPlace::find(checkout, &scene.target).await?;
        if place.is_base(&scene.target, base) {
            return Err(RemoteError::Usage(format!(
                "{base} is the branch to merge into\n  Begin another for your commits: git switch --create BRANCH"
            )));
        }
        place.push_if_needed(checkout, may_push).await?;
        let branch = place.branch.to_string();
        let name = if place.is_in(&scene.target) {
            branch.clone()
        } else {
            format!("{}/{}:{branch}", place.repository.0, place.repository.1)
        };
        Ok(Self { name, branch, is_current: true })
    }
}

impl PushPlace {
    /// As git chooses it: the remote for pushes of the branch, of all branches, the one it follows, or `origin`.
    async fn find(checkout: &Checkout, base: &Target) -> Result<Self, RemoteError> {
        let local = checkout.branch().await?;
        let mut remote = None;
        for setting in [
            format!("branch.{local}.pushRemote"),
            "remote.pushDefault".to_owned(),
            format!("branch.{local}.remote"),
        ] {
            if remote.is_none() {
                remote = checkout.setting(&setting).await?.filter(|name| name != ".");
            }
        }
        let remote = remote.unwrap_or_else(|| "origin".to_owned());
        let address = match checkout.address(&remote).await? {
            Some(address) => address,
            // A branch may follow an address that has no name.
            None if remote.contains('/') => remote.clone(),
            None => checkout.remote().await?,
        };
        let repository = repository_at(&address, &base.server)
            .ok_or_else(|| RemoteError::NoRepository(address.clone()))?;
        let followed = checkout.setting(&format!("branch.{local}.merge")).await?;
        let followed = followed.as_deref().and_then(|merge| merge.strip_prefix("refs/heads/"));
        let follows_it =
            checkout.setting(&format!("branch.{local}.remote")).await?.as_deref() == Some(&remote);
        let branch = match followed.filter(|_| follows_it) {
            Some(name) => BranchName::parse(name)?,
            None => local.clone(),
        };
        Ok(Self { remote, repository, local, branch })
    }

    fn is_in(&self, base: &Target) -> bool {
        let (owner, name) = &self.repository;
        owner.eq_ignore_ascii_case(&base.owner) && name.eq_ignore_ascii_case(&base.name)
    }

    fn is_base(&self, base: &Target, branch: &str) -> bool {
        self.is_in(base) && self.branch.as_str() == branch
    }

    async fn push_if_needed(&self, checkout: &Checkout, may_push: bool) -> Result<(), RemoteError> {
        let reference = self.branch.reference();
        let listed = checkout.said(&["ls-remote", "--end-of-options", &self.remote, &reference]).await?;
        let there = listed.split_whitespace().next().unwrap_or_default();
        let here = checkout.said(&["rev-parse", "HEAD"]).await.map_err(|_| RemoteError::NoCommit)?;
        if there == here.trim() {
            return Ok(());
        }
        let question = format!("Push {} to {}/{}?", self.local, self.repository.0, self.repository.1);
        if !may_push && !terminal::confirm(&question) {
            return Err(RemoteError::Usage(format!(
                "the server does not have {} as it is here\n  Push it, or let this command do so: --push",
                self.local
            )));
        }
        let both = format!("{}:{reference}", self.local.reference());
        checkout.act(&["push", "--set-upstream", "--end-of-options", &self.remote, &both]).await
    }
}

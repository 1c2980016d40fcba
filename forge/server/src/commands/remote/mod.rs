//! Commands that people use on their own machine: they find the server and the repository from the current
//! checkout, and talk to the API as any program would.

mod branch;
mod client;
mod error;
pub(super) mod git;
pub(super) mod known;
mod place;
pub(super) mod token;

use std::env;

use url::Url;

pub(super) use branch::BranchName;
pub(super) use client::{Client, Facts, address};
pub(super) use error::RemoteError;
pub(super) use place::{repository_at, sibling};

use self::{
    git::Checkout,
    place::{Place, parse},
};

/// The server and the repository; anything left out is read from the checkout.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Where {
    /// The repository (default: that of the remote `origin`)
    #[arg(long, value_name = "OWNER/NAME")]
    repo: Option<String>,
    /// The address of the server (default: that of the remote `origin`)
    #[arg(long, value_name = "URL")]
    server: Option<String>,
}

/// The environment variable for the address of a server, where no clone tells it.
const SERVER_VARIABLE: &str = "HEARTH_SERVER";

/// A repository on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// Without a trailing slash.
    pub(super) server: String,
    pub(super) owner: String,
    pub(super) name: String,
}

impl Target {
    /// `owner/name`
    pub(super) fn path(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    /// Where git fetches it over HTTP.
    pub(super) fn clone_address(&self) -> String {
        format!("{}/{}.git", self.server, address(self))
    }

    /// Whether the address of a remote names this repository.
    pub(super) fn is_at(&self, remote: &str) -> bool {
        let found = parse(remote);
        let is_it = |(owner, name): &(String, String)| {
            owner.eq_ignore_ascii_case(&self.owner) && name.eq_ignore_ascii_case(&self.name)
        };
        found.is_on(&self.server) && found.repository.as_ref().is_some_and(is_it)
    }
}

impl Where {
    /// On a server, without naming a repository.
    pub(super) const fn at(server: Option<String>) -> Self {
        Self { repo: None, server }
    }

    /// A repository that somebody named, on a server that they may have named.
    pub(super) const fn of(server: Option<String>, repo: String) -> Self {
        Self { repo: Some(repo), server }
    }

    /// The repository whose page or clone address this is.
    fn of_page(address: &str) -> Option<Self> {
        let found = parse(address);
        match (found.place, found.repository) {
            (Place::Web(server), Some((owner, name))) => {
                Some(Self::of(Some(server), format!("{owner}/{name}")))
            }
            (Place::Web(_) | Place::Host(_) | Place::Elsewhere, _) => None,
        }
    }

    /// With the repository that an argument names, if it does: OWNER/NAME, or the address of its page, which says the server as
    /// well.
    pub(super) fn or_named(&self, repository: Option<&str>) -> Result<Self, RemoteError> {
        let Some(repository) = repository else { return Ok(self.clone()) };
        if self.repo.as_ref().is_some_and(|repo| repo != repository) {
            return Err(RemoteError::Usage(format!("{repository} and --repo name different repositories")));
        }
        match Self::of_page(repository) {
            Some(place) => Ok(place),
            None if repository.contains("://") => Err(RemoteError::BadRepository(repository.to_owned())),
            None => Ok(Self::of(self.server.clone(), repository.to_owned())),
        }
    }

    /// Whether the repository was named, not taken from the clone.
    pub(super) const fn names_repository(&self) -> bool {
        self.repo.is_some()
    }

    /// From the options, or else from the checkout's remote.
    pub(super) async fn find(&self, checkout: Option<&Checkout>) -> Result<Target, RemoteError> {
        let given = self.repo.as_deref().map(owner_and_name).transpose()?;
        if let (Some(server), Some((owner, name))) = (&self.server, &given) {
            return Ok(Target { server: trimmed(server)?, owner: owner.clone(), name: name.clone() });
        }
        let checkout = checkout.ok_or(RemoteError::NoCheckout)?;
        let address = checkout.remote().await?;
        self.of_address(&address, given)
    }

    /// The repository whose issues and pull requests a clone is about: that of the remote `upstream` where there is one, as
    /// in the clone of a fork, else as for tasks.
    pub(super) async fn find_base(&self, checkout: Option<&Checkout>) -> Result<Target, RemoteError> {
        if let Some(repo) = &self.repo {
            let (owner, name) = owner_and_name(repo)?;
            return Ok(Target { server: self.server(checkout).await?, owner, name });
        }
        if let Some(checkout) = checkout
            && let Some(address) = checkout.address("upstream").await?
        {
            return self.of_address(&address, None);
        }
        self.find(checkout).await
    }

    fn of_address(&self, address: &str, given: Option<(String, String)>) -> Result<Target, RemoteError> {
        let found = parse(address);
        let server = match (&self.server, found.server()) {
            (Some(server), _) => trimmed(server)?,
            (None, Some(server)) => server,
            (None, None) => return Err(RemoteError::NoServer(address.to_owned())),
        };
        let Some((owner, name)) = given.or(found.repository) else {
            return Err(RemoteError::NoRepository(address.to_owned()));
        };
        Ok(Target { server, owner, name })
    }

    /// Only the server: for commands that need no repository. Outside of a clone, the one that `HEARTH_SERVER` names, or to
    /// which somebody signed in last.
    pub(super) async fn server(&self, checkout: Option<&Checkout>) -> Result<String, RemoteError> {
        if let Some(server) = &self.server {
            return trimmed(server);
        }
        if let Some(checkout) = checkout
            && let Ok(address) = checkout.remote().await
        {
            return parse(&address).server().ok_or(RemoteError::NoServer(address));
        }
        match env::var(SERVER_VARIABLE).ok().filter(|server| !server.is_empty()) {
            Some(server) => trimmed(&server),
            None => known::last().ok_or(RemoteError::NoKnownServer),
        }
    }
}

fn trimmed(server: &str) -> Result<String, RemoteError> {
    let is_web = |url: &Url| matches!(url.scheme(), "http" | "https");
    match Url::parse(server).ok().filter(is_web) {
        Some(_) => Ok(server.trim_end_matches('/').to_owned()),
        None => Err(RemoteError::BadServer(server.to_owned())),
    }
}

fn owner_and_name(text: &str) -> Result<(String, String), RemoteError> {
    match text.split_once('/') {
        Some((owner, name)) if !owner.is_empty() && !name.is_empty() && !name.contains('/') => {
            Ok((owner.to_owned(), name.trim_end_matches(".git").to_owned()))
        }
        _ => Err(RemoteError::BadRepository(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_is_refused() {
        assert!(trimmed("hearth.test").is_err());
        assert_eq!(trimmed("https://hearth.test/").expect("an address"), "https://hearth.test");
        assert!(owner_and_name("llm").is_err());
        assert!(owner_and_name("a/b/c").is_err());
    }
}

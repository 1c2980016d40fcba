//! Commands that people use on their own machine: they find the server and the repository from the current
//! checkout, and talk to the API as any program would.

mod client;
mod error;
pub(super) mod git;
mod token;

use url::Url;

pub(super) use client::{Client, Facts};
pub(super) use error::RemoteError;

use self::git::Checkout;

/// The server and the repository; anything left out is read from the checkout.
#[derive(Debug, clap::Args)]
pub(super) struct Where {
    /// The repository (default: that of the remote `origin`)
    #[arg(long, value_name = "OWNER/NAME")]
    repo: Option<String>,
    /// The address of the server (default: that of the remote `origin`)
    #[arg(long, value_name = "URL")]
    server: Option<String>,
}

/// A repository on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// Without a trailing slash.
    pub(super) server: String,
    pub(super) owner: String,
    pub(super) name: String,
}

impl Where {
    /// From the options, or else from the checkout's remote.
    pub(super) async fn find(&self, checkout: Option<&Checkout>) -> Result<Target, RemoteError> {
        let given = self.repo.as_deref().map(owner_and_name).transpose()?;
        if let (Some(server), Some((owner, name))) = (&self.server, &given) {
            return Ok(Target { server: trimmed(server)?, owner: owner.clone(), name: name.clone() });
        }
        let checkout = checkout.ok_or(RemoteError::NoCheckout)?;
        let address = checkout.remote().await?;
        let found = parse(&address);
        let server = match (&self.server, found.server) {
            (Some(server), _) => trimmed(server)?,
            (None, Some(server)) => server,
            (None, None) => return Err(RemoteError::NoServer(address)),
        };
        let Some((owner, name)) = given.or(found.repository) else {
            return Err(RemoteError::NoRepository(address));
        };
        Ok(Target { server, owner, name })
    }

    /// Only the server: for commands that need no repository.
    pub(super) async fn server(&self, checkout: Option<&Checkout>) -> Result<String, RemoteError> {
        if let Some(server) = &self.server {
            return trimmed(server);
        }
        let checkout = checkout.ok_or(RemoteError::NoCheckout)?;
        let address = checkout.remote().await?;
        parse(&address).server.ok_or(RemoteError::NoServer(address))
    }
}

/// What the address of a remote reveals.
#[derive(Debug, PartialEq, Eq)]
struct Found {
    server: Option<String>,
    repository: Option<(String, String)>,
}

fn parse(address: &str) -> Found {
    if let Ok(mut url) = Url::parse(address)
        && matches!(url.scheme(), "http" | "https")
    {
        // Credentials in the address are only for git.
        url.set_username("").and_then(|()| url.set_password(None)).ok();
        let path = url.path().trim_matches('/').to_owned();
        let mut words: Vec<&str> = path.split('/').filter(|word| !word.is_empty()).collect();
        let name = words.pop().map(|name| name.trim_end_matches(".git").to_owned());
        let owner = words.pop().map(str::to_owned);
        let above = words.iter().fold(String::new(), |path, word| format!("{path}/{word}"));
        let server = format!("{}{above}", url.origin().ascii_serialization());
        return Found { server: Some(server), repository: owner.zip(name) };
    }
    // `git@host:owner/name.git` and `ssh://git@host/owner/name.git` name a repository, but no web server.
    let path = address.rsplit_once(':').map_or(address, |(_, path)| path);
    let mut words = path.trim_end_matches('/').rsplit('/');
    let name = words.next().map(|name| name.trim_end_matches(".git").to_owned());
    let owner = words.next().map(str::to_owned);
    let is_ssh = address.starts_with("ssh://") || (address.contains('@') && address.contains(':'));
    Found { server: None, repository: owner.zip(name).filter(|_| is_ssh) }
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

    fn found(server: Option<&str>, repository: Option<(&str, &str)>) -> Found {
        Found {
            server: server.map(str::to_owned),
            repository: repository.map(|(owner, name)| (owner.to_owned(), name.to_owned())),
        }
    }

    #[test]
    fn the_address_of_a_remote_tells_server_and_repository() {
        for (address, expected) in [
            ("http://127.0.0.1:3000/mei/llm.git", found(Some("http://127.0.0.1:3000"), Some(("mei", "llm")))),
            (
                "https://mei:secret@hearth.test/mei/llm",
                found(Some("https://hearth.test"), Some(("mei", "llm"))),
            ),
            (
                "https://site.test/forge/mei/llm.git/",
                found(Some("https://site.test/forge"), Some(("mei", "llm"))),
            ),
            ("git@hearth.test:mei/llm.git", found(None, Some(("mei", "llm")))),
            ("ssh://git@hearth.test:2222/mei/llm.git", found(None, Some(("mei", "llm")))),
            ("/home/mei/llm", found(None, None)),
            ("https://hearth.test/", found(Some("https://hearth.test"), None)),
        ] {
            assert_eq!(parse(address), expected, "{address}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert!(trimmed("hearth.test").is_err());
        assert_eq!(trimmed("https://hearth.test/").expect("an address"), "https://hearth.test");
        assert!(owner_and_name("llm").is_err());
        assert!(owner_and_name("a/b/c").is_err());
    }
}

use std::path::Path;

use reqwest::Method;
use serde_json::{Map, Value};
use url::Url;

use super::Repository;
use crate::commands::{
    output,
    remote::{Client, RemoteError, Where, git, git::Checkout},
    terminal::{self, one_line},
    thread,
};

const CLONE_EXAMPLES: &str = "\
Examples:
  hearth repo clone mei/llm
  hearth repo clone mei/llm work --ssh
  hearth repo clone https://forge.example.org/mei/llm";

const FORK_EXAMPLES: &str = "\
Examples:
  hearth repo fork                      in a clone: adds your fork as the remote fork
  hearth repo fork mei/llm --clone
  hearth repo fork mei/llm --organisation lab --name llm-lab";

#[derive(Debug, clap::Args)]
#[command(after_help = CLONE_EXAMPLES)]
pub(in super::super) struct Clone {
    /// OWNER/NAME, or the address of its page
    repository: String,
    /// The folder (default: the name of the repository)
    folder: Option<String>,
    /// Clone over SSH
    #[arg(long)]
    ssh: bool,
    /// The address of the server (default: where you signed in last)
    #[arg(long, value_name = "URL")]
    server: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = FORK_EXAMPLES)]
pub(in super::super) struct Fork {
    /// OWNER/NAME, or the address of its page (default: that of the clone)
    repository: Option<String>,
    #[command(flatten)]
    place: Where,
    /// An organisation for which to fork it (default: you)
    #[arg(long, visible_alias = "organization", value_name = "NAME")]
    organisation: Option<String>,
    /// The name of the fork (default: that of the repository)
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Clone the fork; the repository itself becomes the remote upstream
    #[arg(long)]
    clone: bool,
    /// The name of the remote for the fork, in a clone of the repository
    #[arg(long, default_value = "fork", value_name = "NAME")]
    remote: String,
    /// Reach the fork over SSH
    #[arg(long)]
    ssh: bool,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

/// Where git reaches a repository. The server says it, so it must be an address and no program that git would run.
pub(super) fn address(repository: &Repository, is_ssh: bool) -> Result<String, RemoteError> {
    let address = if is_ssh { &repository.ssh_url } else { &repository.clone_url };
    if address.is_empty() {
        return Err(RemoteError::Usage("this server is not reached over SSH\n  Leave out --ssh".to_owned()));
    }
    let is_web = Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https"));
    let is_shell = Url::parse(address).is_ok_and(|url| url.scheme() == "ssh" && url.host_str().is_some())
        || (!address.contains("::") && address.starts_with("git@"));
    let is_plain =
        !address.chars().any(char::is_control) && !address.contains("@-") && !address.contains("//-");
    if is_plain && (if is_ssh { is_shell } else { is_web }) {
        Ok(address.clone())
    } else {
        Err(RemoteError::Usage(format!("the server names an address that is none: {}", one_line(address))))
    }
}

impl Clone {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let target = Where::at(self.server.clone()).or_named(Some(&self.repository))?.find_base(None).await?;
        let client = Client::new(&target.server).await?;
        client.check(&target).await?;
        let repository: Repository = client.get(&thread::path(&target, "")).await?;
        let folder = self.folder.as_deref().unwrap_or(&target.name);
        clone(&repository, self.ssh, folder).await
    }
}

impl Fork {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let checkout = Checkout::find().await?;
        let place = self.place.or_named(self.repository.as_deref())?;
        let target = place.find_base(checkout.as_ref()).await?;
        let client = Client::new(&target.server).await?;
        client.check(&target).await?;
        let base: Repository = client.get(&thread::path(&target, "")).await?;
        let mut body = Map::new();
        for (field, text) in [("organization", &self.organisation), ("name", &self.name)] {
            if let Some(text) = text {
                body.insert(field.into(), text.clone().into());
            }
        }
        let made: Value =
            client.send_json(Method::POST, &thread::path(&target, "/forks"), &Value::Object(body)).await?;
        let fork: Repository = thread::read(&client, &made)?;
        output::error(&format!(
            "hearth: forked {} as {}",
            one_line(&base.full_name),
            one_line(&fork.full_name)
        ));
        if self.clone {
            clone(&fork, self.ssh, &fork.name).await?;
            let upstream = address(&base, self.ssh)?;
            let folder = Path::new(&fork.name);
            git::act(folder, &["remote", "add", "--end-of-options", "upstream", &upstream]).await?;
            git::act(folder, &["fetch", "--quiet", "--end-of-options", "upstream"]).await?;
        } else if let Some(checkout) = checkout.filter(|_| !place.names_repository()) {
            self.add_remote(&checkout, &fork).await?;
        }
        let shown = if self.json { terminal::json(&made) } else { one_line(&fork.html_url) };
        output::line(&shown);
        Ok(())
    }

    /// Pushes of this clone go to the fork from now on.
    async fn add_remote(&self, checkout: &Checkout, fork: &Repository) -> Result<(), RemoteError> {
        if checkout.address(&self.remote).await?.is_some() {
            return Ok(());
        }
        let there = address(fork, self.ssh)?;
        checkout.said(&["remote", "add", "--end-of-options", &self.remote, &there]).await?;
        checkout.set("remote.pushDefault", &self.remote).await?;
        output::error(&format!("hearth: git push goes to the remote {}, your fork", self.remote));
        Ok(())
    }
}

async fn clone(repository: &Repository, is_ssh: bool, folder: &str) -> Result<(), RemoteError> {
    let is_name = !folder.is_empty() && !folder.chars().any(char::is_control);
    if !is_name {
        return Err(RemoteError::Usage("this folder has no usable name".to_owned()));
    }
    let there = address(repository, is_ssh)?;
    git::act(Path::new("."), &["clone", "--end-of-options", &there, folder]).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository(clone_url: &str, ssh_url: &str) -> Repository {
        let facts = serde_json::json!({
            "name": "llm", "full_name": "mei/llm", "owner": { "login": "mei" }, "description": "",
            "private": false, "fork": false, "archived": false, "html_url": "", "clone_url": clone_url,
            "ssh_url": ssh_url, "default_branch": "main", "stars_count": 0, "open_issues_count": 0,
            "open_pr_counter": 0,
        });
        serde_json::from_value(facts).expect("as the server writes it")
    }

    #[test]
    fn a_server_cannot_make_git_run_a_program() {
        let good = repository("https://hearth.test/mei/llm.git", "ssh://git@hearth.test:2222/mei/llm.git");
        assert!(address(&good, false).is_ok() && address(&good, true).is_ok());
        assert!(address(&repository("", "git@hearth.test:mei/llm.git"), true).is_ok());
        for bad in [
            "ext::sh -c id",
            "--upload-pack=id",
            "file:///etc",
            "ssh://-oProxyCommand=id/x",
            "git@-oProxyCommand=id:x",
        ] {
            assert!(address(&repository(bad, bad), false).is_err(), "{bad}");
            assert!(address(&repository(bad, bad), true).is_err(), "{bad}");
        }
    }
}

use reqwest::Method;
use serde_json::{Map, Value};

use super::Repository;
use crate::commands::{
    output,
    remote::{Client, RemoteError, Where, git::Checkout},
    terminal::{self, one_line},
    thread,
};

const EXAMPLES: &str = "\
Examples:
  hearth repo create llm --server https://forge.example.org
  hearth repo create lab/llm --private --description \"Small language models\"
  hearth repo create llm --push         in a folder with commits: adds the remote origin and pushes to it";

#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in super::super) struct Create {
    /// NAME, or ORGANISATION/NAME
    name: String,
    /// Only you and those you invite can see it
    #[arg(long)]
    private: bool,
    /// What it is, in a line
    #[arg(long, short, value_name = "TEXT")]
    description: Option<String>,
    /// Begin with a README
    #[arg(long, conflicts_with = "push")]
    readme: bool,
    /// Names of ignore files, separated by commas: Python
    #[arg(long, value_name = "NAMES")]
    gitignore: Option<String>,
    /// The SPDX id of a licence: MIT
    #[arg(long, visible_alias = "license", value_name = "ID")]
    licence: Option<String>,
    /// `code`, `dataset` or `model`
    #[arg(long, default_value = "code", value_parser = ["code", "dataset", "model"])]
    kind: String,
    /// Add the remote to the repository in this folder, and push the current branch to it
    #[arg(long)]
    push: bool,
    /// The name of that remote
    #[arg(long, default_value = "origin", value_name = "NAME")]
    remote: String,
    /// Reach it over SSH
    #[arg(long)]
    ssh: bool,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    /// The address of the server (default: that of the clone, or where you signed in last)
    #[arg(long, value_name = "URL")]
    server: Option<String>,
}

impl Create {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let checkout = Checkout::find().await?;
        let client = Client::new(&Where::at(self.server.clone()).server(checkout.as_ref()).await?).await?;
        let (owner, name) = match self.name.split_once('/') {
            Some((owner, name)) => (Some(owner), name),
            None => (None, self.name.as_str()),
        };
        let is_own = match owner {
            Some(owner) => owner.eq_ignore_ascii_case(&client.whoami().await?),
            None => true,
        };
        let path = match owner.filter(|_| !is_own) {
            Some(organisation) => format!("/orgs/{}/repos", hearth_core::urls::segment(organisation)),
            None => "/user/repos".to_owned(),
        };
        if self.push {
            let checkout = checkout.as_ref().ok_or(RemoteError::NoCheckout)?;
            if checkout.address(&self.remote).await?.is_some() {
                return Err(RemoteError::Usage(format!(
                    "this clone has a remote called {} already\n  Choose another name: --remote NAME",
                    self.remote
                )));
            }
            checkout.branch().await?;
        }
        let made: Value = client.send_json(Method::POST, &path, &self.request(name)).await?;
        let repository: Repository = thread::read(&client, &made)?;
        if let Some(checkout) = checkout.as_ref().filter(|_| self.push) {
            self.push(checkout, &repository).await?;
        }
        if self.json {
            output::line(&terminal::json(&made));
        } else {
            output::error(&format!("hearth: created {}", one_line(&repository.full_name)));
            output::line(&one_line(&repository.html_url));
        }
        Ok(())
    }

    fn request(&self, name: &str) -> Value {
        let mut body = Map::new();
        body.insert("name".into(), name.into());
        body.insert("private".into(), self.private.into());
        body.insert("kind".into(), self.kind.clone().into());
        body.insert("auto_init".into(), self.readme.into());
        let texts =
            [("description", &self.description), ("gitignores", &self.gitignore), ("license", &self.licence)];
        for (field, text) in texts {
            if let Some(text) = text {
                body.insert(field.into(), text.clone().into());
            }
        }
        Value::Object(body)
    }

    async fn push(&self, checkout: &Checkout, repository: &Repository) -> Result<(), RemoteError> {
        let branch = checkout.branch().await?;
        let address = super::clone::address(repository, self.ssh)?;
        checkout.said(&["remote", "add", "--end-of-options", &self.remote, &address]).await?;
        let reference = branch.reference();
        let both = format!("{reference}:{reference}");
        checkout.act(&["push", "--set-upstream", "--end-of-options", &self.remote, &both]).await
    }
}

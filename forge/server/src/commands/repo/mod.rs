//! `hearth repo`: repositories.

mod clone;
mod create;

use std::process::ExitCode;

use clap::Subcommand;
use serde::Deserialize;
use serde_json::Value;

use super::{
    output,
    remote::{Client, RemoteError, Where, git::Checkout},
    terminal::{self, Colour, Table, one_line},
    thread,
};

#[derive(Debug, Subcommand)]
pub(super) enum RepoCommand {
    /// Create a repository, and with --push its first contents from this folder
    Create(create::Create),
    /// Clone a repository: OWNER/NAME or an address
    Clone(clone::Clone),
    /// Fork a repository, and perhaps clone the fork
    Fork(clone::Fork),
    /// List the repositories of somebody, or yours
    List(List),
    /// Show a repository
    #[command(visible_alias = "view")]
    Show(Show),
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  hearth repo list\n  hearth repo list mei --server https://forge.example.org"
)]
pub(super) struct List {
    /// The name of an account (default: you, and what you collaborate on)
    owner: Option<String>,
    /// How many at most
    #[arg(long, short = 'n', default_value_t = 30)]
    limit: u32,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    /// The address of the server (default: that of the clone, or where you signed in last)
    #[arg(long, value_name = "URL")]
    server: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(super) struct Show {
    /// OWNER/NAME, or the address of its page (default: that of the clone)
    repository: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Where,
}

/// What the commands need to know of a repository.
#[derive(Debug, Deserialize)]
struct Repository {
    name: String,
    full_name: String,
    description: String,
    private: bool,
    fork: bool,
    archived: bool,
    html_url: String,
    clone_url: String,
    ssh_url: String,
    default_branch: String,
    stars_count: i64,
    open_issues_count: i64,
    open_pr_counter: i64,
}

impl Repository {
    fn kind(&self) -> String {
        let words = [
            (true, if self.private { "private" } else { "public" }),
            (self.fork, "fork"),
            (self.archived, "archived"),
        ];
        words.iter().filter(|(is_so, _)| *is_so).map(|(_, word)| *word).collect::<Vec<_>>().join(", ")
    }
}

pub(super) async fn run(command: RepoCommand) -> Result<ExitCode, RemoteError> {
    match command {
        RepoCommand::Create(create) => create.run().await?,
        RepoCommand::Clone(clone) => clone.run().await?,
        RepoCommand::Fork(fork) => fork.run().await?,
        RepoCommand::List(list) => list.run().await?,
        RepoCommand::Show(show) => show.run().await?,
    }
    Ok(ExitCode::SUCCESS)
}

impl List {
    async fn run(&self) -> Result<(), RemoteError> {
        let checkout = Checkout::find().await?;
        let client = Client::new(&Where::at(self.server.clone()).server(checkout.as_ref()).await?).await?;
        let path = match &self.owner {
            Some(owner) => format!("/users/{}/repos", hearth_core::urls::segment(owner)),
            None => "/user/repos".to_owned(),
        };
        let rows = thread::rows(&client, &path, self.limit).await?;
        if self.json {
            output::line(&terminal::json(&Value::Array(rows)));
            return Ok(());
        }
        let mut table = Table::default();
        for row in &rows {
            let repository: Repository = thread::read(&client, row)?;
            table.row([
                (repository.full_name.as_str(), None),
                (&repository.kind(), Some(Colour::Quiet)),
                (&repository.description, None),
            ]);
        }
        table.print();
        Ok(())
    }
}

impl Show {
    async fn run(&self) -> Result<(), RemoteError> {
        let checkout = Checkout::find().await?;
        let place = self.place.or_named(self.repository.as_deref())?;
        let target = place.find_base(checkout.as_ref()).await?;
        let client = Client::new(&target.server).await?;
        client.check(&target).await?;
        let found: Value = client.get(&thread::path(&target, "")).await?;
        if self.json {
            output::line(&terminal::json(&found));
            return Ok(());
        }
        let repository: Repository = thread::read(&client, &found)?;
        output::line(&format!("{}  {}", one_line(&repository.full_name), repository.kind()));
        thread::facts(&[
            ("about", repository.description.clone()),
            ("branch", repository.default_branch.clone()),
            ("issues", repository.open_issues_count.to_string()),
            ("pulls", repository.open_pr_counter.to_string()),
            ("stars", repository.stars_count.to_string()),
            ("HTTPS", repository.clone_url.clone()),
            ("SSH", repository.ssh_url.clone()),
            ("page", repository.html_url.clone()),
        ]);
        Ok(())
    }
}

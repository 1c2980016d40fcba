//! `hearth issue`: issues from a clone.

mod change;
mod show;

use std::process::ExitCode;

use clap::Subcommand;
use serde::Deserialize;

use super::{
    remote::{Client, RemoteError, Target, Where, git::Checkout},
    terminal::Colour,
    thread::{self, Label, User},
};

#[derive(Debug, Subcommand)]
pub(super) enum IssueCommand {
    /// List issues
    List(show::List),
    /// Create an issue
    Create(Box<change::Create>),
    /// Show an issue and its conversation
    #[command(visible_alias = "view")]
    Show(show::Show),
    /// Comment on an issue
    Comment(change::Comment),
    /// Close an issue
    Close(change::Act),
    /// Reopen an issue
    Reopen(change::Act),
    /// Change title, text, labels, assignees or milestone
    Edit(change::Edit),
}

/// What the commands need to know of an issue.
#[derive(Debug, Deserialize)]
struct Issue {
    number: i64,
    title: String,
    #[serde(default)]
    body: String,
    html_url: String,
    user: Option<User>,
    state: String,
    #[serde(default)]
    labels: Vec<Label>,
    assignees: Option<Vec<User>>,
    created_at: String,
}

impl Issue {
    fn colour(&self) -> Colour {
        if self.state == "open" { Colour::Good } else { Colour::Done }
    }
}

/// A repository on a server.
struct Scene {
    client: Client,
    target: Target,
}

impl Scene {
    async fn find(place: &Where) -> Result<Self, RemoteError> {
        let checkout = Checkout::find().await?;
        let target = place.find_base(checkout.as_ref()).await?;
        let client = Client::new(&target.server).await?;
        client.check(&target).await?;
        Ok(Self { client, target })
    }

    fn path(&self, rest: &str) -> String {
        thread::path(&self.target, rest)
    }

    async fn issue(&self, number: i64) -> Result<Issue, RemoteError> {
        self.client.get(&self.path(&format!("/issues/{number}"))).await
    }
}

pub(super) async fn run(command: IssueCommand) -> Result<ExitCode, RemoteError> {
    match command {
        IssueCommand::List(list) => list.run().await?,
        IssueCommand::Create(create) => create.run().await?,
        IssueCommand::Show(show) => show.run().await?,
        IssueCommand::Comment(comment) => comment.run().await?,
        IssueCommand::Close(close) => close.set_state("closed").await?,
        IssueCommand::Reopen(reopen) => reopen.set_state("open").await?,
        IssueCommand::Edit(edit) => edit.run().await?,
    }
    Ok(ExitCode::SUCCESS)
}

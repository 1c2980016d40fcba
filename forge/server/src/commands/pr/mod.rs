//! `hearth pr`: pull requests from a clone.

mod act;
mod checkout;
mod create;
mod head;
mod merge;
mod obstacle;
mod review;
mod shape;
mod show;
mod text;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{
    remote::{Client, RemoteError, Target, Where, git::Checkout},
    thread::Body,
};

#[derive(Debug, Subcommand)]
pub(super) enum PrCommand {
    /// Open a pull request from the current branch
    Create(Box<create::Create>),
    /// List pull requests
    List(show::List),
    /// Show a pull request and its conversation
    #[command(visible_alias = "view")]
    Show(show::Show),
    /// Print what a pull request changes
    Diff(show::Diff),
    /// List the checks of a pull request, and what keeps it from being merged
    Checks(show::Checks),
    /// Check out the branch of a pull request
    Checkout(checkout::CheckOut),
    /// Review a pull request
    Review(review::Review),
    /// Merge a pull request
    Merge(merge::Merge),
    /// Comment on a pull request
    Comment {
        number: i64,
        #[command(flatten)]
        body: Body,
        #[command(flatten)]
        place: Where,
    },
    /// Close a pull request without merging it
    Close(act::Act),
    /// Reopen a pull request that was closed
    Reopen(act::Act),
    /// Say that a draft is ready for review
    Ready(act::Ready),
}

/// A pull request of a repository.
#[derive(Debug, Args)]
pub(super) struct Which {
    /// The number of the pull request
    number: i64,
    #[command(flatten)]
    place: Where,
}

/// A repository, and the clone that the command runs in.
struct Scene {
    client: Client,
    target: Target,
    checkout: Option<Checkout>,
}

impl Scene {
    async fn find(place: &Where) -> Result<Self, RemoteError> {
        let checkout = Checkout::find().await?;
        let target = place.find_base(checkout.as_ref()).await?;
        let client = Client::new(&target.server).await?;
        client.check(&target).await?;
        Ok(Self { client, target, checkout })
    }

    fn checkout(&self) -> Result<&Checkout, RemoteError> {
        self.checkout.as_ref().ok_or(RemoteError::NoCheckout)
    }

    fn path(&self, rest: &str) -> String {
        super::thread::path(&self.target, rest)
    }

    async fn pull(&self, number: i64) -> Result<shape::Pull, RemoteError> {
        self.client.get(&self.path(&format!("/pulls/{number}"))).await
    }
}

pub(super) async fn run(command: PrCommand) -> Result<ExitCode, RemoteError> {
    match command {
        PrCommand::Create(create) => create.run().await?,
        PrCommand::List(list) => list.run().await?,
        PrCommand::Show(show) => show.run().await?,
        PrCommand::Diff(diff) => diff.run().await?,
        PrCommand::Checks(checks) => return checks.run().await,
        PrCommand::Checkout(checkout) => checkout.run().await?,
        PrCommand::Review(review) => review.run().await?,
        PrCommand::Merge(merge) => return merge.run().await,
        PrCommand::Comment { number, body, place } => act::comment(number, &body, &place).await?,
        PrCommand::Close(close) => close.set_state("closed").await?,
        PrCommand::Reopen(reopen) => reopen.set_state("open").await?,
        PrCommand::Ready(ready) => ready.run().await?,
    }
    Ok(ExitCode::SUCCESS)
}

//! `hearth release`: releases and their files.

mod act;
mod create;
mod download;
mod show;
mod upload;

use std::process::ExitCode;

use clap::Subcommand;
use serde::Deserialize;

use super::{
    remote::{Client, RemoteError, Target, Where, git::Checkout},
    thread,
};

#[derive(Debug, Subcommand)]
pub(super) enum ReleaseCommand {
    /// Create a release of a tag, with files
    Create(create::Create),
    /// List releases
    List(show::List),
    /// Show a release and its files
    #[command(visible_alias = "view")]
    Show(show::Show),
    /// Add files to a release
    Upload(upload::Upload),
    /// Download the files of a release
    Download(download::Download),
    /// Delete a release; its tag stays
    Delete(act::Delete),
}

/// What the commands need to know of a release.
#[derive(Debug, Deserialize)]
struct Release {
    id: i64,
    tag_name: String,
    name: String,
    body: String,
    html_url: String,
    draft: bool,
    prerelease: bool,
    #[serde(default)]
    latest: bool,
    published_at: String,
    assets: Vec<Asset>,
}

/// A file of a release.
#[derive(Clone, Debug, Deserialize)]
struct Asset {
    id: i64,
    name: String,
    /// In bytes.
    size: u64,
    sha256: String,
}

/// A repository on a server.
struct Scene {
    client: Client,
    target: Target,
}

impl Release {
    fn standing(&self) -> &'static str {
        match (self.draft, self.prerelease, self.latest) {
            (true, _, _) => "draft",
            (false, true, _) => "pre-release",
            (false, false, true) => "latest",
            (false, false, false) => "",
        }
    }
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

    /// The release of a tag; drafts are only in the list. Without a tag, the latest.
    async fn release(&self, tag: Option<&str>) -> Result<Release, RemoteError> {
        let Some(tag) = tag else { return self.client.get(&self.path("/releases/latest")).await };
        let path = self.path(&format!("/releases/tags/{}", hearth_core::urls::path(tag)));
        match self.client.get(&path).await {
            Err(RemoteError::Missing(said)) => {
                let drafts =
                    thread::rows(&self.client, &self.path("/releases?draft=true"), thread::MOST_ROWS).await?;
                for row in &drafts {
                    let draft: Release = thread::read(&self.client, row)?;
                    if draft.tag_name == tag {
                        return Ok(draft);
                    }
                }
                Err(RemoteError::Missing(said))
            }
            other => other,
        }
    }
}

pub(super) async fn run(command: ReleaseCommand) -> Result<ExitCode, RemoteError> {
    match command {
        ReleaseCommand::Create(create) => create.run().await?,
        ReleaseCommand::List(list) => list.run().await?,
        ReleaseCommand::Show(show) => show.run().await?,
        ReleaseCommand::Upload(upload) => upload.run().await?,
        ReleaseCommand::Download(download) => download.run().await?,
        ReleaseCommand::Delete(delete) => return delete.run().await,
    }
    Ok(ExitCode::SUCCESS)
}

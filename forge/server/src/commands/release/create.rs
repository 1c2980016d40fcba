use std::path::PathBuf;

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Release, Scene, upload};
use crate::commands::{
    output,
    remote::{RemoteError, Where},
    terminal::{self, one_line},
    thread::{self, Body},
};

const EXAMPLES: &str = "\
Examples:
  hearth release create v1.0 --generate-notes
  hearth release create v1.0 model.safetensors vocab.json --title \"First\" --body \"Trained for a day\"
  hearth release create v2.0-rc1 --target dev --pre-release --draft

With files, the release stays a draft until every one has arrived. If that breaks off, hearth release upload goes on.";

#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in super::super) struct Create {
    /// The tag, which is made if it does not exist
    tag: String,
    /// Files to upload
    files: Vec<PathBuf>,
    /// The title (default: the tag)
    #[arg(long, short, value_name = "TEXT")]
    title: Option<String>,
    #[command(flatten)]
    body: Body,
    /// Write the notes from the pull requests merged since the previous release
    #[arg(long, conflicts_with_all = ["text", "file"])]
    generate_notes: bool,
    /// The branch or commit for a new tag (default: the default branch)
    #[arg(long, value_name = "REVISION")]
    target: Option<String>,
    /// Keep it a draft
    #[arg(long, short)]
    draft: bool,
    /// Say that it is not for everybody yet
    #[arg(long, short)]
    pre_release: bool,
    /// The task of this repository that made its files: the release carries its run record
    #[arg(long, value_name = "TASK")]
    task: Option<i64>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Where,
}

#[derive(Deserialize)]
struct Notes {
    body: String,
}

impl Create {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        // Before anything is made: a file that cannot be read makes no release.
        let files = upload::check(&self.files).await?;
        let scene = Scene::find(&self.place).await?;
        let target = self.target.clone().unwrap_or_default();
        let mut request = json!({
            "tag_name": self.tag,
            "target_commitish": target,
            "name": self.title.as_ref().unwrap_or(&self.tag),
            "body": self.notes(&scene, &target).await?,
            "draft": self.draft || !files.is_empty(),
            "prerelease": self.pre_release,
        });
        if let Some(task) = self.task {
            request["task"] = task.into();
        }
        let made: Value = scene.client.send_json(Method::POST, &scene.path("/releases"), &request).await?;
        let release: Release = thread::read(&scene.client, &made)?;
        for file in &files {
            upload::send(&scene, release.id, file).await?;
        }
        let path = scene.path(&format!("/releases/{}", release.id));
        let shown: Value = if self.draft || files.is_empty() {
            scene.client.get(&path).await?
        } else {
            scene.client.send_json(Method::PATCH, &path, &json!({ "draft": false })).await?
        };
        if self.json {
            output::line(&terminal::json(&shown));
        } else {
            let release: Release = thread::read(&scene.client, &shown)?;
            output::line(&one_line(&release.html_url));
        }
        Ok(())
    }

    async fn notes(&self, scene: &Scene, target: &str) -> Result<String, RemoteError> {
        if !self.generate_notes {
            return Ok(self.body.read()?.unwrap_or_default());
        }
        let wanted = json!({ "tag_name": self.tag, "target_commitish": target });
        let path = scene.path("/releases/generate-notes");
        scene.client.send_json::<Notes>(Method::POST, &path, &wanted).await.map(|notes| notes.body)
    }
}

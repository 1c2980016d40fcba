use std::process::ExitCode;

use reqwest::Method;

use super::Scene;
use crate::commands::{
    output,
    remote::{RemoteError, Where},
    terminal::{self, one_line},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  hearth release delete v1.0\n  hearth release delete v1.0 --yes")]
pub(in super::super) struct Delete {
    tag: String,
    /// Ask nothing
    #[arg(long, short)]
    yes: bool,
    #[command(flatten)]
    place: Where,
}

impl Delete {
    pub(super) async fn run(&self) -> Result<ExitCode, RemoteError> {
        let scene = Scene::find(&self.place).await?;
        let release = scene.release(Some(&self.tag)).await?;
        let tag = one_line(&release.tag_name);
        let question = format!(
            "Delete the release {tag} of {} with its {} files?",
            scene.target.path(),
            release.assets.len()
        );
        if !self.yes {
            if !terminal::can_ask() {
                return Err(RemoteError::Usage(format!(
                    "the release {tag} would be lost\n  To delete it: --yes"
                )));
            }
            if !terminal::confirm(&question) {
                return Ok(ExitCode::FAILURE);
            }
        }
        scene.client.act(Method::DELETE, &scene.path(&format!("/releases/{}", release.id)), None).await?;
        output::line(&format!("Release {tag} deleted; its tag stays"));
        Ok(ExitCode::SUCCESS)
    }
}

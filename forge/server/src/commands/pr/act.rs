use reqwest::Method;
use serde_json::json;

use super::{Scene, Which, shape::Pull};
use crate::commands::{
    output,
    remote::{RemoteError, Where},
    terminal::one_line,
    thread::{self, Body},
};

#[derive(Debug, clap::Args)]
pub(in super::super) struct Act {
    #[command(flatten)]
    which: Which,
    /// Comment at the same time
    #[arg(long, short, value_name = "TEXT")]
    comment: Option<String>,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Ready {
    #[command(flatten)]
    which: Which,
    /// Turn it back into a draft
    #[arg(long)]
    undo: bool,
}

impl Act {
    /// Closes or reopens it.
    pub(super) async fn set_state(&self, state: &str) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.which.place).await?;
        let number = self.which.number;
        if let Some(text) = &self.comment {
            thread::comment(&scene.client, &scene.target, number, text).await?;
        }
        let path = scene.path(&format!("/pulls/{number}"));
        let pull: Pull = scene.client.send_json(Method::PATCH, &path, &json!({ "state": state })).await?;
        say(&pull);
        Ok(())
    }
}

impl Ready {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.which.place).await?;
        let path = scene.path(&format!("/pulls/{}", self.which.number));
        let pull: Pull = scene.client.send_json(Method::PATCH, &path, &json!({ "draft": self.undo })).await?;
        say(&pull);
        Ok(())
    }
}

pub(super) async fn comment(number: i64, body: &Body, place: &Where) -> Result<(), RemoteError> {
    let scene = Scene::find(place).await?;
    let text = body.written().await?;
    thread::comment(&scene.client, &scene.target, number, &text).await
}

fn say(pull: &Pull) {
    output::line(&format!("#{} {} is {}", pull.number, one_line(&pull.title), pull.standing().0));
}

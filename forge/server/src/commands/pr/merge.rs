use std::process::ExitCode;

use reqwest::{Method, StatusCode};
use serde_json::{Map, Value};

use super::{Scene, Which, obstacle::Standing};
use crate::commands::{
    output,
    remote::RemoteError,
    terminal::{self, one_line},
};

const EXAMPLES: &str = "\
Examples:
  hearth pr merge 7
  hearth pr merge 7 --method squash --delete-branch
  hearth pr merge 7 --auto              once checks and reviews are there
  hearth pr merge 7 --cancel-auto";

/// The ways to merge, as the API calls them.
const METHODS: [&str; 5] = ["merge", "squash", "rebase", "rebase-merge", "fast-forward-only"];

#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in super::super) struct Merge {
    #[command(flatten)]
    which: Which,
    /// The way to merge (default: the repository's usual one)
    #[arg(long, short, value_parser = METHODS)]
    method: Option<String>,
    /// Merge now or, where something keeps it from that, as soon as nothing does
    #[arg(long)]
    auto: bool,
    /// No longer merge it by itself
    #[arg(long, conflicts_with = "auto")]
    cancel_auto: bool,
    /// Delete its branch afterwards (default: as the repository says)
    #[arg(long, short)]
    delete_branch: bool,
    /// Keep its branch
    #[arg(long, conflicts_with = "delete_branch")]
    keep_branch: bool,
    /// The first line of the commit's message (default: as the server proposes)
    #[arg(long, short, value_name = "TEXT")]
    title: Option<String>,
    /// The rest of the commit's message
    #[arg(long, value_name = "TEXT", requires = "title")]
    message: Option<String>,
    /// Merge without what the rules demand, for those who may; this is logged
    #[arg(long)]
    bypass_rules: bool,
    /// Ask nothing
    #[arg(long, short)]
    yes: bool,
}

impl Merge {
    pub(super) async fn run(&self) -> Result<ExitCode, RemoteError> {
        let scene = Scene::find(&self.which.place).await?;
        let number = self.which.number;
        let path = scene.path(&format!("/pulls/{number}/merge"));
        if self.cancel_auto {
            scene.client.act(Method::DELETE, &path, None).await?;
            output::line(&format!("#{number} is no longer merged by itself"));
            return Ok(ExitCode::SUCCESS);
        }
        let pull = scene.pull(number).await?;
        let standing = Standing::find(&scene, number).await?;
        let usual = standing.methods.first().map_or(METHODS[0], String::as_str);
        let method = self.method.as_deref().unwrap_or(usual);
        let question = format!("Merge #{number} {} by {}?", one_line(&pull.title), one_line(method));
        if terminal::can_ask() && !self.yes && !terminal::confirm(&question) {
            return Ok(ExitCode::FAILURE);
        }
        let body = self.request(method, &pull.head.sha);
        match scene.client.act(Method::POST, &path, Some(&body)).await {
            Ok(StatusCode::CREATED) => {
                output::line(&format!("#{number} is merged as soon as nothing keeps it from that:"));
                standing.print();
                Ok(ExitCode::SUCCESS)
            }
            Ok(_) => {
                output::line(&format!("#{number} is merged into {}", one_line(&pull.base.branch)));
                Ok(ExitCode::SUCCESS)
            }
            Err(error) => Err(with_obstacles(error, &scene, number).await),
        }
    }

    fn request(&self, method: &str, head: &str) -> Value {
        let mut body = Map::new();
        body.insert("Do".into(), method.into());
        body.insert("head_commit_id".into(), head.into());
        body.insert("merge_when_checks_succeed".into(), self.auto.into());
        body.insert("force_merge".into(), self.bypass_rules.into());
        if self.delete_branch || self.keep_branch {
            body.insert("delete_branch_after_merge".into(), self.delete_branch.into());
        }
        for (name, text) in [("MergeTitleField", &self.title), ("MergeMessageField", &self.message)] {
            if let Some(text) = text {
                body.insert(name.into(), text.clone().into());
            }
        }
        Value::Object(body)
    }
}

/// Everything that keeps the pull request from being merged, or else the refusal itself.
async fn with_obstacles(error: RemoteError, scene: &Scene, number: i64) -> RemoteError {
    if !matches!(error, RemoteError::Refused(_)) {
        return error;
    }
    match Standing::find(scene, number).await {
        Ok(standing) if !standing.is_clear() => {
            RemoteError::Usage(format!("#{number} cannot be merged\n{}", standing.lines().join("\n")))
        }
        Ok(_) | Err(_) => error,
    }
}

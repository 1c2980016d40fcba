use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{Scene, Which};
use crate::commands::{output, remote::RemoteError, terminal, terminal::one_line, thread::Body};

const EXAMPLES: &str = "\
Examples:
  hearth pr review 7 --approve
  hearth pr review 7 --request-changes -m \"The seed is not set\"
  hearth pr review 7 --comment --body-file notes.md";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
#[command(group(clap::ArgGroup::new("verdict").required(true).args(["approve", "request_changes", "comment"])))]
pub(in super::super) struct Review {
    #[command(flatten)]
    which: Which,
    /// Approve it as it is now
    #[arg(long, short)]
    approve: bool,
    /// Ask for changes
    #[arg(long, short)]
    request_changes: bool,
    /// Say something without a verdict
    #[arg(long, short)]
    comment: bool,
    /// The text, in Markdown
    #[arg(short = 'm', value_name = "TEXT", conflicts_with_all = ["text", "file"])]
    message: Option<String>,
    #[command(flatten)]
    body: Body,
}

#[derive(Deserialize)]
struct Made {
    state: String,
    html_url: String,
}

impl Review {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.which.place).await?;
        // The version that the reviewer sees now: a push in this moment must not be approved.
        let pull = scene.pull(self.which.number).await?;
        let given = self.message.clone().map_or_else(|| self.body.read(), |text| Ok(Some(text)))?;
        let body = match given {
            Some(text) => text,
            None if self.approve => String::new(),
            None if terminal::can_ask() => terminal::edit("").await?,
            None => String::new(),
        };
        if !self.approve && body.trim().is_empty() {
            return Err(RemoteError::Usage(
                "there is no text\n  Give it: -m TEXT or --body-file FILE".to_owned(),
            ));
        }
        let path = scene.path(&format!("/pulls/{}/reviews", pull.number));
        let asked = json!({ "event": self.event(), "body": body, "commit_id": pull.head.sha });
        let made: Made = scene.client.send_json(Method::POST, &path, &asked).await?;
        let short: String = pull.head.sha.chars().take(10).collect();
        output::error(&format!(
            "hearth: #{} at {}: {}",
            pull.number,
            one_line(&short),
            one_line(&made.state)
        ));
        output::line(&one_line(&made.html_url));
        Ok(())
    }

    const fn event(&self) -> &'static str {
        if self.approve {
            "APPROVED"
        } else if self.request_changes {
            "REQUEST_CHANGES"
        } else {
            "COMMENT"
        }
    }
}

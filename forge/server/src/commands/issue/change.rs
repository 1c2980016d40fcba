use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::{Issue, Scene};
use crate::commands::{
    output,
    remote::{RemoteError, Where},
    terminal::{self, one_line},
    thread::{self, Body, SCISSORS, read, title_and_text},
};

const EXAMPLES: &str = "\
Examples:
  hearth issue create                   write title and text in your editor
  hearth issue create --title \"Loss is NaN\" --body \"Since v2\" --label bug --assignee mei
  python train.py 2>&1 | hearth issue create --title \"Training fails\" --body-file -";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in super::super) struct Create {
    /// The title (default: from an editor)
    #[arg(long, short, value_name = "TEXT")]
    title: Option<String>,
    #[command(flatten)]
    body: Body,
    /// A label; can be repeated
    #[arg(long = "label", short, value_name = "NAME")]
    labels: Vec<String>,
    /// Somebody to assign; can be repeated
    #[arg(long = "assignee", short, value_name = "NAME")]
    assignees: Vec<String>,
    /// The title or id of a milestone
    #[arg(long, short, value_name = "TITLE")]
    milestone: Option<String>,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Comment {
    /// The number of the issue
    number: i64,
    #[command(flatten)]
    body: Body,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Act {
    /// The number of the issue
    number: i64,
    /// Comment at the same time
    #[arg(long, short, value_name = "TEXT")]
    comment: Option<String>,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  hearth issue edit 3 --add-label bug --remove-label question\n  hearth issue edit 3 --title \"Loss is NaN since v2\""
)]
pub(in super::super) struct Edit {
    /// The number of the issue
    number: i64,
    /// A new title
    #[arg(long, short, value_name = "TEXT")]
    title: Option<String>,
    #[command(flatten)]
    body: Body,
    #[arg(long = "add-label", value_name = "NAME")]
    add_labels: Vec<String>,
    #[arg(long = "remove-label", value_name = "NAME")]
    remove_labels: Vec<String>,
    #[arg(long = "add-assignee", value_name = "NAME")]
    add_assignees: Vec<String>,
    #[arg(long = "remove-assignee", value_name = "NAME")]
    remove_assignees: Vec<String>,
    /// The title or id of a milestone
    #[arg(long, short, value_name = "TITLE")]
    milestone: Option<String>,
    #[command(flatten)]
    place: Where,
}

impl Create {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.place).await?;
        let (title, text) = self.words().await?;
        let mut body = Map::new();
        body.insert("title".into(), title.into());
        body.insert("body".into(), text.into());
        body.insert("labels".into(), self.labels.clone().into());
        body.insert("assignees".into(), self.assignees.clone().into());
        if let Some(name) = &self.milestone {
            let id = thread::milestone(&scene.client, &scene.target, name).await?;
            body.insert("milestone".into(), id.into());
        }
        let made: Value =
            scene.client.send_json(Method::POST, &scene.path("/issues"), &Value::Object(body)).await?;
        if self.json {
            output::line(&terminal::json(&made));
            return Ok(());
        }
        let issue: Issue = read(&scene.client, &made)?;
        output::error(&format!("hearth: created #{}", issue.number));
        output::line(&one_line(&issue.html_url));
        Ok(())
    }

    async fn words(&self) -> Result<(String, String), RemoteError> {
        let text = self.body.read()?;
        match &self.title {
            Some(title) if text.is_some() || !terminal::can_ask() => {
                return Ok((title.clone(), text.unwrap_or_default()));
            }
            None if !terminal::can_ask() => {
                return Err(RemoteError::Usage("an issue has a title\n  Give it: --title TEXT".to_owned()));
            }
            Some(_) | None => {}
        }
        let title = self.title.as_deref().unwrap_or_default();
        let text = text.unwrap_or_default();
        let hint = "The first line is the title. Nothing below the line of scissors is sent.";
        let (title, text) =
            title_and_text(&terminal::edit(&format!("{title}\n\n{text}\n\n{SCISSORS}\n{hint}\n")).await?);
        if title.is_empty() {
            return Err(RemoteError::Usage("the title is empty, and nothing was sent".to_owned()));
        }
        Ok((title, text))
    }
}

impl Comment {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.place).await?;
        let text = self.body.written().await?;
        thread::comment(&scene.client, &scene.target, self.number, &text).await
    }
}

impl Act {
    /// Closes or reopens it.
    pub(super) async fn set_state(&self, state: &str) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.place).await?;
        if let Some(text) = &self.comment {
            thread::comment(&scene.client, &scene.target, self.number, text).await?;
        }
        change(&scene, self.number, &json!({ "state": state })).await
    }
}

impl Edit {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.place).await?;
        let mut body = Map::new();
        if let Some(title) = &self.title {
            body.insert("title".into(), title.clone().into());
        }
        if let Some(text) = self.body.read()? {
            body.insert("body".into(), text.into());
        }
        if let Some(name) = &self.milestone {
            let id = thread::milestone(&scene.client, &scene.target, name).await?;
            body.insert("milestone".into(), id.into());
        }
        let changes_people = !(self.add_assignees.is_empty() && self.remove_assignees.is_empty());
        let changes_labels = !(self.add_labels.is_empty() && self.remove_labels.is_empty());
        if changes_people || changes_labels {
            let issue = scene.issue(self.number).await?;
            let names = issue.labels.iter().map(|label| label.name.clone());
            let people = issue.assignees.iter().flatten().map(|person| person.login.clone());
            if changes_labels {
                body.insert("labels".into(), changed(names, &self.add_labels, &self.remove_labels).into());
            }
            if changes_people {
                body.insert(
                    "assignees".into(),
                    changed(people, &self.add_assignees, &self.remove_assignees).into(),
                );
            }
        }
        if body.is_empty() {
            return Err(RemoteError::Usage(
                "there is nothing to change\n  See: hearth issue edit --help".to_owned(),
            ));
        }
        change(&scene, self.number, &Value::Object(body)).await
    }
}

/// The names there are, with some more and some less.
fn changed(names: impl Iterator<Item = String>, more: &[String], less: &[String]) -> Vec<String> {
    let all: BTreeSet<String> = names.chain(more.iter().cloned()).collect();
    let is_kept = |name: &String| !less.iter().any(|other| other.eq_ignore_ascii_case(name));
    all.into_iter().filter(is_kept).collect()
}

async fn change(scene: &Scene, number: i64, body: &Value) -> Result<(), RemoteError> {
    let path = scene.path(&format!("/issues/{number}"));
    let issue: Issue = scene.client.send_json(Method::PATCH, &path, body).await?;
    output::line(&format!("#{} {} is {}", issue.number, one_line(&issue.title), one_line(&issue.state)));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::changed;

    #[test]
    fn labels_are_added_and_removed_by_name() {
        let names = ["bug".to_owned(), "Question".to_owned()];
        let after =
            changed(names.into_iter(), &["快".to_owned(), "bug".to_owned()], &["question".to_owned()]);
        assert_eq!(after, ["bug", "快"]);
    }
}

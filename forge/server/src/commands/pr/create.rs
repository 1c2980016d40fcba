use hearth_core::{RepositoryKind, urls::RepositoryUrls};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{
    Scene,
    head::Head,
    shape::Pull,
    text::{self, Words},
};
use crate::commands::{
    browser, output,
    remote::{BranchName, RemoteError, Where},
    terminal::{self, one_line},
    thread::{self, Body, read},
};

const EXAMPLES: &str = "\
Examples:
  hearth pr create                      push if needed, then write title and text in your editor
  hearth pr create --fill --yes         take both from the commits and ask nothing
  hearth pr create --title \"Train faster\" --body \"Closes #3\" --reviewer lin --label speed
  hearth pr create --fill --draft --base dev
  hearth pr create --fill --repo mei/llm   from your fork into mei's repository";

#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in super::super) struct Create {
    /// The title (default: from an editor, or with --fill from the commits)
    #[arg(long, short, value_name = "TEXT")]
    title: Option<String>,
    #[command(flatten)]
    body: Body,
    /// Take title and text from the commits
    #[arg(long, short, conflicts_with = "head")]
    fill: bool,
    /// The branch to merge into (default: the repository's default branch)
    #[arg(long, short = 'B', value_name = "BRANCH")]
    base: Option<String>,
    /// The branch to merge, as it is on the server: BRANCH or OWNER/NAME:BRANCH (default: the current one)
    #[arg(long, short = 'H', value_name = "BRANCH")]
    head: Option<String>,
    /// Open it as a draft
    #[arg(long, short)]
    draft: bool,
    /// A label; can be repeated
    #[arg(long = "label", short, value_name = "NAME")]
    labels: Vec<String>,
    /// Somebody to assign; can be repeated
    #[arg(long = "assignee", short, value_name = "NAME")]
    assignees: Vec<String>,
    /// Somebody, or organisation/team, to ask for a review; can be repeated
    #[arg(long = "reviewer", short, value_name = "NAME")]
    reviewers: Vec<String>,
    /// The title or id of a milestone
    #[arg(long, short, value_name = "TITLE")]
    milestone: Option<String>,
    /// Keep maintainers of the base from pushing to the branch of your fork
    #[arg(long)]
    no_maintainer_edit: bool,
    /// Push the branch first where the server lacks its commits
    #[arg(long)]
    push: bool,
    /// Ask nothing, and push where needed
    #[arg(long, short)]
    yes: bool,
    /// Open the form in a browser instead
    #[arg(long, short)]
    web: bool,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Where,
}

#[derive(Deserialize)]
struct Repository {
    default_branch: String,
    kind: RepositoryKind,
}

impl Create {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.place).await?;
        let repository: Repository = scene.client.get(&scene.path("")).await?;
        let base = BranchName::parse(self.base.as_ref().unwrap_or(&repository.default_branch))?;
        let head = match &self.head {
            Some(name) => Head::named(name),
            None => Head::current(&scene, base.as_str(), self.push || self.yes).await?,
        };
        if self.web {
            let page = RepositoryUrls::new(repository.kind, &scene.target.owner, &scene.target.name);
            let compare = page.compare_of(base.as_str(), &head.name);
            return browser::open(&format!("{}{compare}", scene.target.server)).await;
        }
        let words = self.words(&scene, &base, &head).await?;
        let body = self.request(&scene, &base, &head, words).await?;
        let made: Value = scene.client.send_json(Method::POST, &scene.path("/pulls"), &body).await?;
        if self.json {
            output::line(&terminal::json(&made));
            return Ok(());
        }
        let pull: Pull = read(&scene.client, &made)?;
        output::error(&format!(
            "hearth: opened #{}: {} into {}",
            pull.number,
            one_line(&pull.head_label()),
            one_line(&pull.base.branch)
        ));
        output::line(&one_line(&pull.html_url));
        Ok(())
    }

    async fn words(&self, scene: &Scene, base: &BranchName, head: &Head) -> Result<Words, RemoteError> {
        let body = self.body.read()?;
        let title = self.title.clone();
        match (title, body) {
            (Some(title), Some(body)) => Ok(Words { title, body }),
            (title, body) if self.fill => {
                let found = text::of_commits(scene, base, head).await?;
                Ok(Words { title: title.unwrap_or(found.title), body: body.unwrap_or(found.body) })
            }
            (Some(title), None) if self.yes || !terminal::can_ask() => {
                let body = text::template(scene, base).await?;
                Ok(Words { title, body })
            }
            (title, body) => {
                let given = Words { title: title.unwrap_or_default(), body: body.unwrap_or_default() };
                text::written(scene, base, head, given).await
            }
        }
    }

    async fn request(
        &self,
        scene: &Scene,
        base: &BranchName,
        head: &Head,
        words: Words,
    ) -> Result<Value, RemoteError> {
        let mut body = Map::new();
        let (teams, people): (Vec<&String>, Vec<&String>) =
            self.reviewers.iter().partition(|name| name.contains('/'));
        body.insert("title".into(), words.title.into());
        body.insert("body".into(), words.body.into());
        body.insert("base".into(), base.as_str().into());
        body.insert("head".into(), head.name.clone().into());
        body.insert("draft".into(), self.draft.into());
        body.insert("labels".into(), self.labels.clone().into());
        body.insert("assignees".into(), self.assignees.clone().into());
        body.insert("reviewers".into(), people.into_iter().cloned().collect::<Vec<_>>().into());
        body.insert("team_reviewers".into(), teams.into_iter().cloned().collect::<Vec<_>>().into());
        body.insert("allow_maintainer_edit".into(), (!self.no_maintainer_edit).into());
        if let Some(name) = &self.milestone {
            let id = thread::milestone(&scene.client, &scene.target, name).await?;
            body.insert("milestone".into(), id.into());
        }
        Ok(Value::Object(body))
    }
}

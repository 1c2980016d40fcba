use serde_json::Value;

use super::{Issue, Scene};
use crate::commands::{
    output,
    remote::{RemoteError, Where},
    terminal::{self, Colour, Table, moment, one_line, paint},
    thread::{self, labels, login, logins, query, read},
};

const EXAMPLES: &str = "\
Examples:
  hearth issue list
  hearth issue list --assignee mei --label bug
  hearth issue list --state all --search tokenizer --json";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in super::super) struct List {
    /// `open`, `closed` or `all`
    #[arg(long, short, default_value = "open", value_parser = ["open", "closed", "all"])]
    state: String,
    /// With this label; can be repeated
    #[arg(long = "label", short, value_name = "NAME")]
    labels: Vec<String>,
    /// Assigned to this person
    #[arg(long, short, value_name = "NAME")]
    assignee: Option<String>,
    /// Opened by this person
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// The title or id of a milestone
    #[arg(long, short, value_name = "TITLE")]
    milestone: Option<String>,
    /// Words of title or text, and filters as on the page
    #[arg(long, value_name = "QUERY")]
    search: Option<String>,
    /// How many at most
    #[arg(long, short = 'n', default_value_t = 30)]
    limit: u32,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Where,
}

#[derive(Debug, clap::Args)]
pub(in super::super) struct Show {
    /// The number of the issue
    number: i64,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Where,
}

impl List {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.place).await?;
        let wanted = self.labels.join(",");
        let pairs = [
            ("state", self.state.as_str()),
            ("labels", wanted.as_str()),
            ("assigned_by", self.assignee.as_deref().unwrap_or_default()),
            ("created_by", self.author.as_deref().unwrap_or_default()),
            ("milestones", self.milestone.as_deref().unwrap_or_default()),
            ("q", self.search.as_deref().unwrap_or_default()),
        ];
        let rows = thread::rows(&scene.client, &scene.path(&format!("/issues{}", query(&pairs))), self.limit)
            .await?;
        if self.json {
            output::line(&terminal::json(&Value::Array(rows)));
            return Ok(());
        }
        let mut table = Table::default();
        for row in &rows {
            let issue: Issue = read(&scene.client, row)?;
            table.row([
                (&format!("#{}", issue.number), None),
                (&issue.state, Some(issue.colour())),
                (&labels(&issue.labels), Some(Colour::Quiet)),
                (&login(issue.user.as_ref()), None),
                (&issue.title, None),
            ]);
        }
        table.print();
        if rows.is_empty() {
            output::error(&format!("No issues in {} match", scene.target.path()));
        }
        Ok(())
    }
}

impl Show {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.place).await?;
        let found: Value = scene.client.get(&scene.path(&format!("/issues/{}", self.number))).await?;
        if self.json {
            output::line(&terminal::json(&found));
            return Ok(());
        }
        let issue: Issue = read(&scene.client, &found)?;
        let state = paint(&one_line(&issue.state), issue.colour());
        output::line(&format!("#{}  {state}  {}", issue.number, one_line(&issue.title)));
        thread::facts(&[
            ("author", login(issue.user.as_ref())),
            ("opened", moment(&issue.created_at)),
            ("labels", labels(&issue.labels)),
            ("assignees", logins(issue.assignees.as_deref().unwrap_or_default())),
            ("page", issue.html_url.clone()),
        ]);
        thread::conversation(&scene.client, &scene.target, issue.number, &issue.body).await
    }
}

use std::process::ExitCode;

use serde::Deserialize;
use serde_json::Value;

use super::{Scene, Which, obstacle, shape::Pull};
use crate::commands::{
    output,
    remote::{RemoteError, Where},
    terminal::{self, Colour, Table, moment, one_line, paint, paragraphs},
    thread::{self, labels, login, logins, query, read},
};

const LIST_EXAMPLES: &str = "\
Examples:
  hearth pr list
  hearth pr list --state all --author mei
  hearth pr list --search \"tokenizer label:bug\" --json";

#[derive(Debug, clap::Args)]
#[command(after_help = LIST_EXAMPLES)]
pub(in super::super) struct List {
    /// `open`, `closed` or `all`
    #[arg(long, short, default_value = "open", value_parser = ["open", "closed", "all"])]
    state: String,
    /// Opened by this person
    #[arg(long, value_name = "NAME")]
    author: Option<String>,
    /// Into this branch
    #[arg(long, value_name = "BRANCH")]
    base: Option<String>,
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
    #[command(flatten)]
    which: Which,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  hearth pr diff 7\n  hearth pr diff 7 | git apply --check")]
pub(in super::super) struct Diff {
    #[command(flatten)]
    which: Which,
    /// One patch for each commit, for git am
    #[arg(long)]
    patch: bool,
}

#[derive(Debug, clap::Args)]
#[command(
    after_help = "The command fails if a check has failed or something keeps the pull request from being merged."
)]
pub(in super::super) struct Checks {
    #[command(flatten)]
    which: Which,
    /// Print JSON for programs
    #[arg(long)]
    json: bool,
}

impl List {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.place).await?;
        let pairs = [
            ("state", self.state.as_str()),
            ("poster", self.author.as_deref().unwrap_or_default()),
            ("base_branch", self.base.as_deref().unwrap_or_default()),
            ("q", self.search.as_deref().unwrap_or_default()),
        ];
        let path = scene.path(&format!("/pulls{}", query(&pairs)));
        let rows = thread::rows(&scene.client, &path, self.limit).await?;
        if self.json {
            output::line(&terminal::json(&Value::Array(rows)));
            return Ok(());
        }
        let mut table = Table::default();
        for row in &rows {
            let pull: Pull = read(&scene.client, row)?;
            let (word, colour) = pull.standing();
            let number = format!("#{}", pull.number);
            table.row([
                (number.as_str(), None),
                (word, Some(colour)),
                (&pull.head_label(), Some(Colour::Quiet)),
                (&login(pull.user.as_ref()), None),
                (&pull.title, None),
            ]);
        }
        table.print();
        if rows.is_empty() {
            output::error(&format!("No pull requests in {} match", scene.target.path()));
        }
        Ok(())
    }
}

impl Show {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.which.place).await?;
        let number = self.which.number;
        let found: Value = scene.client.get(&scene.path(&format!("/pulls/{number}"))).await?;
        if self.json {
            output::line(&terminal::json(&found));
            return Ok(());
        }
        let pull: Pull = read(&scene.client, &found)?;
        let (word, colour) = pull.standing();
        output::line(&format!("#{}  {}  {}", pull.number, paint(word, colour), one_line(&pull.title)));
        thread::facts(&[
            ("author", login(pull.user.as_ref())),
            ("opened", moment(&pull.created_at)),
            ("branch", format!("{} into {}", pull.head_label(), pull.base.branch)),
            ("labels", labels(&pull.labels)),
            ("assignees", logins(&pull.assignees)),
            ("reviewers", logins(&pull.requested_reviewers)),
            ("page", pull.html_url.clone()),
        ]);
        if pull.is_open() {
            obstacle::Standing::find(&scene, number).await?.print();
        }
        thread::conversation(&scene.client, &scene.target, number, &pull.body).await
    }
}

impl Diff {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        use std::io::IsTerminal as _;
        let scene = Scene::find(&self.which.place).await?;
        let form = if self.patch { "patch" } else { "diff" };
        let text = scene.client.text(&scene.path(&format!("/pulls/{}.{form}", self.which.number))).await?;
        // A patch for another program is handed on as it is.
        if std::io::stdout().is_terminal() {
            output::line(&paragraphs(&text));
        } else {
            output::text(&text);
        }
        Ok(())
    }
}

#[derive(Debug, Deserialize)]
struct Combined {
    #[serde(default)]
    statuses: Vec<Status>,
}

#[derive(Debug, Deserialize)]
struct Status {
    #[serde(rename = "status")]
    state: String,
    context: String,
    description: String,
    target_url: String,
}

impl Checks {
    pub(super) async fn run(&self) -> Result<ExitCode, RemoteError> {
        let scene = Scene::find(&self.which.place).await?;
        let pull = scene.pull(self.which.number).await?;
        let path = scene.path(&format!("/commits/{}/status", hearth_core::urls::segment(&pull.head.sha)));
        let found: Value = scene.client.get(&path).await?;
        let combined: Combined = read(&scene.client, &found)?;
        let has_failed = combined.statuses.iter().any(|status| matches!(&*status.state, "failure" | "error"));
        let standing = obstacle::Standing::find(&scene, self.which.number).await?;
        if self.json {
            output::line(&terminal::json(&found));
        } else {
            let mut table = Table::default();
            for status in &combined.statuses {
                table.row([
                    (status.state.as_str(), Some(colour(&status.state))),
                    (&status.context, None),
                    (&status.target_url, None),
                    (&status.description, None),
                ]);
            }
            table.print();
            standing.print();
            if combined.statuses.is_empty() {
                output::error(&format!("No checks have reported on #{}", pull.number));
            }
        }
        let is_good = !has_failed && standing.is_clear();
        Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn colour(status: &str) -> Colour {
    match status {
        "success" => Colour::Good,
        "failure" | "error" => Colour::Bad,
        _ => Colour::Waiting,
    }
}

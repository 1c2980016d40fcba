//! `hearth run`: starts a task from the command line, from the working tree as it is.

mod follow;
mod patch;

use std::process::ExitCode;

use serde_json::{Map, Value, json};

pub(super) use follow::{follow, sentence};

use super::{
    output,
    remote::{Client, RemoteError, Target, Where, git::Checkout},
};

#[derive(Debug, clap::Args)]
pub(super) struct RunArguments {
    /// The Python file to run, including unpushed changes
    #[arg(required_unless_present = "command", conflicts_with = "command")]
    boot_file: Option<String>,
    /// A parameter for the program; can be repeated
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// The resource spec (default: the smallest)
    #[arg(long, value_name = "CODE")]
    spec: Option<String>,
    /// The image to run in (default: the first)
    #[arg(long, value_name = "CODE")]
    image: Option<String>,
    /// The number of nodes
    #[arg(long, value_name = "N")]
    nodes: Option<u32>,
    /// The time limit, for example 90s, 30m or 2h
    #[arg(long, value_name = "TIME")]
    time_limit: Option<String>,
    /// Allow network access
    #[arg(long)]
    network: bool,
    /// Start without installing requirements.txt
    #[arg(long)]
    no_requirements: bool,
    /// The name of the task (default: the file or command)
    #[arg(long)]
    name: Option<String>,
    /// A description of the task
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// The type of task: `train` or `inference`
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// The seed passed to the program
    #[arg(long, value_name = "NUMBER", allow_hyphen_values = true)]
    seed: Option<i64>,
    /// The task that this one is based on
    #[arg(long, value_name = "TASK")]
    parent: Option<i64>,
    /// A branch, tag or commit on the server, instead of the working tree
    #[arg(long = "ref", value_name = "REVISION")]
    revision: Option<String>,
    /// Print its output until it ends, then exit with its exit code
    #[arg(long, short)]
    follow: bool,
    #[command(flatten)]
    place: Where,
    /// A command to run in the code folder instead of a file: hearth run -- torchrun train.py
    #[arg(last = true, conflicts_with = "parameters")]
    command: Vec<String>,
}

pub(super) async fn run(arguments: RunArguments) -> Result<ExitCode, RemoteError> {
    let checkout = Checkout::find().await?;
    let target = arguments.place.find(checkout.as_ref()).await?;
    let mut body = arguments.body()?;
    let client = Client::new(&target.server).await?;
    client.check(&target).await?;
    if arguments.revision.is_none() {
        let checkout = checkout.ok_or(RemoteError::NoCheckout)?;
        if let Some(file) = &arguments.boot_file {
            body.insert("boot_file".into(), checkout.below_root(file).await?.into());
        }
        add_tree(&client, &target, &checkout, &mut body).await?;
    }
    let task = client.launch(&target, &Value::Object(body)).await?;
    output::error(&format!("hearth: task {}: {}", task.id, task.html_url));
    if arguments.follow {
        return follow(&client, task.id).await;
    }
    output::line(&task.id.to_string());
    Ok(ExitCode::SUCCESS)
}

/// The newest commit that the server has, and the changes of the tree since.
async fn add_tree(
    client: &Client,
    target: &Target,
    checkout: &Checkout,
    body: &mut Map<String, Value>,
) -> Result<(), RemoteError> {
    let commits = checkout.commits().await?;
    let base = newest_known(client, target, &commits).await?;
    body.insert("ref".into(), commits[base].clone().into());
    let Some(patch) = patch::of(checkout, &commits[base]).await? else { return Ok(()) };
    let files = patch.lines().filter(|line| line.starts_with("diff --git ")).count();
    let short: String = commits[base].chars().take(10).collect();
    output::error(&format!("hearth: sending the changes of {files} files since {short}"));
    if patch.contains("\n+version https://git-lfs.github.com/spec/v1\n") {
        output::error("hearth: Git LFS files are sent as pointers. Push them to use them in the task.");
    }
    body.insert("patch".into(), patch.into());
    Ok(())
}

/// A server that has a commit has all of its ancestors, so a binary search finds the newest.
async fn newest_known(client: &Client, target: &Target, commits: &[String]) -> Result<usize, RemoteError> {
    if client.has_commit(target, &commits[0]).await? {
        return Ok(0);
    }
    let (mut unknown, mut known) = (0, commits.len());
    while known - unknown > 1 {
        // Start near the newest: most trees are only a few commits ahead.
        let middle =
            if unknown < 8 && known == commits.len() { unknown + 1 } else { usize::midpoint(unknown, known) };
        if client.has_commit(target, &commits[middle]).await? {
            known = middle;
        } else {
            unknown = middle;
        }
    }
    if known == commits.len() { Err(RemoteError::NoBase(target.server.clone())) } else { Ok(known) }
}

impl RunArguments {
    /// Only the options that were given: the server chooses the rest.
    fn body(&self) -> Result<Map<String, Value>, RemoteError> {
        let mut body = Map::new();
        match &self.boot_file {
            Some(file) => body.insert("boot_file".into(), file.clone().into()),
            None => body.insert("command".into(), self.command.clone().into()),
        };
        let texts = [
            ("kind", &self.kind),
            ("name", &self.name),
            ("description", &self.description),
            ("ref", &self.revision),
            ("image", &self.image),
            ("spec", &self.spec),
        ];
        for (name, text) in texts {
            if let Some(text) = text {
                body.insert(name.into(), text.clone().into());
            }
        }
        let parameters = self.parameters.iter().map(|text| parameter(text)).collect::<Result<Vec<_>, _>>()?;
        if !parameters.is_empty() {
            body.insert("parameters".into(), parameters.into());
        }
        if let Some(text) = &self.time_limit {
            body.insert("time_limit_seconds".into(), seconds(text)?.into());
        }
        if self.no_requirements {
            body.insert("requirements".into(), false.into());
        }
        if self.network {
            body.insert("network".into(), true.into());
        }
        if let Some(seed) = self.seed {
            body.insert("seed".into(), seed.into());
        }
        if let Some(parent) = self.parent {
            body.insert("parent_id".into(), parent.into());
        }
        if let Some(nodes) = self.nodes.filter(|nodes| *nodes > 1) {
            body.insert("nodes".into(), nodes.into());
        }
        Ok(body)
    }
}

fn parameter(text: &str) -> Result<Value, RemoteError> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => {
            Ok(json!({ "name": name.trim_start_matches("--"), "value": value }))
        }
        _ => Err(RemoteError::BadParameter(text.to_owned())),
    }
}

/// Parses `90s`, `30m`, `2h`; a number alone is seconds.
fn seconds(text: &str) -> Result<u64, RemoteError> {
    let bad = || RemoteError::BadTime(text.to_owned());
    let unit = text.chars().last().filter(char::is_ascii_alphabetic);
    let number = unit.map_or(text, |unit| text.trim_end_matches(unit));
    let factor = match unit {
        None | Some('s') => 1,
        Some('m') => 60,
        Some('h') => 3_600,
        Some('d') => 86_400,
        Some(_) => return Err(bad()),
    };
    let number: u64 = number.parse().map_err(|_| bad())?;
    number.checked_mul(factor).filter(|seconds| *seconds > 0).ok_or_else(bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_units() {
        for (text, expected) in [("90", 90), ("90s", 90), ("30m", 1_800), ("2h", 7_200), ("1d", 86_400)] {
            assert_eq!(seconds(text).expect("a time"), expected, "{text}");
        }
        for text in ["", "soon", "1w", "-1s", "0", "99999999999999999h"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_parameter_keeps_everything_after_the_first_equals_sign() {
        assert_eq!(parameter("lr=a=b").expect("one"), json!({"name": "lr", "value": "a=b"}));
        assert_eq!(parameter("--lr=").expect("one"), json!({"name": "lr", "value": ""}));
        assert!(parameter("lr").is_err() && parameter("=1").is_err());
    }
}

//! What the commands for issues and pull requests share.

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    output,
    remote::{Client, RemoteError, Target, address},
    terminal::{self, Table, moment, one_line, paragraphs},
};

/// The most rows of a list.
pub(super) const MOST_ROWS: u32 = 1_000;
/// How many are asked for at once.
const PAGE_ROWS: u32 = 50;
/// The largest file that is read as a text.
const MOST_TEXT_BYTES: u64 = 1 << 20;

/// An account.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct User {
    pub(super) login: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Label {
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
struct Comment {
    user: Option<User>,
    body: String,
    created_at: String,
}

/// Text for a title, a body or a comment.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Body {
    /// The text, in Markdown
    #[arg(long = "body", short = 'b', visible_alias = "message", value_name = "TEXT")]
    text: Option<String>,
    /// Read the text from a file; `-` is standard input
    #[arg(long = "body-file", short = 'F', value_name = "FILE", conflicts_with = "text")]
    file: Option<String>,
}

impl Body {
    /// The text that was given, if one was.
    pub(super) fn read(&self) -> Result<Option<String>, RemoteError> {
        match &self.file {
            Some(file) => read_text(file).map(Some),
            None => Ok(self.text.clone()),
        }
    }

    /// The text that was given, or is written in an editor; never empty.
    pub(super) async fn written(&self) -> Result<String, RemoteError> {
        let text = match self.read()? {
            Some(text) => text,
            None if terminal::can_ask() => terminal::edit("").await?,
            None => String::new(),
        };
        if text.trim().is_empty() {
            return Err(RemoteError::Usage(
                "there is no text\n  Give it: --body TEXT or --body-file FILE".to_owned(),
            ));
        }
        Ok(text)
    }
}

fn read_text(file: &str) -> Result<String, RemoteError> {
    use std::io::Read as _;
    let failed = |error: std::io::Error| RemoteError::File(file.to_owned(), error);
    let mut text = String::new();
    let read = if file == "-" {
        std::io::stdin().lock().take(MOST_TEXT_BYTES).read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|open| open.take(MOST_TEXT_BYTES).read_to_string(&mut text))
    };
    read.map_err(failed)?;
    Ok(text)
}

/// A path of the API below the repository.
pub(super) fn path(target: &Target, rest: &str) -> String {
    format!("/repos/{}{rest}", address(target))
}

/// The first rows of a list, page by page.
pub(super) async fn rows(client: &Client, path: &str, most: u32) -> Result<Vec<Value>, RemoteError> {
    let mut rows: Vec<Value> = Vec::new();
    let separator = if path.contains('?') { '&' } else { '?' };
    let most = most.clamp(1, MOST_ROWS);
    let size = most.min(PAGE_ROWS);
    for page in 1..=most.div_ceil(size) {
        let found: Vec<Value> = client.get(&format!("{path}{separator}limit={size}&page={page}")).await?;
        let is_last = found.len() < size as usize;
        rows.extend(found);
        if is_last {
            break;
        }
    }
    rows.truncate(most as usize);
    Ok(rows)
}

/// What the API said, as this command reads it.
pub(super) fn read<T: serde::de::DeserializeOwned>(client: &Client, value: &Value) -> Result<T, RemoteError> {
    T::deserialize(value)
        .map_err(|error| RemoteError::NoHearth(client.server().to_owned(), error.to_string()))
}

/// The id of a milestone that is named by its title or its id.
pub(super) async fn milestone(client: &Client, target: &Target, name: &str) -> Result<i64, RemoteError> {
    #[derive(Deserialize)]
    struct Milestone {
        id: i64,
    }
    let rest = format!("/milestones/{}", hearth_core::urls::segment(name));
    client.get::<Milestone>(&path(target, &rest)).await.map(|found| found.id)
}

/// Adds a comment, and prints where it is.
pub(super) async fn comment(
    client: &Client,
    target: &Target,
    number: i64,
    text: &str,
) -> Result<(), RemoteError> {
    let body = json!({ "body": text });
    let rest = format!("/issues/{number}/comments");
    let made: Value = client.send_json(Method::POST, &path(target, &rest), &body).await?;
    output::line(&one_line(made["html_url"].as_str().unwrap_or_default()));
    Ok(())
}

/// Prints a text and the comments on it.
pub(super) async fn conversation(
    client: &Client,
    target: &Target,
    number: i64,
    text: &str,
) -> Result<(), RemoteError> {
    if !text.trim().is_empty() {
        output::line(&format!("\n{}", paragraphs(text.trim())));
    }
    for row in rows(client, &path(target, &format!("/issues/{number}/comments")), MOST_ROWS).await? {
        let comment: Comment = read(client, &row)?;
        output::line(&format!("\n— {}, {}", login(comment.user.as_ref()), moment(&comment.created_at)));
        output::line(&paragraphs(comment.body.trim()));
    }
    Ok(())
}

/// Lines such as `labels  bug, fast`; empty ones are left out.
pub(super) fn facts(facts: &[(&str, String)]) {
    let mut table = Table::default();
    for (name, value) in facts.iter().filter(|(_, value)| !value.is_empty()) {
        table.row([(name, None), (value, None)]);
    }
    table.print();
}

/// The name of whoever it was.
pub(super) fn login(user: Option<&User>) -> String {
    user.map_or_else(|| "a deleted account".to_owned(), |user| one_line(&user.login))
}

pub(super) fn logins(users: &[User]) -> String {
    users.iter().map(|user| one_line(&user.login)).collect::<Vec<_>>().join(", ")
}

pub(super) fn labels(labels: &[Label]) -> String {
    labels.iter().map(|label| one_line(&label.name)).collect::<Vec<_>>().join(", ")
}

/// A query of an address; empty values are left out.
pub(super) fn query(pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    format!("?{}", query.finish())
}

/// Title and text from what somebody wrote in an editor: the first line, and the rest up to the line of scissors.
pub(super) fn title_and_text(written: &str) -> (String, String) {
    let kept = written.split(SCISSORS).next().unwrap_or_default().trim();
    let (title, text) = kept.split_once('\n').unwrap_or((kept, ""));
    (title.trim().trim_start_matches("# ").to_owned(), text.trim().to_owned())
}

/// Below this line, an editor shows what is not sent.
pub(super) const SCISSORS: &str = "------------------------ >8 ------------------------";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_the_first_line_and_hints_are_not_sent() {
        let written =
            format!("\n训练更快\n\n# Why\n\nIt was slow.\n\n{SCISSORS}\nThe first line is the title.\n");
        assert_eq!(title_and_text(&written), ("训练更快".to_owned(), "# Why\n\nIt was slow.".to_owned()));
        assert_eq!(title_and_text(SCISSORS), (String::new(), String::new()));
    }

    #[test]
    fn what_stands_in_a_query_is_escaped() {
        assert_eq!(query(&[("q", "a&b 训"), ("state", ""), ("limit", "3")]), "?q=a%26b+%E8%AE%AD&limit=3");
    }
}

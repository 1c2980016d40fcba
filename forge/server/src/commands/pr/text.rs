//! Title and text of a new pull request: from its commits, or from an editor.

use hearth_app::compare::{TEMPLATE_PLACES, without_head};

use super::{Scene, head::Head};
use crate::commands::{
    remote::{BranchName, RemoteError, git::Checkout},
    terminal::{self, one_line},
    thread::{SCISSORS, title_and_text},
};

/// At most so many commits are listed in a text.
const MOST_COMMITS: &str = "--max-count=100";
/// The largest template that is used.
const MOST_TEMPLATE_BYTES: usize = 64 << 10;

/// What somebody reads above the list of a pull request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) title: String,
    pub(super) body: String,
}

/// One commit's message.
#[derive(Debug, PartialEq, Eq)]
struct Message {
    subject: String,
    rest: String,
}

/// The words of the commits that the head has and the base lacks.
pub(super) async fn of_commits(scene: &Scene, base: &BranchName, head: &Head) -> Result<Words, RemoteError> {
    let checkout = scene.checkout()?;
    fetch(scene, checkout, base).await?;
    let arguments =
        ["log", "--reverse", "--no-merges", MOST_COMMITS, "--format=%s%x00%b%x00", "--end-of-options"];
    let listed = checkout.said(&[&arguments[..], &["FETCH_HEAD..HEAD", "--"]].concat()).await?;
    let words = from_messages(&messages(&listed), &head.branch);
    words.ok_or_else(|| RemoteError::Usage(format!("this branch has no commits that {base} lacks")))
}

/// What somebody writes in their editor, which begins with the words of the commits and the template.
pub(super) async fn written(
    scene: &Scene,
    base: &BranchName,
    head: &Head,
    given: Words,
) -> Result<Words, RemoteError> {
    if !terminal::can_ask() {
        return Err(RemoteError::Usage(
            "a pull request has a title\n  Give it: --title TEXT, or take it from the commits: --fill"
                .to_owned(),
        ));
    }
    let proposed = if head.is_current { of_commits(scene, base, head).await? } else { Words::default() };
    let title = if given.title.is_empty() { proposed.title } else { given.title };
    let template = template(scene, base).await?;
    let candidates = [given.body, template, proposed.body];
    let body = candidates.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let hint = format!(
        "The first line is the title. Nothing below the line of scissors is sent.\n{} into {base}",
        head.name
    );
    let begin = format!("{title}\n\n{body}\n\n{SCISSORS}\n{hint}\n");
    let (title, body) = title_and_text(&terminal::edit(&begin).await?);
    if title.is_empty() {
        return Err(RemoteError::Usage("the title is empty, and nothing was sent".to_owned()));
    }
    Ok(Words { title, body })
}

/// The template of the base; empty where there is none, or no clone that could fetch it.
pub(super) async fn template(scene: &Scene, base: &BranchName) -> Result<String, RemoteError> {
    let Some(checkout) = &scene.checkout else { return Ok(String::new()) };
    fetch(scene, checkout, base).await?;
    for place in TEMPLATE_PLACES {
        let revision = format!("FETCH_HEAD:{place}");
        if checkout.has(&revision).await? {
            let text = checkout.said(&["cat-file", "blob", &revision]).await?;
            let is_fit = text.len() <= MOST_TEMPLATE_BYTES;
            return Ok(if is_fit { without_head(&text).trim().to_owned() } else { String::new() });
        }
    }
    Ok(String::new())
}

/// The base as it is on the server, in `FETCH_HEAD`.
async fn fetch(scene: &Scene, checkout: &Checkout, base: &BranchName) -> Result<(), RemoteError> {
    let remote = checkout.remote_of(&scene.target).await?;
    checkout.act(&["fetch", "--quiet", "--no-tags", "--end-of-options", &remote, &base.reference()]).await
}

fn messages(listed: &str) -> Vec<Message> {
    let parts: Vec<&str> = listed.split('\0').collect();
    let message =
        |pair: &[&str]| Message { subject: one_line(pair[0].trim()), rest: pair[1].trim().to_owned() };
    parts.chunks_exact(2).map(message).collect()
}

/// Of one commit its message; of several the branch's name and their first lines.
fn from_messages(messages: &[Message], branch: &str) -> Option<Words> {
    match messages {
        [] => None,
        [only] => Some(Words { title: only.subject.clone(), body: only.rest.clone() }),
        several => {
            let last = branch.rsplit('/').next().unwrap_or(branch);
            let title = last.replace(['-', '_'], " ");
            let lines: Vec<String> = several.iter().map(|message| format!("- {}", message.subject)).collect();
            Some(Words { title: capital(&title), body: lines.join("\n") })
        }
    }
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_commit_speaks_for_itself_and_several_are_listed() {
        let one = messages("Train faster\0It was slow.\n\0\n");
        let words = from_messages(&one, "faster").expect("words");
        assert_eq!((words.title.as_str(), words.body.as_str()), ("Train faster", "It was slow."));
        let two = messages("Train faster\0\0\n训练更快\0why\0\n");
        let words = from_messages(&two, "mei/train-it_faster").expect("words");
        assert_eq!(
            (words.title.as_str(), words.body.as_str()),
            ("Train it faster", "- Train faster\n- 训练更快")
        );
        assert_eq!(from_messages(&messages(""), "x"), None);
    }
}

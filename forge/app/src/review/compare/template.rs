//! The text that a repository proposes for new pull requests.

use hearth_core::{Read, Result};
use hearth_git::{ObjectId, TreePath};

use crate::{Access, App, GitResult as _, repository::git};

/// Where such a text may be, in the order in which it is looked for.
pub const TEMPLATE_PLACES: [&str; 10] = [
    ".gitea/PULL_REQUEST_TEMPLATE.md",
    ".gitea/pull_request_template.md",
    ".forgejo/PULL_REQUEST_TEMPLATE.md",
    ".forgejo/pull_request_template.md",
    ".github/PULL_REQUEST_TEMPLATE.md",
    ".github/pull_request_template.md",
    "PULL_REQUEST_TEMPLATE.md",
    "pull_request_template.md",
    "docs/PULL_REQUEST_TEMPLATE.md",
    "docs/pull_request_template.md",
];

/// The longest one, in bytes; a longer one is ignored.
const MOST_BYTES: u64 = 64 << 10;

/// The template at a commit. Empty: there is none.
pub async fn template(app: &App, access: &Access<Read>, commit: ObjectId) -> Result<String> {
    let git = git(app, access.repository()).await?;
    let found = git.run(move |git| {
        for place in TEMPLATE_PLACES {
            let path = TreePath::file(place)?;
            let Some(entry) = git.find_entry(commit, &path)? else { continue };
            if !entry.kind.is_blob() {
                continue;
            }
            let blob = git.blob(entry.id, MOST_BYTES)?;
            return Ok(blob.data.and_then(|data| String::from_utf8(data).ok()).unwrap_or_default());
        }
        Ok(String::new())
    });
    let text = found.await.map_git()?;
    Ok(without_head(&text).to_owned())
}

/// The text after a head of settings between lines of dashes, which only programs read.
pub fn without_head(text: &str) -> &str {
    let Some(rest) = text.strip_prefix("---\n") else { return text };
    rest.split_once("\n---\n").map_or(text, |(_, body)| body.trim_start())
}

#[cfg(test)]
mod tests {
    use super::without_head;

    #[test]
    fn a_head_of_settings_is_left_out() {
        assert_eq!(without_head("---\nname: a\n---\n\nText\n"), "Text\n");
        assert_eq!(without_head("Text\n---\n"), "Text\n---\n");
        assert_eq!(without_head("---\nno end"), "---\nno end");
    }
}

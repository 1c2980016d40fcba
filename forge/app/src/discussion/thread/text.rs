//! Titles and texts, validated, with their references.

use hearth_core::{Error, Result};

use crate::{
    App,
    markdown::{self, References},
};

/// The most characters of a title.
pub const LONGEST_TITLE: usize = 255;

/// A validated text, with the references that take effect.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    pub(crate) body: String,
    pub(crate) names: References,
    /// The files in it, by the UUIDs in their addresses.
    pub(crate) attachments: Vec<String>,
}

impl Text {
    /// Call this before the operation begins: parsing a large text takes a while.
    pub(crate) async fn read(app: &App, field: &'static str, text: &str) -> Result<Self> {
        let body = checked_text(app, field, text)?;
        let mut names = markdown::named(app, &body).await;
        let most = usize::try_from(app.limits().references).unwrap_or(usize::MAX);
        names.truncate(most);
        let attachments = attachments(&body);
        if attachments.len() as u64 > app.limits().attachments {
            return Err(Error::TooLarge(app.limits().attachments_of_text()));
        }
        Ok(Self { body, names, attachments })
    }
}

/// Reports what is wrong with a title.
pub fn check_title(title: &str) -> Result<()> {
    checked_title(title).map(drop)
}

/// Makes a title one line, and checks that it is neither empty nor too long.
pub(crate) fn checked_title(title: &str) -> Result<String> {
    let title = title.split(char::is_control).collect::<Vec<_>>().join(" ");
    let title = title.trim();
    if title.is_empty() {
        return Err(Error::field("title", "required"));
    }
    if title.chars().count() > LONGEST_TITLE {
        return Err(Error::field("title", "too-long"));
    }
    Ok(title.to_owned())
}

/// Checks that both databases can store a text: line endings become `\n`, no NUL, within the limit.
fn checked_text(app: &App, field: &'static str, text: &str) -> Result<String> {
    if text.len() as u64 > app.limits().text_bytes {
        return Err(Error::TooLarge(app.limits().text()));
    }
    if text.contains('\0') {
        return Err(Error::field(field, "characters"));
    }
    Ok(text.replace("\r\n", "\n"))
}

/// The distinct UUIDs after `/attachments/` in a text.
fn attachments(text: &str) -> Vec<String> {
    const MARK: &str = "/attachments/";
    const UUID_LETTERS: usize = 36;
    let mut found = Vec::new();
    for (start, _) in text.match_indices(MARK) {
        let uuid = text[start + MARK.len()..].get(..UUID_LETTERS);
        let uuid = uuid.filter(|uuid| uuid.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-'));
        if let Some(uuid) = uuid.map(str::to_ascii_lowercase)
            && !found.contains(&uuid)
        {
            found.push(uuid);
        }
        // Enough to exceed the limit; the rest of such a text is not scanned.
        if found.len() > 1_000 {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_a_text_are_found_once() {
        let uuid = "0b5c7d6e-1111-4222-8333-444455556666";
        let text = format!(
            "![a](/mei/llm/attachments/{uuid}) [b](/mei/llm/attachments/{uuid}) /attachments/x /attachments/数据"
        );
        assert_eq!(attachments(&text), [uuid]);
    }
}

//! Labels of a repository.

use std::collections::HashMap;

use hearth_core::{Conflict, Error, FieldErrors, Kind, LabelId, Read, Result, Write};
pub use hearth_store::label::Label;
use hearth_store::{Meaning as _, label as row};

use crate::{Access, App};

const LONGEST_NAME: usize = 50;
const LONGEST_DESCRIPTION: usize = 200;

/// The fields of a label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelInput {
    pub name: String,
    /// Six hex digits, with or without `#`.
    pub color: String,
    pub description: String,
    /// It replaces other exclusive labels that have the same text before the last slash of their names.
    pub is_exclusive: bool,
}

/// The labels offered to a new repository: the names that people and programs know from elsewhere.
pub const DEFAULTS: [(&str, &str, &str); 7] = [
    ("bug", "d1242f", "Something does not work"),
    ("duplicate", "6e7781", "Is there already"),
    ("enhancement", "1f7a8c", "Something new or better"),
    ("help wanted", "1a7f37", "Anybody may take this"),
    ("invalid", "953800", "Cannot be worked on as it is"),
    ("question", "8250df", "Something to be answered"),
    ("wontfix", "57606a", "Will not be worked on"),
];
/// What programs call [`DEFAULTS`].
pub const DEFAULT_SET: &str = "Default";

/// The fields as they are stored, for labels of repositories and of organisations.
pub(crate) fn checked(input: &LabelInput) -> Result<LabelInput> {
    let mut mistakes = FieldErrors::default();
    let name = input.name.trim();
    if name.is_empty() {
        mistakes.add("name", "required");
    } else if name.chars().count() > LONGEST_NAME {
        mistakes.add("name", "too-long");
    } else if name.chars().any(|letter| letter.is_control() || matches!(letter, '"' | ',')) {
        mistakes.add("name", "characters");
    }
    let color = input.color.trim().trim_start_matches('#').to_ascii_lowercase();
    let color = match color.as_bytes() {
        &[r, g, b] => String::from_utf8_lossy(&[r, r, g, g, b, b]).into_owned(),
        _ => color,
    };
    if color.len() != 6 || !color.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        mistakes.add("color", "color");
    }
    let description = input.description.trim();
    if description.chars().count() > LONGEST_DESCRIPTION {
        mistakes.add("description", "too-long");
    } else if description.contains(char::is_control) {
        mistakes.add("description", "characters");
    }
    mistakes.into_result()?;
    Ok(LabelInput {
        name: name.to_owned(),
        color,
        description: description.to_owned(),
        is_exclusive: input.is_exclusive,
    })
}

pub async fn create(app: &App, access: &Access<Write>, input: &LabelInput) -> Result<Label> {
    let input = checked(input)?;
    let repository = access.repository().id;
    let mut operation = app.begin().await?;
    if row::list(&mut operation, repository).await?.len() as u64 >= app.limits().labels {
        return Err(Error::TooLarge(app.limits().labels_of_repository()));
    }
    let new = row::NewLabel {
        repository_id: repository,
        name: input.name,
        color: input.color,
        description: input.description,
        is_exclusive: input.is_exclusive,
        created_at: app.now(),
    };
    let label = row::insert(&mut operation, &new).await.on_taken(Conflict::LabelTaken)?;
    operation.commit().await?;
    Ok(label)
}

/// Adds those [`DEFAULTS`] that the repository does not have, and returns how many.
pub async fn create_defaults(app: &App, access: &Access<Write>) -> Result<usize> {
    let repository = access.repository().id;
    let mut operation = app.begin().await?;
    let mut added = 0;
    for (name, color, description) in DEFAULTS {
        if row::find_by_name(&mut operation, repository, name).await?.is_some() {
            continue;
        }
        let new = row::NewLabel {
            repository_id: repository,
            name: name.into(),
            color: color.into(),
            description: description.into(),
            is_exclusive: false,
            created_at: app.now(),
        };
        row::insert(&mut operation, &new).await.on_taken(Conflict::LabelTaken)?;
        added += 1;
    }
    operation.commit().await?;
    Ok(added)
}

/// Changes to a label; `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelEdit {
    pub name: Option<String>,
    pub color: Option<String>,
    pub description: Option<String>,
    pub is_exclusive: Option<bool>,
}

impl From<LabelInput> for LabelEdit {
    fn from(whole: LabelInput) -> Self {
        Self {
            name: Some(whole.name),
            color: Some(whole.color),
            description: Some(whole.description),
            is_exclusive: Some(whole.is_exclusive),
        }
    }
}

impl LabelEdit {
    /// The checked fields of a label that had others.
    pub(crate) fn applied_to(self, old: LabelInput) -> Result<LabelInput> {
        checked(&LabelInput {
            name: self.name.unwrap_or(old.name),
            color: self.color.unwrap_or(old.color),
            description: self.description.unwrap_or(old.description),
            is_exclusive: self.is_exclusive.unwrap_or(old.is_exclusive),
        })
    }
}

pub async fn edit(app: &App, access: &Access<Write>, id: LabelId, edit: LabelEdit) -> Result<Label> {
    let repository = access.repository().id;
    let mut operation = app.begin().await?;
    let old = row::lock(&mut operation, repository, id).await?.ok_or(Error::NotFound(Kind::Label))?;
    let Label { id, repository_id, name, color, description, is_exclusive } = old;
    let input = edit.applied_to(LabelInput { name, color, description, is_exclusive })?;
    let LabelInput { name, color, description, is_exclusive } = input;
    let new = Label { id, repository_id, name, color, description, is_exclusive };
    row::update(&mut operation, &new).await.on_taken(Conflict::LabelTaken)?;
    operation.commit().await?;
    Ok(new)
}

/// Deletes a label and removes it from every issue.
pub async fn delete(app: &App, access: &Access<Write>, id: LabelId) -> Result<Label> {
    let mut operation = app.begin().await?;
    let found = row::find(&mut operation, access.repository().id, id).await?;
    let label = found.ok_or(Error::NotFound(Kind::Label))?;
    row::delete(&mut operation, id).await?;
    operation.commit().await?;
    Ok(label)
}

pub async fn find(app: &App, access: &Access<Read>, id: LabelId) -> Result<Label> {
    let found = row::find(&mut app.store().read().await?, access.repository().id, id).await?;
    found.ok_or(Error::NotFound(Kind::Label))
}

/// By name, ignoring case.
pub async fn find_by_name(app: &App, access: &Access<Read>, name: &str) -> Result<Label> {
    let found = row::find_by_name(&mut app.store().read().await?, access.repository().id, name).await?;
    found.ok_or(Error::NotFound(Kind::Label))
}

/// All labels of the repository, by name.
pub async fn list(app: &App, access: &Access<Read>) -> Result<Vec<Label>> {
    Ok(row::list(&mut app.store().read().await?, access.repository().id).await?)
}

/// How many open issues carry each label.
pub async fn count_open_issues(app: &App, access: &Access<Read>) -> Result<HashMap<LabelId, i64>> {
    let counts = row::count_open_issues(&mut app.store().read().await?, access.repository().id).await?;
    Ok(counts.into_iter().collect())
}

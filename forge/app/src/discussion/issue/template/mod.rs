//! What a repository proposes for new issues: templates in Markdown, forms in YAML, and where else to ask. They are files of the
//! default branch, which anybody may have written.

mod answer;
mod form;
mod parse;
#[cfg(test)]
mod tests;
mod yaml;

use hearth_core::{Error, Kind, Read, Result, Unit};
use hearth_git::{EntryKind, ObjectId, OpenRepository, TreePath};

pub use answer::{AnswerMistake, Answers, markdown, mistakes};
pub use form::{CheckOption, Field, FieldKind};

use crate::{Access, App, GitResult as _, access, repository::git};

/// The folders in which they may be, in the order in which they are looked for. Only the first that has any counts.
const FOLDERS: [&str; 6] = [
    ".gitea/ISSUE_TEMPLATE",
    ".gitea/issue_template",
    ".forgejo/ISSUE_TEMPLATE",
    ".forgejo/issue_template",
    ".github/ISSUE_TEMPLATE",
    ".github/issue_template",
];

/// A template for all issues.
const FILES: [&str; 7] = [
    ".gitea/ISSUE_TEMPLATE.md",
    ".gitea/issue_template.md",
    ".forgejo/ISSUE_TEMPLATE.md",
    ".github/ISSUE_TEMPLATE.md",
    ".github/issue_template.md",
    "ISSUE_TEMPLATE.md",
    "docs/ISSUE_TEMPLATE.md",
];

/// What a new issue is written from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IssueTemplate {
    /// Its file.
    pub path: String,
    pub name: String,
    pub about: String,
    /// With which the title begins.
    pub title: String,
    /// Names; those that the repository does not have are ignored.
    pub labels: Vec<String>,
    pub assignees: Vec<String>,
    pub content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// With which the text begins.
    Text(String),
    Form(Vec<Field>),
}

impl IssueTemplate {
    fn plain(path: &str, name: String, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            name,
            about: String::new(),
            title: String::new(),
            labels: Vec::new(),
            assignees: Vec::new(),
            content: Content::Text(text.to_owned()),
        }
    }

    /// The last part of its path, by which addresses name it.
    pub fn file(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }
}

/// What the page on which one chooses shows beside the templates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Whether issues may be opened without any of the templates.
    pub takes_blank: bool,
    pub links: Vec<ContactLink>,
}

impl Default for Config {
    fn default() -> Self {
        Self { takes_blank: true, links: Vec::new() }
    }
}

/// Another place to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactLink {
    pub name: String,
    /// `https` or `http`.
    pub address: String,
    pub about: String,
}

/// What is wrong with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// It is not YAML.
    Syntax,
    NotUtf8,
    TooLarge,
    TooDeep,
    TooLong,
    Alias,
    Duplicate,
    NotMap,
    NotList,
    NotText,
    Missing,
    UnknownType,
    NoFields,
    /// An id has other characters than letters, digits, `-` and `_`.
    Id,
    Address,
}

impl ProblemKind {
    /// With this word the message for it ends.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::NotUtf8 => "not-utf8",
            Self::TooLarge => "too-large",
            Self::TooDeep => "too-deep",
            Self::TooLong => "too-long",
            Self::Alias => "alias",
            Self::Duplicate => "duplicate",
            Self::NotMap => "not-map",
            Self::NotList => "not-list",
            Self::NotText => "not-text",
            Self::Missing => "missing",
            Self::UnknownType => "unknown-type",
            Self::NoFields => "no-fields",
            Self::Id => "id",
            Self::Address => "address",
        }
    }
}

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateProblem {
    /// Counted from 1.
    pub line: usize,
    pub kind: ProblemKind,
    /// The key or the value that it is about, if any.
    pub key: String,
}

impl TemplateProblem {
    fn new(line: usize, kind: ProblemKind) -> Self {
        Self { line: line.max(1), kind, key: String::new() }
    }

    /// The same in a file that has lines above what was read.
    fn below(self, lines: usize) -> Self {
        Self { line: self.line.saturating_add(lines), ..self }
    }
}

/// A file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidTemplate {
    pub path: String,
    pub problem: TemplateProblem,
}

/// Everything that a repository proposes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Templates {
    pub templates: Vec<IssueTemplate>,
    /// To be told to those who can mend them.
    pub invalid: Vec<InvalidTemplate>,
    pub config: Config,
}

impl Templates {
    /// Whether there is nothing to choose from.
    pub fn is_empty(&self) -> bool {
        self.templates.is_empty() && self.config.links.is_empty()
    }

    /// The template in a file of this name.
    pub fn find(&self, file: &str) -> Result<&IssueTemplate> {
        let found = self.templates.iter().find(|template| template.file() == file);
        found.ok_or(Error::NotFound(Kind::IssueTemplate))
    }

    fn take(&mut self, path: &str, text: std::result::Result<String, ProblemKind>) {
        let file = path.rsplit('/').next().unwrap_or(path);
        let is_config = matches!(file, "config.yml" | "config.yaml");
        let read = text.map_err(|kind| TemplateProblem::new(1, kind)).and_then(|text| {
            if is_config {
                self.config = parse::config(&text)?;
            } else {
                self.templates.push(parse::template(path, &text)?);
            }
            Ok(())
        });
        if let Err(problem) = read {
            self.invalid.push(InvalidTemplate { path: path.to_owned(), problem });
        }
    }
}

/// What the default branch proposes; nothing to those who may not read the code.
pub async fn templates(app: &App, access: &Access<Read>) -> Result<Templates> {
    let Some(code) = access::if_seen(access.enter_unit(Unit::Code))? else { return Ok(Templates::default()) };
    let git = git(app, code.repository()).await?;
    let (most, bytes) = (app.limits().issue_templates, app.limits().issue_template_bytes);
    let found = git.run(move |git| files(git, usize::try_from(most).unwrap_or(usize::MAX), bytes));
    let mut templates = Templates::default();
    for (path, text) in found.await.map_git()? {
        templates.take(&path, text);
    }
    Ok(templates)
}

type TemplateFile = (String, std::result::Result<String, ProblemKind>);

fn files(git: &OpenRepository, most: usize, bytes: u64) -> hearth_git::Result<Vec<TemplateFile>> {
    let Some(commit) = git.head()? else { return Ok(Vec::new()) };
    for folder in FOLDERS {
        let path = TreePath::new(folder)?;
        let is_folder =
            git.find_entry(commit, &path)?.is_some_and(|entry| entry.kind == EntryKind::Directory);
        if !is_folder {
            continue;
        }
        let mut found = Vec::new();
        for entry in git.tree(commit, &path, most)?.entries {
            let is_template = [".md", ".yml", ".yaml"].iter().any(|end| entry.name.ends_with(end));
            if entry.kind.is_blob() && is_template {
                found.push((format!("{folder}/{}", entry.name), text(git, entry.id, bytes)?));
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
    }
    for file in FILES {
        let entry = git.find_entry(commit, &TreePath::file(file)?)?;
        if let Some(entry) = entry.filter(|entry| entry.kind.is_blob()) {
            return Ok(vec![(file.to_owned(), text(git, entry.id, bytes)?)]);
        }
    }
    Ok(Vec::new())
}

fn text(
    git: &OpenRepository,
    blob: ObjectId,
    bytes: u64,
) -> hearth_git::Result<std::result::Result<String, ProblemKind>> {
    let Some(data) = git.blob(blob, bytes)?.data else { return Ok(Err(ProblemKind::TooLarge)) };
    Ok(String::from_utf8(data).map_err(|_| ProblemKind::NotUtf8))
}

use serde::{Deserialize, Serialize};

/// Who may make an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Registration {
    #[default]
    Open,
    /// With a code from an administrator.
    Invite,
    /// Only administrators make accounts.
    Closed,
}

/// How this site is run; section `[site]` of the configuration.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Shown in the bar and in titles.
    pub name: String,
    pub registration: Registration,
    /// Days until a session that is not used ends.
    pub session_days: u32,
    /// Minutes for which an administrator acts as one in everybody's repositories once they have said so.
    pub administering_minutes: u32,
    /// Days until a new token ends when its maker names no day; 0: never.
    pub token_days: u32,
    /// Days that outputs of a task stay on this machine which its agent could not deliver.
    pub undelivered_days: u32,
    /// Endings of the names of files that texts of issues take; `*` for every file.
    pub attachment_types: Vec<String>,
}

/// Pictures, texts, tables, logs and archives. Nothing of it is ever run: what could be is handed out to be saved.
const ATTACHMENT_TYPES: &[&str] = &[
    "avif", "bmp", "csv", "diff", "docx", "gif", "gz", "html", "ipynb", "jpeg", "jpg", "json", "jsonl",
    "log", "md", "mp4", "odt", "patch", "pdf", "png", "pptx", "py", "svg", "tar", "tgz", "toml", "tsv",
    "txt", "webm", "webp", "xlsx", "xz", "yaml", "yml", "zip", "zst",
];

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "Hearth".into(),
            registration: Registration::Open,
            session_days: 30,
            administering_minutes: 60,
            token_days: 0,
            undelivered_days: 7,
            attachment_types: ATTACHMENT_TYPES.iter().map(ToString::to_string).collect(),
        }
    }
}

use serde::{Deserialize, Serialize};

use crate::{Registration, registration::or_auto};

/// How this site is run; section `[site]` of the configuration.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Shown in the navigation bar and in titles.
    pub name: String,
    /// Who may create an account until an administrator chooses on a page. None: everybody who reaches a server
    /// that only this machine reaches, and nobody else.
    #[serde(with = "or_auto")]
    pub registration: Option<Registration>,
    /// Days until an unused session ends.
    pub session_days: u32,
    /// Minutes for which an administrator can act as one in everybody's repositories after requesting it.
    pub administering_minutes: u32,
    /// Days until a new token expires if its creator sets no date; 0: never.
    pub token_days: u32,
    /// Days for which this machine keeps a task's outputs that its agent could not deliver.
    pub undelivered_days: u32,
    /// Days for which the audit log keeps the addresses that changes came from; 0: forever.
    pub audit_address_days: u32,
    /// Extensions of files that may be attached to issues; `*` for every file.
    pub attachment_types: Vec<String>,
    /// Whether texts show pictures of other hosts, which this server fetches; otherwise they show links.
    pub external_pictures: bool,
    /// The version of Gitea's API that `/api/v1` speaks. Clients choose by it what they may ask for.
    pub gitea_version: String,
}

/// Images, texts, tables, logs and archives. Browsers never execute any of them: active content is served as
/// a download.
const ATTACHMENT_TYPES: &[&str] = &[
    "avif", "bmp", "csv", "diff", "docx", "gif", "gz", "html", "ipynb", "jpeg", "jpg", "json", "jsonl",
    "log", "md", "mp4", "odt", "patch", "pdf", "png", "pptx", "py", "svg", "tar", "tgz", "toml", "tsv",
    "txt", "webm", "webp", "xlsx", "xz", "yaml", "yml", "zip", "zst",
];

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "Hearth".into(),
            registration: None,
            session_days: 30,
            administering_minutes: 60,
            token_days: 0,
            undelivered_days: 7,
            audit_address_days: 180,
            attachment_types: ATTACHMENT_TYPES.iter().map(ToString::to_string).collect(),
            external_pictures: true,
            gitea_version: "1.24.7".into(),
        }
    }
}

use std::path::PathBuf;

use hearth_app::mail::{MailError, MailSettings, Mailer, Security};
use serde::{Deserialize, Serialize};

use super::{SecretText, UnreadableFile, secret};

/// Section `[mail]`: who takes the letters of this site.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MailConfig {
    /// Empty: no letters are sent, and pages say so.
    pub host: String,
    /// 0: 465 with TLS, 587 with STARTTLS, 25 without.
    pub port: u16,
    pub security: MailSecurity,
    /// Empty: without signing in.
    pub username: String,
    pub password: SecretText,
    /// A file that holds the password instead.
    pub password_file: PathBuf,
    /// As in `Hearth <hearth@example.org>`.
    pub from: String,
    /// Certificates of the authority behind the server, as PEM; empty: a well-known one.
    pub ca_file: PathBuf,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MailSecurity {
    #[default]
    Tls,
    StartTls,
    None,
}

/// Why letters cannot be sent as it is configured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadMail {
    #[error(transparent)]
    File(#[from] UnreadableFile),
    #[error(transparent)]
    Settings(#[from] MailError),
}

impl MailConfig {
    /// None: no letters are sent.
    pub(crate) fn mailer(&self) -> Result<Option<Mailer>, BadMail> {
        if self.host.is_empty() {
            return Ok(None);
        }
        let password = self.password.or_file(&self.password_file);
        let authority = secret::read_file(&self.ca_file);
        let settings = MailSettings {
            host: self.host.clone(),
            port: self.port,
            security: match self.security {
                MailSecurity::Tls => Security::Tls,
                MailSecurity::StartTls => Security::StartTls,
                MailSecurity::None => Security::None,
            },
            username: self.username.clone(),
            password: password.map_err(|source| UnreadableFile { key: "mail.password_file", source })?,
            from: self.from.clone(),
            authority_pem: authority
                .map_err(|source| UnreadableFile { key: "mail.ca_file", source })?
                .into_bytes(),
            patience: None,
        };
        Ok(Some(Mailer::new(&settings)?))
    }
}

use std::path::PathBuf;

use hearth_app::mail::{MailError, MailSettings, Mailer, Security};
use serde::{Deserialize, Serialize};

use super::{SecretText, UnreadableFile, secret};

/// Section `[mail]`: the mail server for this site's emails.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct MailConfig {
    /// Empty: no emails are sent, and pages say so.
    pub host: String,
    /// 0 for 465 with TLS, 587 with STARTTLS, 25 without.
    pub port: u16,
    pub security: MailSecurity,
    /// Empty for no authentication.
    pub username: String,
    pub password: SecretText,
    /// A file that contains the password instead.
    pub password_file: PathBuf,
    /// As in `Hearth <hearth@example.org>`.
    pub from: String,
    /// Certificate authority of the server, as PEM; empty if it is well known.
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

/// Why emails cannot be sent with this configuration.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BadMail {
    #[error(transparent)]
    File(#[from] UnreadableFile),
    #[error(transparent)]
    Settings(#[from] MailError),
}

impl MailConfig {
    /// `None` if no emails are sent.
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

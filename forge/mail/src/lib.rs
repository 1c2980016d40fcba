//! E-mail: rendering it in the reader's language, and sending it through a mail server (SMTP, RFC 5321).

mod letter;
mod mailer;
mod settings;

pub use letter::{EmailKind, EmailMessage};
pub use mailer::{MailError, Mailer};
pub use settings::{MailSettings, Security};

//! Letters: what stands in them, in the reader's language, and how a mail server is handed one (SMTP, RFC 5321).

mod letter;
mod mailer;
mod settings;

pub use letter::{Letter, LetterKind};
pub use mailer::{MailError, Mailer};
pub use settings::{MailSettings, Security};

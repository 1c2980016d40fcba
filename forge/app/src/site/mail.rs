//! Emails that this site sends. They go through the job queue, so that no request waits for a mail server,
//! and are retried while the server is unavailable; permanent rejections are shown to administrators.

use std::time::SystemTime;

use hearth_core::{Action, Dependency, Email, Error, Language, Result, Scope, Timestamp};
use hearth_store::setting;

pub use hearth_mail::{EmailKind, EmailMessage, MailError, MailSettings, Mailer, Security};

use crate::{Actor, App, secret};

/// The setting that holds the latest permanent rejection.
const REFUSED: &str = "mail.refused";

/// The latest permanent rejection by the mail server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub at: Timestamp,
    pub text: String,
}

/// The state of mail delivery, for administrators.
#[derive(Clone, Debug)]
pub struct Overview {
    pub place: String,
    pub from: String,
    pub refusal: Option<Refusal>,
}

/// Whether this site can send email.
pub fn is_configured(app: &App) -> bool {
    app.mailer().is_some()
}

/// None: email is not configured.
pub async fn overview(app: &App, actor: &Actor) -> Result<Option<Overview>> {
    actor.administrator(Scope::ReadAdmin)?;
    let Some(mailer) = app.mailer() else { return Ok(None) };
    let kept = setting::find(&mut app.store().read().await?, REFUSED).await?;
    let refusal = kept.as_deref().and_then(|kept| {
        let (at, text) = kept.split_once(' ')?;
        Some(Refusal { at: Timestamp::from_microsecond(at.parse().ok()?), text: text.to_owned() })
    });
    Ok(Some(Overview { place: mailer.place().to_owned(), from: mailer.from(), refusal }))
}

/// Sends a test email, and waits for the mail server's answer.
pub async fn send_test(app: &App, actor: &Actor, language: Language) -> Result<Result<Email, MailError>> {
    let admin = actor.administrator(Scope::WriteAdmin)?;
    let mailer = app.mailer().ok_or(Error::Forbidden(Action::SendMail))?;
    Ok(write_test(app, mailer, &admin.email, language).await.map(|()| admin.email.clone()))
}

/// The same for the operator, to any address.
pub async fn write_test(app: &App, mailer: &Mailer, to: &Email, language: Language) -> Result<(), MailError> {
    let letter = write(app, &EmailKind::Test, language);
    mailer.send(to, &letter, &secret::make(app.random()), now(app)).await
}

/// Sends a job's email. A temporary failure is returned as an error, so that the job is retried; a permanent
/// rejection is stored for administrators, and the job is done. `false`: it was rejected.
pub(crate) async fn hand_over(
    app: &App,
    to: &Email,
    kind: &EmailKind<'_>,
    language: Language,
) -> Result<bool> {
    let mailer = app.mailer().ok_or(Error::Unavailable(Dependency::Mail))?;
    let letter = write(app, kind, language);
    match mailer.send(to, &letter, &secret::make(app.random()), now(app)).await {
        Ok(()) => Ok(true),
        Err(error) if error.is_transient() => {
            tracing::warn!(error = &error as &dyn std::error::Error, "an email could not be sent yet");
            Err(Error::Unavailable(Dependency::Mail))
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "an email was permanently rejected");
            let mut operation = app.begin().await?;
            setting::put(&mut operation, REFUSED, &format!("{} {error}", app.now().as_microsecond())).await?;
            operation.commit().await?;
            Ok(false)
        }
    }
}

fn write(app: &App, kind: &EmailKind<'_>, language: Language) -> EmailMessage {
    EmailMessage::write(kind, language, &app.settings().name, app.urls().root())
}

fn now(app: &App) -> SystemTime {
    SystemTime::UNIX_EPOCH
        + std::time::Duration::from_micros(u64::try_from(app.now().as_microsecond()).unwrap_or(0))
}

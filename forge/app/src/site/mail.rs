//! Letters that this site sends. They wait in the queue of jobs, so that nobody waits for a mail server, and are tried again while it is
//! away; what it refuses for good is said to administrators.

use std::time::SystemTime;

use hearth_core::{Action, Dependency, Email, Error, Language, Result, Scope, Timestamp};
use hearth_store::setting;

pub use hearth_mail::{Letter, LetterKind, MailError, MailSettings, Mailer, Security};

use crate::{Actor, App, secret};

/// The last letter that the mail server refused for good.
const REFUSED: &str = "mail.refused";

/// What the mail server refused last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub at: Timestamp,
    pub text: String,
}

/// How letters go, for administrators.
#[derive(Clone, Debug)]
pub struct Overview {
    pub place: String,
    pub from: String,
    pub refusal: Option<Refusal>,
}

/// Whether this site can send letters.
pub fn is_configured(app: &App) -> bool {
    app.mailer().is_some()
}

/// None: no letters are sent.
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

/// Sends a letter to see whether letters arrive, and waits for what the mail server says.
pub async fn send_test(app: &App, actor: &Actor, language: Language) -> Result<Result<Email, MailError>> {
    let admin = actor.administrator(Scope::WriteAdmin)?;
    let mailer = app.mailer().ok_or(Error::Forbidden(Action::SendMail))?;
    Ok(write_test(app, mailer, &admin.email, language).await.map(|()| admin.email.clone()))
}

/// The same for the operator, to any address.
pub async fn write_test(app: &App, mailer: &Mailer, to: &Email, language: Language) -> Result<(), MailError> {
    let letter = write(app, &LetterKind::Test, language);
    mailer.send(to, &letter, &secret::make(app.chance()), now(app)).await
}

/// Hands a letter of a job over. What waiting mends is an error, so that the job is tried again; what is refused for good is kept for
/// administrators, and the job has ended. `false`: it was refused.
pub(crate) async fn hand_over(
    app: &App,
    to: &Email,
    kind: &LetterKind<'_>,
    language: Language,
) -> Result<bool> {
    let mailer = app.mailer().ok_or(Error::Unavailable(Dependency::Mail))?;
    let letter = write(app, kind, language);
    match mailer.send(to, &letter, &secret::make(app.chance()), now(app)).await {
        Ok(()) => Ok(true),
        Err(error) if error.is_passing() => {
            tracing::warn!(error = &error as &dyn std::error::Error, "a letter waits");
            Err(Error::Unavailable(Dependency::Mail))
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a letter was refused for good");
            let mut operation = app.begin().await?;
            setting::put(&mut operation, REFUSED, &format!("{} {error}", app.now().as_microsecond())).await?;
            operation.commit().await?;
            Ok(false)
        }
    }
}

fn write(app: &App, kind: &LetterKind<'_>, language: Language) -> Letter {
    Letter::write(kind, language, &app.settings().name, app.urls().root())
}

fn now(app: &App) -> SystemTime {
    SystemTime::UNIX_EPOCH
        + std::time::Duration::from_micros(u64::try_from(app.now().as_microsecond()).unwrap_or(0))
}

use std::process::ExitCode;

use clap::Subcommand;
use hearth_app::mail;
use hearth_core::{Email, Language};

use super::output;
use crate::{
    config::Config,
    wiring::{self, StartError},
};

/// The emails of a site.
#[derive(Debug, Subcommand)]
pub(super) enum MailCommand {
    /// Send a test email and print the mail server's answer
    Test {
        /// The recipient
        #[arg(long, value_name = "ADDRESS")]
        to: String,
        /// The language of the email
        #[arg(long, default_value = "en", value_name = "TAG")]
        language: String,
    },
}

pub(super) async fn run(config: Config, command: MailCommand) -> Result<ExitCode, StartError> {
    let MailCommand::Test { to, language } = command;
    let to: Email = to.parse().map_err(|_| StartError::App(format!("{to:?} is not an email address")))?;
    let language = Language::of_tag(&language)
        .ok_or_else(|| StartError::App(format!("unknown language {language:?}: use en or zh-CN")))?;
    wiring::make_folder(&config.data.directory)?;
    let store = wiring::open_store(&config).await?;
    store.migrate().await?;
    let app = wiring::tool(&config, store).await?;
    let sent = match app.mailer() {
        Some(mailer) => {
            mail::write_test(&app, mailer, &to, language).await.map(|()| mailer.place().to_owned())
        }
        None => return Err(StartError::App("no mail server is configured: set mail.host".to_owned())),
    };
    app.store().close().await;
    let place = sent.map_err(|error| StartError::App(error.to_string()))?;
    output::line(&format!("Test email to {to} handed to {place}."));
    Ok(ExitCode::SUCCESS)
}

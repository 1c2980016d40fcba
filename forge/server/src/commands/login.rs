//! `hearth login`: hands a token to git's credential store, where `hearth` and `git` find it.

use std::process::ExitCode;

use super::{
    output,
    remote::{Client, RemoteError, Where, git::Checkout, known, token},
    terminal,
};

const EXAMPLES: &str = "\
Examples:
  hearth login https://forge.example.org
  hearth login https://forge.example.org < token.txt

Create a token at https://…/user/settings/applications with the scopes write:repository, write:issue and write:task.
It goes to git's credential store: choose one first, for example with git config --global credential.helper store.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct LoginArguments {
    /// The address of the server (default: that of the clone)
    #[arg(value_name = "URL")]
    address: Option<String>,
}

pub(super) async fn run(arguments: LoginArguments) -> Result<ExitCode, RemoteError> {
    let checkout = Checkout::find().await?;
    let server = Where::at(arguments.address).server(checkout.as_ref()).await?;
    if terminal::can_ask() {
        output::error(&format!("Create an access token at {server}/user/settings/applications"));
    }
    let secret = terminal::secret("Token: ");
    if secret.is_empty() {
        return Err(RemoteError::Usage(
            "no token was given\n  Paste it when asked, or hand it over: hearth login URL < token.txt"
                .to_owned(),
        ));
    }
    let name = Client::with_token(&server, secret.clone())?.whoami().await?;
    known::remember(&server);
    if !token::keep(&server, &name, &secret).await {
        return Err(RemoteError::Usage(
            "git has no credential helper that keeps the token\n  Choose one, then sign in again: git config --global \
             credential.helper store"
                .to_owned(),
        ));
    }
    output::line(&format!("Signed in to {server} as {name}"));
    Ok(ExitCode::SUCCESS)
}

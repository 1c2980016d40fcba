use std::{
    io::{self, Read as _},
    process::ExitCode,
};

use clap::Subcommand;
use hearth_app::{
    App,
    access_token::{self, NewToken},
    password::Password,
    task::{self, TaskFilter},
    user::{self, NewAccount},
};
use hearth_core::PageRequest;
use hearth_store::user::User;

use super::output;
use crate::{
    config::Config,
    wiring::{self, StartError},
};

/// What can be done from the server's own machine, whether or not the server runs.
#[derive(Debug, Subcommand)]
pub(super) enum AdminCommand {
    /// Accounts
    #[command(subcommand)]
    User(UserCommand),
    /// Access tokens
    #[command(subcommand)]
    Token(TokenCommand),
    /// Computing tasks
    #[command(subcommand)]
    Task(TaskCommand),
}

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make an account
    Create {
        name: String,
        #[arg(long)]
        email: String,
        /// An administrator of the site
        #[arg(long)]
        admin: bool,
        /// Read the password from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Give an account another password and end its sessions
    ResetPassword {
        name: String,
        /// Read the password from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Make a token; it alone is printed
    Create {
        #[arg(long)]
        user: String,
        /// Such as write:repository,write:task, or all
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
        /// What the token is called in the list of tokens
        #[arg(long)]
        name: Option<String>,
        /// Days until it ends
        #[arg(long)]
        days: Option<u32>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum TaskCommand {
    /// List tasks, the newest first
    List {
        /// Only those that have not ended
        #[arg(long)]
        active: bool,
    },
}

pub(super) async fn run(config: Config, command: AdminCommand) -> Result<ExitCode, StartError> {
    wiring::make_folder(&config.data.directory)?;
    let store = wiring::open_store(&config).await?;
    store.migrate().await?;
    let app = wiring::tool(&config, store).await?;
    match command {
        AdminCommand::User(command) => manage_user(&app, command).await?,
        AdminCommand::Token(command) => manage_token(&app, command).await?,
        AdminCommand::Task(TaskCommand::List { active }) => list_tasks(&app, active).await?,
    }
    app.store().close().await;
    Ok(ExitCode::SUCCESS)
}

async fn manage_user(app: &App, command: UserCommand) -> Result<(), StartError> {
    match command {
        UserCommand::Create { name, email, admin, .. } => {
            let password = read_password()?;
            let new = NewAccount { name, display_name: String::new(), email, password, is_admin: admin };
            let made = user::create_as_operator(app, new).await?;
            output::line(&format!("Made {}", made.name));
        }
        UserCommand::ResetPassword { name, .. } => {
            user::reset_password(app, &name, &read_password()?).await?;
            output::line(&format!("{name} has a new password; all sessions ended"));
        }
    }
    Ok(())
}

async fn manage_token(app: &App, command: TokenCommand) -> Result<(), StartError> {
    let TokenCommand::Create { user, scopes, name, days } = command;
    let person = find(app, &user).await?;
    let name = name.unwrap_or_else(|| format!("command line at {}", app.now()));
    let minted = access_token::mint_for(app, &person, NewToken { name, scopes, days }).await?;
    output::line(&minted.secret);
    Ok(())
}

async fn list_tasks(app: &App, is_active: bool) -> Result<(), StartError> {
    let states = if is_active { task::active_states() } else { Vec::new() };
    let filter = TaskFilter { states, ..TaskFilter::default() };
    let mut reader = app.store().read().await?;
    for task in
        hearth_store::task::list_all(&mut reader, &filter, PageRequest::new(1, PageRequest::LARGEST)).await?
    {
        output::line(&format!(
            "{}\t{}\t{}\t{}\t{}\t{}",
            task.id, task.state, task.reason, task.kind, task.creator, task.name
        ));
    }
    Ok(())
}

async fn find(app: &App, name: &str) -> Result<User, StartError> {
    let mut reader = app.store().read().await?;
    let found = hearth_store::user::find_by_name(&mut reader, name).await?;
    found.ok_or_else(|| StartError::App(format!("there is no account {name}")))
}

/// Everything up to the end of the first line.
fn read_password() -> Result<Password, StartError> {
    let mut text = String::new();
    io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| StartError::App(format!("the password cannot be read: {error}")))?;
    Ok(Password::new(text.lines().next().unwrap_or_default()))
}

//! The commands of `hearth`.

mod admin;
mod agent;
mod browser;
mod demo;
mod doctor;
mod issue;
mod login;
mod mail;
mod migrate;
mod output;
mod pr;
mod release;
mod remote;
mod repo;
mod run;
mod serve;
mod task;
mod terminal;
mod thread;

use std::{net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

use crate::{config::Config, logging, wiring::StartError};

/// The forge where AI work is done in the open: git, issues, training, models.
#[derive(Debug, Parser)]
#[command(name = "hearth", version, arg_required_else_help = true)]
pub(crate) struct Arguments {
    /// The configuration file (default: hearth.toml, if it exists)
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder that holds all of Hearth's data
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server
    Serve {
        /// The address to listen on; port 0 picks a free port
        #[arg(long, value_name = "ADDR")]
        listen: Option<SocketAddr>,
    },
    /// Try Hearth: push a sample project, train a model, and keep serving
    Demo(demo::DemoArguments),
    /// Update the database schema
    Migrate,
    /// Check this machine, the configuration and the data
    Doctor {
        /// Verify every stored byte: the database, all repositories, all large files
        #[arg(long)]
        deep: bool,
    },
    /// Manage accounts, tokens, tasks and images from the server's machine
    #[command(subcommand)]
    Admin(admin::AdminCommand),
    /// Test the mail server
    #[command(subcommand)]
    Mail(mail::MailCommand),
    /// Run a Python file of this checkout as a task, including unpushed changes
    Run(Box<run::RunArguments>),
    /// List, show, follow and stop tasks
    #[command(subcommand)]
    Task(task::TaskCommand),
    /// Sign in to a server: hand an access token to git's credential store
    Login(login::LoginArguments),
    /// Open, review and merge pull requests
    #[command(subcommand)]
    Pr(pr::PrCommand),
    /// List, create and change issues
    #[command(subcommand)]
    Issue(issue::IssueCommand),
    /// Create, clone and fork repositories
    #[command(subcommand)]
    Repo(repo::RepoCommand),
    /// Create releases, upload and download their files
    #[command(subcommand)]
    Release(release::ReleaseCommand),
    /// Draw the diagram on standard input: started by the server, not by people
    #[command(hide = true)]
    Draw { notation: String },
    /// Run inside a task: started by the server, not by people
    #[command(hide = true)]
    Agent {
        #[arg(long, value_name = "DIR")]
        directory: PathBuf,
    },
}

/// Runs the command. A failure is reported in one line on standard error.
pub(crate) async fn run(arguments: Arguments) -> ExitCode {
    let outcome = match arguments.command {
        Command::Serve { listen } => with_config(arguments.config, arguments.data, listen, serve::run).await,
        Command::Migrate => with_config(arguments.config, arguments.data, None, migrate::run).await,
        Command::Demo(demo) => demo::run(arguments.data, demo).await,
        Command::Doctor { deep } => {
            with_config(arguments.config, arguments.data, None, async |config| {
                doctor::run(config, deep).await
            })
            .await
        }
        Command::Admin(command) => {
            with_config(arguments.config, arguments.data, None, async |config| {
                admin::run(config, command).await
            })
            .await
        }
        Command::Mail(command) => {
            with_config(arguments.config, arguments.data, None, async |config| {
                mail::run(config, command).await
            })
            .await
        }
        Command::Run(arguments) => run::run(*arguments).await.map_err(StartError::from),
        Command::Task(command) => task::run(command).await.map_err(StartError::from),
        Command::Login(arguments) => login::run(arguments).await.map_err(StartError::from),
        Command::Pr(command) => pr::run(command).await.map_err(StartError::from),
        Command::Issue(command) => issue::run(command).await.map_err(StartError::from),
        Command::Repo(command) => repo::run(command).await.map_err(StartError::from),
        Command::Release(command) => release::run(command).await.map_err(StartError::from),
        Command::Draw { notation } => Ok(hearth_diagram::run(&notation)),
        Command::Agent { directory } => Ok(agent::run(&directory).await),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            output::error(&format!("hearth: {error}"));
            ExitCode::FAILURE
        }
    }
}

async fn with_config(
    file: Option<PathBuf>,
    data: Option<PathBuf>,
    listen: Option<SocketAddr>,
    command: impl AsyncFnOnce(Config) -> Result<ExitCode, StartError>,
) -> Result<ExitCode, StartError> {
    let mut config = Config::read(file.as_deref())?;
    if let Some(directory) = data {
        config.data.directory = directory;
    }
    if let Some(listen) = listen {
        config.server.listen = listen;
    }
    logging::start(&config.log)?;
    command(config).await
}

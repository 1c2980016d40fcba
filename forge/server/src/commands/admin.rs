use std::{
    io::{self, Read as _},
    process::ExitCode,
};

use clap::Subcommand;
use hearth_app::{
    App,
    access_token::{self, NewToken},
    jobs::{self, TestImages},
    lfs_collection::{self, Collected, Manner},
    lfs_quota,
    password::Password,
    task::{self, TaskFilter},
    user::{self, NewAccount},
};
use hearth_core::{PageRequest, RepositoryId, chain};
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
    /// Images that tasks run in
    #[command(subcommand)]
    Images(ImagesCommand),
    /// Git LFS objects
    #[command(subcommand)]
    LargeFiles(LargeFilesCommand),
}

#[derive(Debug, Subcommand)]
pub(super) enum LargeFilesCommand {
    /// Remove objects that no branch, tag or pull request has needed for `limits.lfs_keep_days`, as the server does every night
    Collect {
        /// Only show how many there are
        #[arg(long)]
        dry_run: bool,
    },
    /// Set what the large files of a person or an organisation may take, instead of `limits.owner_lfs_bytes`
    Limit {
        owner: String,
        /// In bytes; 0 for no limit. Left out: the limit of the configuration again
        #[arg(long)]
        bytes: Option<u64>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum ImagesCommand {
    /// List images: code, status, where each runs, and the last smoke tests
    List,
    /// Test every enabled image on every card type that it supports
    Test {
        /// The administrator in whose repository the tests run
        #[arg(long)]
        user: String,
        /// Only this image
        #[arg(long)]
        image: Option<String>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Create an account
    Create {
        name: String,
        #[arg(long)]
        email: String,
        /// Make it a site administrator
        #[arg(long)]
        admin: bool,
        /// Read the password from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// Set a new password for an account and sign it out everywhere
    ResetPassword {
        name: String,
        /// Read the password from standard input
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum TokenCommand {
    /// Create a token and print nothing else
    Create {
        #[arg(long)]
        user: String,
        /// For example write:repository,write:task, or all
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<String>,
        /// The name shown in the list of tokens
        #[arg(long)]
        name: Option<String>,
        /// Days until it expires
        #[arg(long)]
        days: Option<u32>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum TaskCommand {
    /// List tasks, newest first
    List {
        /// Only tasks that have not ended
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
        AdminCommand::Images(ImagesCommand::List) => list_images(&app).await?,
        AdminCommand::LargeFiles(LargeFilesCommand::Collect { dry_run }) => {
            let manner = if dry_run { Manner::DryRun } else { Manner::Remove };
            collect_large_files(&app, manner).await?;
        }
        AdminCommand::LargeFiles(LargeFilesCommand::Limit { owner, bytes }) => {
            limit_large_files(&app, &owner, bytes).await?;
        }
        AdminCommand::Images(ImagesCommand::Test { user, image }) => test_images(&app, &user, image).await?,
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
            output::line(&format!("Created {}", made.name));
        }
        UserCommand::ResetPassword { name, .. } => {
            user::reset_password(app, &name, &read_password()?).await?;
            output::line(&format!("New password set for {name}. All sessions were signed out."));
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

async fn list_images(app: &App) -> Result<(), StartError> {
    let mut reader = app.store().read().await?;
    let checks = hearth_store::image_check::list(&mut reader).await?;
    let variants = hearth_store::image_variant::list(&mut reader).await?;
    for image in hearth_store::image::list(&mut reader).await? {
        let here = image.interpreter.is_some().then_some("this machine");
        let families = variants.iter().filter(|it| it.image_id == image.id).map(|it| it.family.as_str());
        let runs: Vec<&str> = here.into_iter().chain(families).collect();
        let checked: Vec<String> = checks
            .iter()
            .filter(|check| check.image_id == image.id)
            .map(|check| {
                let outcome = match check.has_passed {
                    None => "running",
                    Some(true) => "passed",
                    Some(false) => "failed",
                };
                format!("{}: {outcome} {}", check.accelerator_code, check.checked_at)
            })
            .collect();
        let state = if image.is_enabled && image.is_available { "enabled" } else { "disabled" };
        output::line(&format!("{}\t{state}\t{}\t{}", image.code, runs.join(", "), checked.join(", ")));
    }
    Ok(())
}

/// Leaves the request to the server, which has the engines.
async fn test_images(app: &App, user: &str, image: Option<String>) -> Result<(), StartError> {
    let admin = find(app, user).await?;
    if !admin.is_admin || admin.is_blocked {
        return Err(StartError::App(format!("{user} is not an administrator of this site")));
    }
    if let Some(code) = &image {
        let mut reader = app.store().read().await?;
        if hearth_store::image::find_by_code(&mut reader, code).await?.is_none() {
            return Err(StartError::App(format!("there is no image called {code}")));
        }
    }
    jobs::enqueue(app, &TestImages { by: admin.name, image }).await?;
    output::line("Smoke tests queued. They run after everyone else's tasks.");
    Ok(())
}

/// One line for each repository: its number, and what came of it.
async fn collect_large_files(app: &App, manner: Manner) -> Result<(), StartError> {
    let mut after = RepositoryId(0);
    while let Some(repository) = lfs_collection::next(app, after).await? {
        let outcome = match lfs_collection::collect(app, repository, manner).await {
            Ok(Collected { objects, bytes, is_whole: true }) => format!("{objects} objects, {bytes} bytes"),
            Ok(Collected { objects, bytes, is_whole: false }) => {
                format!("{objects} objects, {bytes} bytes; it is being pushed to, try again later")
            }
            Err(error) => format!("could not be looked through: {}", chain(&error)),
        };
        output::line(&format!("{repository}\t{outcome}"));
        after = repository;
    }
    Ok(())
}

async fn limit_large_files(app: &App, owner: &str, most_bytes: Option<u64>) -> Result<(), StartError> {
    let room = lfs_quota::set_as_operator(app, owner, most_bytes).await?;
    let most = match room.usage.most_bytes {
        0 => "no limit".to_owned(),
        most => format!("of {most} bytes"),
    };
    output::line(&format!("{}\t{} bytes in use, {most}", room.owner, room.usage.used_bytes));
    Ok(())
}

async fn find(app: &App, name: &str) -> Result<User, StartError> {
    let mut reader = app.store().read().await?;
    let found = hearth_store::user::find_by_name(&mut reader, name).await?;
    found.ok_or_else(|| StartError::App(format!("there is no account called {name}")))
}

/// Reads up to the end of the first line.
fn read_password() -> Result<Password, StartError> {
    let mut text = String::new();
    io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| StartError::App(format!("could not read the password: {error}")))?;
    Ok(Password::new(text.lines().next().unwrap_or_default()))
}

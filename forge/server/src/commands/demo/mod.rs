//! From push to trained model in one command: everything a user would do, with a user's tools: git, the API,
//! a sign-in link.

mod client;
mod sample;

use std::{
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
    process::ExitCode,
    time::Duration,
};

use data_encoding::HEXLOWER;
use hearth_app::{
    Registration,
    access_token::{self, NewToken},
    password::Password,
    user::{self, NewAccount},
};
use hearth_core::{Conflict, RandomSource, SystemRandomSource, TaskState, urls};
use hearth_store::user::User;
use tokio::time;

use self::{
    client::{Client, TaskFacts},
    sample::Sample,
};
use super::{
    output,
    serve::{Server, StopSignal},
};
use crate::{config::Config, logging, wiring::StartError};

const ACCOUNT: &str = "demo";
const DATA: &str = "hearth-demo";
const PORT: u16 = 3000;
/// How often the log is polled.
const FOLLOW_EVERY: Duration = Duration::from_millis(250);
/// The sample takes seconds; a task that is not done after this long is stuck.
const PATIENCE: Duration = Duration::from_secs(600);

#[derive(Debug, clap::Args)]
pub(super) struct DemoArguments {
    /// The address to listen on (default: 127.0.0.1:3000, or any free port)
    #[arg(long, value_name = "ADDR")]
    listen: Option<SocketAddr>,
    /// Exit once the model exists
    #[arg(long)]
    once: bool,
}

pub(super) async fn run(data: Option<PathBuf>, arguments: DemoArguments) -> Result<ExitCode, StartError> {
    let mut config = Config::read(None)?;
    config.data.directory = data.unwrap_or_else(|| DATA.into());
    config.server.listen = arguments.listen.unwrap_or_else(free_address);
    // It runs on one person's machine, and they are given a link: nobody else needs an account.
    config.site.registration = Some(Registration::Closed);
    logging::start(&config.log)?;
    let sample = Sample::commit().await?;
    fence(&mut config, &sample).await;
    let stop = StopSignal::listen();
    let server = Server::start(config).await?;
    let root = server.app.urls().root().to_owned();
    output::line(&format!("Hearth is ready at {root}"));
    let walked = walk(&server, &sample).await;
    if arguments.once || walked.is_err() {
        server.stop().await;
        return walked.map(|_| ExitCode::SUCCESS);
    }
    let link = walked?;
    output::line("");
    output::line(&format!("Sign in as {ACCOUNT} (works once, for a day): {link}"));
    output::line("Hearth keeps running. Press Ctrl-C to stop it.");
    stop.wait().await;
    server.stop().await;
    Ok(ExitCode::SUCCESS)
}

/// The usual port if it is free.
fn free_address() -> SocketAddr {
    let usual = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT));
    if std::net::TcpListener::bind(usual).is_ok() { usual } else { (Ipv4Addr::LOCALHOST, 0).into() }
}

/// The sample is our own code, so it alone may run without a sandbox if there is none; prints which of the
/// two applies.
async fn fence(config: &mut Config, sample: &Sample) {
    let report = tokio::task::spawn_blocking(hearth_runner::sandbox::self_test).await;
    let version = report.ok().filter(|report| report.is_sound).and_then(|report| report.bubblewrap);
    match version {
        Some(version) => output::line(&format!("Tasks run in a sandbox (bubblewrap {version}).")),
        None => {
            config.engine.local.unsandboxed_commit = Some(sample.id().to_owned());
            output::line(
                "This machine has no sandbox: only the sample runs, without one. \
                 Install bubblewrap to run your own.",
            );
        }
    }
}

/// Account, push, task, log, model. Returns the sign-in link.
async fn walk(server: &Server, sample: &Sample) -> Result<String, StartError> {
    let app = &server.app;
    let person = account(server).await?;
    let scopes = vec!["all".to_owned()];
    let name = format!("demo at {}", app.now());
    let token = access_token::mint_for(app, &person, NewToken { name, scopes, days: Some(1) }).await?.secret;
    let client = Client::new(app.urls().clone(), &token);

    let repository = client.create_repository("digits", "Reads digits with a small neural network").await?;
    let code = urls::repository(hearth_core::RepositoryKind::Code, ACCOUNT, &repository);
    output::line(&format!("Pushing the sample to {}", app.urls().absolute(&code)));
    sample.push(app.urls(), ACCOUNT, &repository, &token).await?;

    let task = client.launch(ACCOUNT, &repository, "train.py", &[("epochs", "12"), ("hidden", "24")]).await?;
    output::line(&format!(
        "Task {}: {}",
        task.id,
        app.urls().absolute(&urls::task(hearth_core::TaskId(task.id)))
    ));
    let ended = follow(&client, task.id).await?;
    if ended.state != TaskState::Succeeded {
        let reason =
            format!("the sample task ended as {} ({}). Its page shows why.", ended.state, ended.reason);
        return Err(StartError::App(reason));
    }
    let model = client.publish(task.id, &repository).await?;
    output::line("");
    output::line(&format!("Repository  {}", app.urls().absolute(&code)));
    output::line(&format!("Task        {}", app.urls().absolute(&urls::task(hearth_core::TaskId(task.id)))));
    output::line(&format!("Model       {model}"));
    let secret = user::make_sign_in_link(app, &person).await?;
    Ok(app.urls().absolute(&urls::sign_in_link(&secret)))
}

/// The demo's own account, created on its first run.
async fn account(server: &Server) -> Result<User, StartError> {
    let app = &server.app;
    let random: &dyn RandomSource = &SystemRandomSource;
    let password = Password::new(HEXLOWER.encode(&random.bytes::<16>()));
    let new = NewAccount {
        name: ACCOUNT.into(),
        display_name: "Demo".into(),
        email: "demo@example.org".into(),
        password,
        is_admin: true,
    };
    match user::create_as_operator(app, new).await {
        Err(hearth_core::Error::Conflict(Conflict::NameTaken)) => {
            let mut reader = app.store().read().await?;
            let known = hearth_store::user::find_by_name(&mut reader, ACCOUNT).await?;
            known.ok_or_else(|| StartError::App(format!("account {ACCOUNT} cannot be used")))
        }
        other => Ok(other?),
    }
}

/// Writes the log to the terminal until the task has ended.
async fn follow(client: &Client, task: i64) -> Result<TaskFacts, StartError> {
    let followed = async {
        let mut offset = 0;
        loop {
            // Queried before the log is read, so that everything the task wrote before its end is read.
            let facts = client.task(task).await?;
            loop {
                let (text, next) = client.log(task, offset).await?;
                output::text(&text);
                if next == offset {
                    break;
                }
                offset = next;
            }
            if facts.state.is_terminal() {
                return Ok(facts);
            }
            time::sleep(FOLLOW_EVERY).await;
        }
    };
    let too_long = || StartError::App(format!("task {task} did not end within {} s", PATIENCE.as_secs()));
    time::timeout(PATIENCE, followed).await.map_err(|_| too_long())?
}

//! `hearth task`: remote control of tasks.

use std::process::ExitCode;

use clap::Subcommand;

use super::{
    output,
    remote::{Client, Facts, RemoteError, Where, git::Checkout},
    run::{follow as follow_to_end, sentence},
};

#[derive(Debug, Subcommand)]
pub(super) enum TaskCommand {
    /// List the newest tasks of the repository
    List {
        #[command(flatten)]
        place: Where,
    },
    /// Show the status of a task and the reason
    Show {
        id: i64,
        #[command(flatten)]
        place: Where,
    },
    /// Print the log of a task
    Log {
        id: i64,
        /// Follow it until it ends, then exit with its exit code
        #[arg(long, short)]
        follow: bool,
        /// The node, for tasks on several nodes
        #[arg(long, default_value_t = 0)]
        node: u32,
        #[command(flatten)]
        place: Where,
    },
    /// Run a task again with the same code
    Rerun {
        id: i64,
        /// Use the newest code of its branch
        #[arg(long)]
        newest: bool,
        /// Follow it to its end, and exit with its code
        #[arg(long, short)]
        follow: bool,
        #[command(flatten)]
        place: Where,
    },
    /// Stop a task
    Stop {
        id: i64,
        #[command(flatten)]
        place: Where,
    },
}

pub(super) async fn run(command: TaskCommand) -> Result<ExitCode, RemoteError> {
    let checkout = Checkout::find().await?;
    match command {
        TaskCommand::List { place } => {
            let target = place.find(checkout.as_ref()).await?;
            let client = Client::new(&target.server).await?;
            client.check(&target).await?;
            for task in client.tasks(&target).await? {
                output::line(&row(&task));
            }
        }
        TaskCommand::Show { id, place } => {
            show(&connect(&place, checkout.as_ref()).await?.task(id).await?);
        }
        TaskCommand::Log { id, follow, node, place } => {
            let client = connect(&place, checkout.as_ref()).await?;
            if follow {
                return follow_to_end(&client, id).await;
            }
            print_log(&client, id, node).await?;
        }
        TaskCommand::Rerun { id, newest, follow, place } => {
            let client = connect(&place, checkout.as_ref()).await?;
            let task = client.rerun(id, newest).await?;
            output::error(&format!("hearth: task {} is at {}", task.id, task.html_url));
            if follow {
                return follow_to_end(&client, task.id).await;
            }
            output::line(&task.id.to_string());
        }
        TaskCommand::Stop { id, place } => {
            let client = connect(&place, checkout.as_ref()).await?;
            output::line(&sentence(&client.stop(id).await?));
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn connect(place: &Where, checkout: Option<&Checkout>) -> Result<Client, RemoteError> {
    Client::new(&place.server(checkout).await?).await
}

async fn print_log(client: &Client, id: i64, node: u32) -> Result<(), RemoteError> {
    let mut offset = 0;
    loop {
        let (bytes, next) = client.log(id, node, offset).await?;
        output::bytes(&bytes);
        if next == offset {
            return Ok(());
        }
        offset = next;
    }
}

fn row(task: &Facts) -> String {
    format!("{:>6}  {:<14} {}  {}", task.id, task.state.as_str(), task.created_at, task.name)
}

fn show(task: &Facts) {
    output::line(&format!("{}  {}", task.id, task.name));
    output::line(&format!("repository  {}", task.repository));
    output::line(&format!("status      {}", sentence(task)));
    if let Some(code) = task.runs.last().and_then(|run| run.exit_code) {
        output::line(&format!("exit code   {code}"));
    }
    output::line(&format!("page        {}", task.html_url));
}

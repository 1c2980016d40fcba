//! The program inside every task, on every engine: fetches code, data sets and models, runs the command in
//! its sandbox, and sends log, metrics, resource usage and outputs.
//!
//! It stores everything on its own disk first and retries for a long time ([`crate::protocol`]): a server
//! outage does no harm, and a run may even end during one. When the agent itself dies, its program dies with
//! it, and the engine reports the attempt as lost.

mod answer;
mod client;
pub(crate) mod delivery;
mod disk;
mod environment;
mod facts;
mod heartbeat;
mod helper_process;
mod journal;
mod layout;
mod life;
mod measure;
mod meter;
mod outputs;
mod packages;
mod patch;
mod patience;
pub(crate) mod presence;
mod program;
mod rendezvous;
mod run;
mod spool;
mod stage;
mod stop;
pub(crate) mod trust;
mod unpack;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

pub use presence::{AgentConfig, ContainerFolders, Rendezvous};
use rustix::process::DumpableBehavior;
use tracing::error;

use self::{
    layout::{Layout, TaskFolder},
    presence::{Exit, Presence, take_launch, write_exit},
};
use crate::{Result, error::At as _, sandbox::Fence};

/// Runs the agent of this folder. `SUCCESS` if the server knows how the attempt ended.
pub async fn run(directory: &Path) -> ExitCode {
    run_from(directory, directory).await
}

/// Like [`run`], with the launch files in a folder of their own.
pub async fn run_from(launch: &Path, directory: &Path) -> ExitCode {
    match attempt(launch, directory).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(fault) => {
            error!(error = &fault as &dyn std::error::Error, "the agent cannot work");
            ExitCode::FAILURE
        }
    }
}

async fn attempt(launch: &Path, directory: &Path) -> Result<bool> {
    detach();
    let Some(_presence) = Presence::take(directory)? else {
        error!("another agent has this folder");
        return Ok(false);
    };
    let (config, token) = take_launch(launch)?;
    let delivered = life::live(directory, &config, token).await?;
    write_exit(directory, Exit { delivered })?;
    Ok(delivered)
}

/// A stopped server or a closed terminal must not stop the agent, and it adopts the orphans of its program.
fn detach() {
    // Fails if the process leads a group already; then it does not get anybody else's signals either.
    let _ = rustix::process::setsid();
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    // The program may run as the same user: it must not be able to read the token from this process.
    let _ = rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable);
    // The calling process may have installed another one.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// The output folder of an attempt on this machine, within the folder of its agent.
pub(crate) fn output_folder(directory: &Path) -> PathBuf {
    Layout::new(directory, Fence::Bubblewrap, None).outside(TaskFolder::Output)
}

/// In a container beside the main one: copies this program to where the main container finds it, and writes
/// to `launch` the data that this container's environment and the key in `owner` provide, for [`run_from`].
pub fn install(program: &Path, launch: &Path, owner: &Path) -> ExitCode {
    match copy(program).and_then(|()| delivery::deliver(owner, launch)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            error!(error = &fault as &dyn std::error::Error, "the agent cannot be installed");
            ExitCode::FAILURE
        }
    }
}

fn copy(program: &Path) -> Result<()> {
    std::env::current_exe().and_then(|here| std::fs::copy(here, program)).map(drop).at(program)
}

/// Prepares a folder for [`run`]. Used by engines that bring the folder to another machine.
pub fn prepare(directory: &Path, config: &AgentConfig, token: &crate::Secret) -> Result<()> {
    presence::write_launch(directory, config, token)
}

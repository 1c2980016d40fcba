//! The agent alone, for images that do not hold the whole server.

use std::{path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    let mut arguments = std::env::args_os().skip(1);
    let (Some(flag), Some(directory), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return usage();
    };
    if flag != "--directory" {
        return usage();
    }
    match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime.block_on(hearth_runner::agent::run(&PathBuf::from(directory))),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the agent cannot start");
            ExitCode::FAILURE
        }
    }
}

fn usage() -> ExitCode {
    tracing::error!("usage: hearth-agent --directory DIR");
    ExitCode::FAILURE
}

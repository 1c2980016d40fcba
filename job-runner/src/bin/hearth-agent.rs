//! The agent alone, for images that do not contain the whole server.

use std::{ffi::OsString, path::Path, process::ExitCode};

use hearth_runner::agent;

fn main() -> ExitCode {
    // A full disk must not stop the agent because of its log.
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).log_internal_errors(false).init();
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    let texts: Vec<Option<&str>> = arguments.iter().map(|argument| argument.to_str()).collect();
    match texts.as_slice() {
        [Some("--install"), _, Some("--launch"), _, Some("--owner"), _] => {
            agent::install(Path::new(&arguments[1]), Path::new(&arguments[3]), Path::new(&arguments[5]))
        }
        [Some("--directory"), _] => live(agent::run(Path::new(&arguments[1]))),
        [Some("--directory"), _, Some("--launch"), _] => {
            live(agent::run_from(Path::new(&arguments[3]), Path::new(&arguments[1])))
        }
        _ => {
            tracing::error!(
                "usage: hearth-agent --directory DIR [--launch DIR] | hearth-agent --install FILE --launch DIR --owner DIR"
            );
            ExitCode::FAILURE
        }
    }
}

fn live(life: impl Future<Output = ExitCode>) -> ExitCode {
    match tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime.block_on(life),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "the agent cannot start");
            ExitCode::FAILURE
        }
    }
}

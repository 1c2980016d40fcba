use std::{path::Path, process::ExitCode};

use tracing_subscriber::fmt;

/// The agent of one attempt. It reads no configuration: everything it needs lies in its folder.
pub(super) async fn run(directory: &Path) -> ExitCode {
    fmt().with_writer(std::io::stderr).with_ansi(false).init();
    hearth_runner::agent::run(directory).await
}

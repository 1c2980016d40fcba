use std::{path::Path, process::ExitCode};

use crate::logging;

/// The agent of one attempt. It reads no configuration: everything it needs is in its folder.
pub(super) async fn run(directory: &Path) -> ExitCode {
    logging::start_of_agent();
    hearth_runner::agent::run(directory).await
}

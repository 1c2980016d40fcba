use std::{path::Path, process::ExitCode};

use crate::{huge_pages, logging};

/// The agent of one attempt. It reads no configuration: everything it needs is in its folder.
pub(super) async fn run(directory: &Path) -> ExitCode {
    logging::start_of_agent();
    huge_pages::accept();
    hearth_runner::agent::run(directory).await
}

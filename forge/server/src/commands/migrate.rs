use std::process::ExitCode;

use super::output;
use crate::{
    config::Config,
    wiring::{StartError, make_folder, open_store},
};

pub(super) async fn run(config: Config) -> Result<ExitCode, StartError> {
    make_folder(&config.data.directory)?;
    let store = open_store(&config).await?;
    store.migrate().await?;
    store.close().await;
    output::line("The database schema is up to date.");
    Ok(ExitCode::SUCCESS)
}

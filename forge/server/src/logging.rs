use std::io;

use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// Sends log lines to standard error from here on. Fails when the level cannot be understood.
pub(crate) fn start(config: &LogConfig) -> Result<(), tracing_subscriber::filter::ParseError> {
    let filter: EnvFilter = config.level.parse()?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match config.format {
        LogFormat::Text => lines.with_ansi(io::IsTerminal::is_terminal(&io::stderr())).try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
    };
    // Only a second start in one process can fail, and then lines go where they went.
    started.ok();
    Ok(())
}

//! Shows a page in the browser of the person who waits.

use std::process::Stdio;

use tokio::process::Command;

use super::{output, remote::RemoteError};

/// The program that opens an address.
const OPENER: &str = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };

/// Prints the address, and opens it where that is possible.
pub(super) async fn open(address: &str) -> Result<(), RemoteError> {
    output::line(&super::terminal::one_line(address));
    let is_web = address.starts_with("https://") || address.starts_with("http://");
    if is_web {
        let mut opener = Command::new(OPENER);
        opener.arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // Where there is no browser, the printed address is what helps.
        opener.status().await.ok();
    }
    Ok(())
}

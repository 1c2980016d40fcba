//! `hearth`: the forge in one program.

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "tests read what they have written"))]

mod commands;
mod config;
mod folder_lock;
mod http;
mod huge_pages;
mod logging;
mod loops;
mod ssh;
mod wiring;

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = commands::Arguments::parse();
    // reqwest needs a default crypto provider; this is the only one in the program.
    rustls::crypto::ring::default_provider().install_default().expect("no provider was installed before");
    let runtime = tokio::runtime::Runtime::new().expect("the runtime can be started");
    let code = runtime.block_on(commands::run(arguments));
    runtime.shutdown_background();
    logging::finish();
    code
}

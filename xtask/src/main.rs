//! The commands of this repository: `cargo xtask check | test | bench | snapshots`.

#![allow(clippy::disallowed_methods, reason = "tools read files of this tree")]

mod apt;
mod bench;
mod home;
mod kubernetes;
mod licences;
mod needs;
mod postgres;
mod program;
mod report;
mod restricted_calls;
mod snapshots;
mod started;
mod test;
mod tree;

use std::process::ExitCode;

use report::say;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  check       The quick checks: files, links, licences, formatting, clippy
  test        Everything that has to hold before a change lands; installs what the tests need
  bench       Measures the release binary over a large repository, under siege and over a Kubernetes control plane
  snapshots   Writes the pages' snapshots anew and says which of them changed

Options of test:
  --only TEXT     end-to-end tests whose name contains TEXT, without the other steps
  --no-install    never install a package; say what is missing instead

Options of bench:
  --repository PATH   a bare or ordinary repository, instead of the one that is made
  --binary PATH       this hearth, instead of building one
  --against PATH      another hearth: both are asked turn by turn, and the CPU time of the one is told against the other's
  --seconds N         at most this long for each row (3)
  --issues N          how many issues are opened first (1000)
  --part NAME         forge (pages and git), siege or kubernetes alone
";

/// What went wrong, as a sentence for the developer.
type Failure = String;
type Outcome<T = ()> = Result<T, Failure>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            say(&format!("xtask: {failure}"));
            ExitCode::FAILURE
        }
    }
}

/// Runs one command; `false` means that it ran and some check failed.
fn run(arguments: &[String]) -> Outcome<bool> {
    std::env::set_current_dir(program::root()).map_err(|e| format!("cannot enter the repository: {e}"))?;
    let (command, options) = arguments.split_first().map_or(("", &[][..]), |(c, o)| (c.as_str(), o));
    match command {
        "check" => Ok(test::check()),
        "test" => test::everything(&test::Options::parse(options)?),
        "bench" => bench::measure(&bench::Options::parse(options)?).map(|()| true),
        "snapshots" => snapshots::renew(),
        "" | "help" | "--help" | "-h" => {
            say(USAGE);
            Ok(true)
        }
        other => Err(format!("there is no command {other:?}\n\n{USAGE}")),
    }
}

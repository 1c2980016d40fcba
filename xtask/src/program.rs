//! Runs other programs so that the developer sees which, and why one failed.

use std::env;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::report::{Counts, say};

/// The repository's root folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.to_path_buf(), Path::to_path_buf)
}

/// The folder cargo builds into.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// True on a CI machine: nothing may be skipped there.
pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}

/// The `cargo` that runs this program.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// `cargo` for running tests. In CI, a hanging test is killed after 25 minutes.
pub(crate) fn cargo_for_tests() -> Command {
    if !in_ci() {
        return cargo();
    }
    let mut command = Command::new("timeout");
    command.args(["--kill-after=30", "1500"]).arg(cargo().get_program());
    command
}

/// The path of a program, if it is in `PATH`.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// The command as one would type it.
fn typed(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy().into_owned())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Runs a command with its output on the terminal.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let line = typed(command);
    say(&format!("$ {line}"));
    let status = command.stdin(Stdio::null()).status().map_err(|e| format!("cannot start {line}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{line}: {status}")) }
}

/// Runs a command and returns its output.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let line = typed(command);
    let output = command.stdin(Stdio::null()).output().map_err(|e| format!("cannot start {line}: {e}"))?;
    if !output.status.success() {
        return Err(format!("{line}: {}\n{}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("{line} printed bytes that are not UTF-8"))
}

/// Runs a command that runs tests: passes its output through and counts them.
pub(crate) fn tests(command: &mut Command, counts: &mut Counts) -> Outcome {
    let line = typed(command);
    say(&format!("$ {line}"));
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("cannot start {line}: {e}"))?;
    let lines = BufReader::new(child.stdout.take().ok_or("the test run has no output")?);
    for text in lines.split(b'\n') {
        let text = text.map_err(|e| format!("cannot read the output of {line}: {e}"))?;
        let text = String::from_utf8_lossy(&text);
        if let Some(more) = Counts::parse(&text) {
            counts.add(more);
        }
        if is_nothing(&text) {
            continue;
        }
        writeln!(std::io::stdout(), "{text}").unwrap_or_default();
    }
    let status = child.wait().map_err(|e| format!("cannot wait for {line}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{line}: {status}, {} tests failed", counts.failed)) }
}

/// The output of a test binary without tests.
fn is_nothing(line: &str) -> bool {
    line.is_empty()
        || line == "running 0 tests"
        || line.starts_with("test result: ok. 0 passed; 0 failed; 0 ignored")
}

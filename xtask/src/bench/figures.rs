//! Rows that a program of `tests/src/bin` measures and prints, one line per figure.

use std::fmt::Write as _;
use std::path::{Path, absolute};
use std::process::{Command, Stdio};

use crate::Outcome;
use crate::program::{cargo, run};
use crate::report::say;

/// Lets the program measure a binary, and returns its output. `tell` adds what else it has to know.
pub(super) fn of(name: &str, binary: &Path, tell: impl FnOnce(&mut Command)) -> Outcome<String> {
    // Optimised as well: it must not cost more than what it measures.
    let program = ["--release", "--package", "hearth-tests", "--bin", name];
    run(cargo().args(["build", "--quiet"]).args(program))?;
    // The program starts it in another folder.
    let binary = absolute(binary).map_err(|e| format!("no place has {}: {e}", binary.display()))?;
    let mut command = cargo();
    command.args(["run", "--quiet"]).args(program).env("HEARTH_BIN", binary);
    tell(&mut command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("cannot start {name}: {e}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    say(&said);
    if !output.status.success() {
        return Err(format!("{name} failed: {}", output.status));
    }
    Ok(said)
}

/// A table of figures with Hearth's own targets, by the figure's name.
pub(super) fn table(title: &str, bars: &[(&str, &str)], said: &str) -> String {
    let mut text = format!("\n## {title}\n\n| what | figure | | bar |\n|---|--:|---|--:|\n");
    for line in said.lines() {
        let mut fields = line.split('\t');
        let (Some(name), Some(value), Some(unit)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let bar = bars.iter().find(|(known, _)| *known == name).map_or("", |(_, bar)| bar);
        writeln!(text, "| {name} | {value} | {unit} | {bar} |").unwrap_or_default();
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_figure_is_a_row_with_its_bar() {
        let bars = [("tasks against bare Jobs", "at least 0.9")];
        let table =
            super::table("On Kubernetes", &bars, "tasks against bare Jobs\t0.950\t\nnothing of ours\n");
        assert!(table.ends_with("| tasks against bare Jobs | 0.950 |  | at least 0.9 |\n"), "{table}");
    }
}

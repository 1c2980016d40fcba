//! The rows about clusters: Hearth against the same API server without Hearth.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Stdio;

use crate::Outcome;
use crate::kubernetes::{Kubernetes, build};
use crate::program::{cargo, find, run};
use crate::report::say;

/// What Hearth sets itself, by the figure's name.
const BARS: &[(&str, &str)] = &[
    ("tasks against bare Jobs", "at least 0.9"),
    ("create while 1,000 wait, p99", "100"),
    ("a pod's end on the open page, slowest", "500"),
    ("log lines taken, with 200 viewers", "20,000"),
    ("log lines that a viewer missed", "0"),
    ("memory at most, Hearth", "400"),
];

/// Measures a binary on a control plane with fake nodes, and hands back a table.
pub(super) fn measure(binary: &Path) -> Outcome<String> {
    if find("go").is_none() {
        return Ok("\nGo is not installed: the rows on Kubernetes are left out.\n".to_owned());
    }
    // Optimised as well: the bare Jobs are made by it.
    let program = ["--release", "--package", "hearth-tests", "--bin", "kubernetes-bench"];
    run(cargo().args(["build", "--quiet"]).args(program))?;
    build()?;
    let cluster = Kubernetes::start()?;
    let mut command = cargo();
    command.args(["run", "--quiet"]).args(program).env("HEARTH_BIN", binary);
    cluster.tell(&mut command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|e| format!("cannot start the measurement on Kubernetes: {e}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    say(&said);
    if !output.status.success() {
        return Err(format!("the measurement on Kubernetes failed: {}", output.status));
    }
    Ok(table(&said))
}

fn table(said: &str) -> String {
    let mut text = "\n## On Kubernetes\n\n| what | figure | | bar |\n|---|--:|---|--:|\n".to_owned();
    for line in said.lines() {
        let mut fields = line.split('\t');
        let (Some(name), Some(value), Some(unit)) = (fields.next(), fields.next(), fields.next()) else {
            continue;
        };
        let bar = BARS.iter().find(|(known, _)| *known == name).map_or("", |(_, bar)| bar);
        writeln!(text, "| {name} | {value} | {unit} | {bar} |").unwrap_or_default();
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_figure_is_a_row_with_its_bar() {
        let table = super::table("tasks against bare Jobs\t0.950\t\nnothing of ours\n");
        assert!(table.ends_with("| tasks against bare Jobs | 0.950 |  | at least 0.9 |\n"), "{table}");
    }
}

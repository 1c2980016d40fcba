//! Finds the module that a Python program could not import, in the end of its log.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    path::Path,
};

use hearth_core::Reason;
use hearth_runner::record::Record;

use super::{AgentAccess, Facts};
use crate::App;

const TAIL_BYTES: u64 = 64 << 10;
const LONGEST_MODULE: usize = 100;
/// Logs of a task on several machines that are searched.
const MOST_NODES: i64 = 16;
/// What launchers of several processes print after the error of one of them.
const LAUNCHERS: [&str; 2] = ["ChildFailedError", "CalledProcessError"];

impl AgentAccess {
    /// A more precise reason for a program that failed, with its facts.
    pub(super) async fn failure_cause(&self, app: &App, told: Reason, data: &mut Facts) -> Reason {
        if told != Reason::RunExitNonzero {
            return told;
        }
        let Ok(record) = self.record(app) else { return told };
        let nodes = u32::try_from(self.task.node_count.min(MOST_NODES)).unwrap_or(1);
        let found = crate::record::blocking(move || Ok(in_logs(&record, nodes))).await;
        match found.ok().flatten() {
            Some(module) => {
                data.insert("module".to_owned(), module);
                Reason::RunModuleMissing
            }
            None => told,
        }
    }
}

fn in_logs(record: &Record, nodes: u32) -> Option<String> {
    (0..nodes).find_map(|node| find(&tail(&record.log_path(node)).unwrap_or_default()))
}

fn tail(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let start = file.metadata()?.len().saturating_sub(TAIL_BYTES);
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::new();
    file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The module of the last error, if that was a failed import.
fn find(log: &str) -> Option<String> {
    let errors = log.lines().rev().filter_map(error);
    let (name, message) =
        errors.into_iter().find(|(name, _)| !LAUNCHERS.iter().any(|end| name.ends_with(end)))?;
    if !matches!(name, "ModuleNotFoundError" | "ImportError") {
        return None;
    }
    let named = message.strip_prefix("No module named ")?.split(';').next()?;
    let module = named.trim().trim_matches(['\'', '"']);
    is_module(module).then(|| module.to_owned())
}

/// The name and the message of an error, from the line that ends its traceback.
fn error(line: &str) -> Option<(&str, &str)> {
    // Some launchers mark lines with the process that wrote them: `[rank0]: `.
    let line = match line.strip_prefix('[').and_then(|rest| rest.split_once("]: ")) {
        Some((mark, rest)) if mark.bytes().all(|byte| byte.is_ascii_alphanumeric()) => rest,
        _ => line,
    };
    let (name, message) = line.trim_end().split_once(':').unwrap_or((line.trim_end(), ""));
    let is_error = ["Error", "Exception", "Interrupt"].iter().any(|end| name.ends_with(end));
    (is_error && is_module(name)).then(|| (name, message.trim_start()))
}

/// A dotted name, as Python has them.
fn is_module(name: &str) -> bool {
    let is_part = |part: &str| {
        part.chars().next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && part.chars().all(|letter| letter.is_alphanumeric() || letter == '_')
    };
    name.len() <= LONGEST_MODULE && name.split('.').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACEBACK: &str =
        "Traceback (most recent call last):\n  File \"train.py\", line 1, in <module>\n    import torch\n";

    fn after_traceback(end: &str) -> Option<String> {
        find(&format!("epoch 1\n{TRACEBACK}{end}"))
    }

    #[test]
    fn the_module_of_a_failed_import_is_named() {
        for (end, module) in [
            ("ModuleNotFoundError: No module named 'torch'\n", "torch"),
            ("ModuleNotFoundError: No module named 'torch.utils'; 'torch' is not a package\n", "torch.utils"),
            ("ImportError: No module named yaml\n", "yaml"),
            ("[rank0]: ModuleNotFoundError: No module named 'torch'\r\n", "torch"),
            (
                "ModuleNotFoundError: No module named 'torch'\nE1120 failed (exitcode: 1)\n\
                 torch.distributed.elastic.multiprocessing.errors.ChildFailedError: \n",
                "torch",
            ),
        ] {
            assert_eq!(after_traceback(end).as_deref(), Some(module), "{end}");
        }
    }

    #[test]
    fn another_error_is_not_explained_by_an_earlier_import() {
        for end in [
            "ValueError: No module named 'torch'\n",
            "ModuleNotFoundError: No module named 'apex'\nnot needed\nKeyError: 'x'\n",
            "ImportError: cannot import name 'a' from 'b'\n",
            "ModuleNotFoundError: No module named '<script>'\n",
            "WARNING: No module named 'apex'\n",
            "",
        ] {
            assert_eq!(after_traceback(end), None, "{end}");
        }
    }
}

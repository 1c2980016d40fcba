//! CPU time and memory of a process, from `/proc`.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::Outcome;
use crate::program::output;

/// The CPU time of a process and of the children it has waited for.
pub(super) fn cpu(pid: u32) -> Outcome<Duration> {
    let text =
        fs::read_to_string(format!("/proc/{pid}/stat")).map_err(|e| format!("the server is gone: {e}"))?;
    // The name in parentheses may contain spaces; the numbers come after it.
    let fields = text.rsplit_once(')').map(|(_, rest)| rest).unwrap_or_default();
    let ticks: u64 = fields.split_whitespace().skip(11).take(4).filter_map(|f| f.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 1000 / ticks_per_second()?))
}

fn ticks_per_second() -> Outcome<u64> {
    let text = output(Command::new("getconf").arg("CLK_TCK"))?;
    text.trim().parse().map_err(|_| format!("getconf CLK_TCK printed {text:?}"))
}

/// A value of `/proc/PID/status` in megabytes: `VmRSS` is current, `VmHWM` the peak.
pub(super) fn memory(pid: u32, name: &str) -> Outcome<f64> {
    let text =
        fs::read_to_string(format!("/proc/{pid}/status")).map_err(|e| format!("the server is gone: {e}"))?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kilobytes = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
    kilobytes.map(|figure| figure / 1024.0).ok_or_else(|| format!("the kernel tells no {name}"))
}

/// The processes that compute a pack for a clone now, of repositories below a folder.
pub(super) fn packing(folder: &Path) -> BTreeSet<u32> {
    let Ok(processes) = fs::read_dir("/proc") else { return BTreeSet::new() };
    let is_packing = |pid: &u32| {
        let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        let mut words = words.split(|byte| *byte == 0);
        let is_git = words.next().is_some_and(|program| program == b"git" || program.ends_with(b"/git"));
        is_git
            && words.next() == Some(b"pack-objects")
            && words.any(|word| word == b"--stdout")
            && fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|place| place.starts_with(folder))
    };
    let pids = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter(is_packing).collect()
}

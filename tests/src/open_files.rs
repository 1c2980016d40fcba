//! The open files of a process.

use std::collections::HashSet;
use std::fs;

/// The number of open files, pipes and sockets of a process, except connections to this port: a pool keeps
/// those.
///
/// # Panics
///
/// When the process has ended.
pub(crate) fn open_files(process: u32, besides_port: Option<u16>) -> usize {
    let pooled: HashSet<String> =
        besides_port.into_iter().flat_map(|port| sockets_to(process, port)).collect();
    let open = fs::read_dir(format!("/proc/{process}/fd")).expect("the process runs").flatten();
    let targets = open.filter_map(|entry| fs::read_link(entry.path()).ok());
    targets.filter(|target| !pooled.contains(&*target.to_string_lossy())).count()
}

/// The connections to a port, as named by the links of open files.
fn sockets_to(process: u32, port: u16) -> Vec<String> {
    let tables = ["tcp", "tcp6"].map(|table| fs::read_to_string(format!("/proc/{process}/net/{table}")));
    let ending = format!(":{port:04X}");
    let lines = tables.iter().flatten().flat_map(|table| table.lines());
    // Number, own address, other address, state, two queues, two timers, user, timeout, inode.
    let socket = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let is_meant = words.get(2).is_some_and(|other| other.ends_with(&ending));
        is_meant.then(|| words.get(9).map(|inode| format!("socket:[{inode}]"))).flatten()
    };
    lines.filter_map(socket).collect()
}

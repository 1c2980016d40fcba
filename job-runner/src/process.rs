//! Processes, as listed in `/proc`.

#![expect(clippy::disallowed_methods, reason = "files of the kernel, which are as long as it makes them")]

use std::{
    collections::{HashMap, HashSet},
    fs,
    os::unix::fs::MetadataExt,
};

/// One process, as it was a moment ago.
#[derive(Clone, Debug)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    pub(crate) parent: u32,
    pub(crate) group: u32,
    pub(crate) user: Option<u32>,
    pub(crate) threads: u64,
    pub(crate) cpu_seconds: f64,
    pub(crate) memory_bytes: u64,
    /// Ticks since the machine started: together with the pid it identifies a process for good.
    pub(crate) started: u64,
    pub(crate) is_zombie: bool,
}

/// All visible processes.
pub(crate) fn all() -> Vec<Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|pid| {
            let mut process = find(pid)?;
            process.user = fs::metadata(format!("/proc/{pid}")).ok().map(|facts| facts.uid());
            Some(process)
        })
        .collect()
}

pub(crate) fn find(pid: u32) -> Option<Process> {
    parse(pid, &fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
}

/// Children, their children, and so on; the process itself is not among them.
pub(crate) fn descendants(of: u32) -> Vec<Process> {
    let mut children: HashMap<u32, Vec<Process>> = HashMap::new();
    for process in all() {
        children.entry(process.parent).or_default().push(process);
    }
    let mut found: Vec<Process> = Vec::new();
    let mut seen = HashSet::from([of]);
    let mut open = vec![of];
    while let Some(parent) = open.pop() {
        for process in children.remove(&parent).unwrap_or_default() {
            if seen.insert(process.pid) {
                open.push(process.pid);
                found.push(process);
            }
        }
    }
    found
}

fn parse(pid: u32, stat: &str) -> Option<Process> {
    // The name is in parentheses and may contain anything, parentheses too.
    let (_, rest) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    let small = |index: usize| number(index).and_then(|value| u32::try_from(value).ok());
    #[expect(clippy::cast_precision_loss, reason = "ticks of one process stay far below 2^52")]
    let cpu_seconds = (number(11)? + number(12)?) as f64 / rustix::param::clock_ticks_per_second() as f64;
    Some(Process {
        pid,
        parent: small(1)?,
        group: small(2)?,
        user: None,
        threads: number(17)?,
        cpu_seconds,
        memory_bytes: number(21)? * rustix::param::page_size() as u64,
        started: number(19)?,
        is_zombie: matches!(fields.first(), Some(&("Z" | "X"))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_does_not_shift_the_fields() {
        let stat = "7 (a) (b) c) S 3 7 7 0 -1 4194560 1 0 0 0 200 100 0 0 20 0 5 0 999 1000 25 18446744073709551615 0 0";
        let process = parse(7, stat).unwrap();
        assert_eq!((process.parent, process.group, process.threads, process.started), (3, 7, 5, 999));
        assert_eq!(process.memory_bytes, 25 * rustix::param::page_size() as u64);
    }

    #[test]
    fn this_process_is_found_with_its_start() {
        let own = find(std::process::id()).unwrap();
        assert!(own.started > 0 && own.memory_bytes > 0 && !own.is_zombie);
    }
}

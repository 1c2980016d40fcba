use std::{collections::BTreeMap, path::Path, process::Command};

use serde::{Deserialize, Serialize};

use crate::bounded;

/// What an engine has, machine by machine, because a task has to fit on one machine, not just in the total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Capacity {
    pub machines: Vec<MachineCapacity>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MachineCapacity {
    pub name: String,
    pub cpus: u32,
    pub memory_bytes: u64,
    pub cards: Vec<Card>,
    /// Its labels in a cluster; a pool selects its machines by them.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// Nothing new may start here.
    #[serde(default)]
    pub is_cordoned: bool,
    /// What workloads other than Hearth's occupy on it.
    #[serde(default)]
    pub others: Occupied,
}

/// A part of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occupied {
    pub cpus: u32,
    pub memory_bytes: u64,
    /// Number of cards by the code of their kind.
    pub cards: BTreeMap<String, u32>,
}

/// An accelerator that was detected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub vendor: String,
    pub model: String,
    pub index: u32,
    pub memory_bytes: u64,
}

/// This machine: CPUs available to this process, memory from `/proc/meminfo`, cards that respond.
pub fn detect() -> MachineCapacity {
    MachineCapacity {
        name: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        cpus: std::thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(u32::MAX)),
        memory_bytes: bounded::text(Path::new("/proc/meminfo"), 64 << 10)
            .ok()
            .and_then(|text| total_memory(&text))
            .unwrap_or(0),
        cards: nvidia_cards(),
        labels: BTreeMap::new(),
        is_cordoned: false,
        others: Occupied::default(),
    }
}

fn total_memory(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

fn nvidia_cards() -> Vec<Card> {
    if !Path::new("/dev/nvidiactl").exists() {
        return Vec::new();
    }
    Command::new("nvidia-smi")
        .args(["--query-gpu=index,name,memory.total", "--format=csv,noheader,nounits"])
        .output()
        .ok()
        .filter(|output| output.status.success())
        .map(|output| String::from_utf8_lossy(&output.stdout).lines().filter_map(nvidia_card).collect())
        .unwrap_or_default()
}

fn nvidia_card(line: &str) -> Option<Card> {
    let mut fields = line.split(", ");
    let index = fields.next()?.trim().parse().ok()?;
    let model = fields.next()?.trim().to_owned();
    let mebibytes: u64 = fields.next()?.trim().parse().ok()?;
    Some(Card { vendor: "nvidia".to_owned(), model, index, memory_bytes: mebibytes << 20 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_in_bytes() {
        assert_eq!(total_memory("MemFree: 1 kB\nMemTotal:        2048 kB\n"), Some(2_097_152));
        assert_eq!(total_memory("nothing"), None);
    }

    #[test]
    fn a_card_is_read_from_its_line() {
        let card = nvidia_card("1, NVIDIA H200, 143771").unwrap();
        assert_eq!((card.index, card.model.as_str(), card.memory_bytes), (1, "NVIDIA H200", 143_771 << 20));
    }
}

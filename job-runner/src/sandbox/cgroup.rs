#![expect(clippy::disallowed_methods, reason = "files of the kernel, which are as long as it makes them")]
use std::{
    collections::BTreeSet,
    fs, io,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    time::Duration,
};

use data_encoding::HEXLOWER;
use rustix::process::{Pid, Signal, kill_process};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Bounds;

/// Which version of cgroups is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CgroupVersion {
    #[serde(rename = "cgroup v1")]
    V1,
    #[serde(rename = "cgroup v2")]
    V2,
}

impl CgroupVersion {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1 => "cgroup v1",
            Self::V2 => "cgroup v2",
        }
    }
}

/// A cgroup created for one attempt, and removed with it.
#[derive(Debug)]
pub(crate) struct Cgroup {
    version: CgroupVersion,
    memory: Option<PathBuf>,
    cpu: Option<PathBuf>,
    processes: Option<PathBuf>,
    accounting: Option<PathBuf>,
}

/// The resource usage of a cgroup.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct CgroupUsage {
    pub(crate) cpu_seconds: Option<f64>,
    pub(crate) memory_bytes: Option<u64>,
    /// Processes killed by the kernel because the cgroup was out of memory.
    pub(crate) out_of_memory: u64,
}

/// A line of `/proc/self/mountinfo` about cgroups.
struct Mount {
    version: CgroupVersion,
    point: PathBuf,
    root: String,
    controllers: Vec<String>,
}

const PERIOD: u64 = 100_000;
/// The parent of all our cgroups, so that an administrator finds them.
const PARENT: &str = "hearth";

impl Cgroup {
    /// Creates a cgroup with this name and these limits. Limits that cannot be set are left out; if none can,
    /// it is an error.
    pub(crate) fn create(name: &str, bounds: Bounds) -> Result<Self, String> {
        let mounts = fs::read_to_string("/proc/self/mountinfo").map_err(|error| error.to_string())?;
        let own = fs::read_to_string("/proc/self/cgroup").map_err(|error| error.to_string())?;
        let mounts = parse_mounts(&mounts);
        let mut faults = Vec::new();
        for mount in mounts.iter().filter(|mount| mount.version == CgroupVersion::V2) {
            match create_v2(mount, &own, name, bounds) {
                Ok(group) => return Ok(group),
                Err(fault) => faults.push(fault),
            }
        }
        if mounts.iter().any(|mount| mount.version == CgroupVersion::V1) {
            match create_v1(&mounts, &own, name, bounds) {
                Ok(group) => return Ok(group),
                Err(fault) => faults.push(fault),
            }
        }
        if faults.is_empty() {
            faults.push("no control groups are mounted".to_owned());
        }
        Err(faults.join("; "))
    }

    /// Kills and removes what is left of a cgroup with this name.
    pub(crate) fn sweep(name: &str) {
        let folders = existing(name);
        for pid in folders.iter().flat_map(|folder| members(folder)) {
            if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
        for folder in &folders {
            remove(folder);
        }
    }

    /// Whether a cgroup with this name has processes.
    pub(crate) fn is_alive(name: &str) -> bool {
        existing(name).iter().any(|folder| !members(folder).is_empty())
    }

    pub(crate) const fn version(&self) -> CgroupVersion {
        self.version
    }

    pub(crate) const fn bounds_memory(&self) -> bool {
        self.memory.is_some()
    }

    pub(crate) const fn bounds_cpu(&self) -> bool {
        self.cpu.is_some()
    }

    pub(crate) const fn bounds_processes(&self) -> bool {
        self.processes.is_some()
    }

    fn folders(&self) -> Vec<&PathBuf> {
        let mut folders: Vec<_> =
            [&self.memory, &self.cpu, &self.processes, &self.accounting].into_iter().flatten().collect();
        folders.sort();
        folders.dedup();
        folders
    }

    /// Moves a process, and everything it starts from now on, into the cgroup.
    pub(crate) fn enter(&self, pid: u32) -> io::Result<()> {
        self.folders()
            .into_iter()
            .try_for_each(|folder| fs::write(folder.join("cgroup.procs"), pid.to_string()))
    }

    pub(crate) fn usage(&self) -> CgroupUsage {
        match self.version {
            CgroupVersion::V1 => CgroupUsage {
                cpu_seconds: self
                    .accounting
                    .as_ref()
                    .and_then(|folder| {
                        fs::read_to_string(folder.join("cpuacct.usage")).ok()?.trim().parse().ok()
                    })
                    .map(|nanoseconds: u64| seconds(nanoseconds / 1000)),
                memory_bytes: self.memory.as_ref().and_then(|folder| {
                    let stat = fs::read_to_string(folder.join("memory.stat")).ok()?;
                    Some(field(&stat, "total_rss")? + field(&stat, "total_shmem").unwrap_or(0))
                }),
                out_of_memory: self
                    .memory
                    .as_ref()
                    .and_then(|folder| event(folder, "memory.oom_control"))
                    .unwrap_or(0),
            },
            CgroupVersion::V2 => CgroupUsage {
                cpu_seconds: self
                    .accounting
                    .as_ref()
                    .and_then(|folder| {
                        field(&fs::read_to_string(folder.join("cpu.stat")).ok()?, "usage_usec")
                    })
                    .map(seconds),
                memory_bytes: self.memory.as_ref().and_then(|folder| {
                    let stat = fs::read_to_string(folder.join("memory.stat")).ok()?;
                    Some(field(&stat, "anon")? + field(&stat, "shmem").unwrap_or(0))
                }),
                out_of_memory: self
                    .memory
                    .as_ref()
                    .and_then(|folder| event(folder, "memory.events"))
                    .unwrap_or(0),
            },
        }
    }

    /// The processes in the cgroup.
    pub(crate) fn members(&self) -> Vec<u32> {
        self.folders().first().map(|folder| members(folder)).unwrap_or_default()
    }

    /// Removes the cgroup.
    pub(crate) fn remove(&self) {
        for folder in self.folders() {
            remove(folder);
        }
    }
}

/// The cgroup name of an attempt's folder. It includes the path: two servers on one machine both have a first
/// task.
pub(crate) fn group_name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let hash = HEXLOWER.encode(&Sha256::digest(whole.as_os_str().as_bytes()));
    let name = whole.file_name().unwrap_or_default().to_string_lossy().into_owned();
    format!("{name}-{}", &hash[..12])
}

fn members(folder: &Path) -> Vec<u32> {
    let listed = fs::read_to_string(folder.join("cgroup.procs")).unwrap_or_default();
    listed.lines().filter_map(|line| line.parse().ok()).collect()
}

/// Its processes have to be gone; the kernel needs a moment to notice that.
fn remove(folder: &Path) {
    for _ in 0..50 {
        match fs::remove_dir(folder) {
            Err(error) if error.raw_os_error() == Some(rustix::io::Errno::BUSY.raw_os_error()) => {
                std::thread::sleep(Duration::from_millis(10));
            }
            _ => return,
        }
    }
}

/// The folders of an existing cgroup, in every possible parent.
fn existing(name: &str) -> Vec<PathBuf> {
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
    let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let paths: Vec<&str> = own.lines().filter_map(|line| line.splitn(3, ':').nth(2)).collect();
    let mut found = BTreeSet::new();
    for mount in parse_mounts(&mounts) {
        let tops = paths.iter().map(|path| below(&mount, path)).chain([mount.point.clone()]);
        found.extend(tops.map(|top| top.join(PARENT).join(name)).filter(|folder| folder.is_dir()));
    }
    found.into_iter().collect()
}

fn create_v2(mount: &Mount, own: &str, name: &str, bounds: Bounds) -> Result<Cgroup, String> {
    let available = fs::read_to_string(mount.point.join("cgroup.controllers")).unwrap_or_default();
    if !available.split_ascii_whitespace().any(|controller| controller == "memory") {
        return Err("cgroup v2 has no memory controller".to_owned());
    }
    // A delegated cgroup comes first; the root works for those who may write there.
    let own = own.lines().find_map(|line| line.strip_prefix("0::")).map(|path| below(mount, path));
    let mut faults = Vec::new();
    for top in own.into_iter().chain([mount.point.clone()]) {
        match create_v2_below(&top, name, bounds) {
            Ok(group) => return Ok(group),
            Err(error) => faults.push(format!("{}: {error}", top.display())),
        }
    }
    Err(faults.join("; "))
}

fn create_v2_below(top: &Path, name: &str, bounds: Bounds) -> io::Result<Cgroup> {
    let parent = top.join(PARENT);
    fs::create_dir_all(&parent)?;
    for folder in [top, &parent] {
        enable_controllers(folder)?;
    }
    let group = parent.join(name);
    fs::create_dir_all(&group)?;
    let set = |file: &str, value: String| fs::write(group.join(file), value).is_ok();
    if !set("memory.max", bounds.memory_bytes.to_string()) {
        let _ = fs::remove_dir(&group);
        return Err(io::Error::other("memory cannot be bounded"));
    }
    set("memory.swap.max", "0".to_owned());
    set("memory.oom.group", "1".to_owned());
    let cpu = set("cpu.max", format!("{} {PERIOD}", u64::from(bounds.cpus) * PERIOD));
    let processes = set("pids.max", bounds.processes.to_string());
    Ok(Cgroup {
        version: CgroupVersion::V2,
        memory: Some(group.clone()),
        cpu: cpu.then(|| group.clone()),
        processes: processes.then(|| group.clone()),
        accounting: Some(group),
    })
}

/// Enables controllers for the cgroups below a folder. A cgroup with processes cannot, so these move to a
/// leaf.
fn enable_controllers(folder: &Path) -> io::Result<()> {
    let control = folder.join("cgroup.subtree_control");
    let wanted = "+memory +cpu +pids";
    if fs::write(&control, wanted).is_ok() || fs::write(&control, "+memory").is_ok() {
        return Ok(());
    }
    let leaf = folder.join("hearth-server");
    fs::create_dir_all(&leaf)?;
    for pid in fs::read_to_string(folder.join("cgroup.procs"))?.lines() {
        fs::write(leaf.join("cgroup.procs"), pid)?;
    }
    fs::write(&control, wanted)
}

fn create_v1(mounts: &[Mount], own: &str, name: &str, bounds: Bounds) -> Result<Cgroup, String> {
    let folder = |controller: &str| -> io::Result<PathBuf> {
        let mount = mounts
            .iter()
            .find(|mount| mount.controllers.iter().any(|had| had == controller))
            .ok_or_else(|| io::Error::other("not mounted"))?;
        let path = own
            .lines()
            .filter_map(|line| line.split_once(':')?.1.split_once(':'))
            .find_map(|(controllers, path)| {
                controllers.split(',').any(|had| had == controller).then_some(path)
            })
            .unwrap_or("/");
        let top = below(mount, path);
        let group = if top.is_dir() { top } else { mount.point.clone() }.join(PARENT).join(name);
        fs::create_dir_all(&group)?;
        Ok(group)
    };
    let mut faults = Vec::new();
    let mut bounded = |controller: &str, set: &dyn Fn(&Path) -> io::Result<()>| {
        let made = folder(controller).and_then(|group| set(&group).map(|()| group));
        made.map_err(|error| faults.push(format!("cgroup v1 {controller}: {error}"))).ok()
    };
    let memory = bounded("memory", &|group| {
        let bytes = bounds.memory_bytes.to_string();
        fs::write(group.join("memory.limit_in_bytes"), &bytes)?;
        let with_swap = group.join("memory.memsw.limit_in_bytes");
        if with_swap.exists() { fs::write(with_swap, bytes) } else { Ok(()) }
    });
    let cpu = bounded("cpu", &|group| {
        fs::write(group.join("cpu.cfs_period_us"), PERIOD.to_string())?;
        fs::write(group.join("cpu.cfs_quota_us"), (u64::from(bounds.cpus) * PERIOD).to_string())
    });
    let processes = bounded("pids", &|group| fs::write(group.join("pids.max"), bounds.processes.to_string()));
    let accounting = bounded("cpuacct", &|_| Ok(()));
    if memory.is_none() && cpu.is_none() && processes.is_none() {
        return Err(faults.join("; "));
    }
    Ok(Cgroup { version: CgroupVersion::V1, memory, cpu, processes, accounting })
}

/// A cgroup's folder: its path from `/proc`, relative to the mounted part of the tree.
fn below(mount: &Mount, path: &str) -> PathBuf {
    let path = path.strip_prefix(mount.root.trim_end_matches('/')).unwrap_or(path);
    mount.point.join(path.trim_start_matches('/'))
}

fn parse_mounts(mountinfo: &str) -> Vec<Mount> {
    mountinfo
        .lines()
        .filter_map(|line| {
            let (place, kind) = line.split_once(" - ")?;
            let mut place = place.split(' ').skip(3);
            let (root, point) = (place.next()?.to_owned(), PathBuf::from(place.next()?));
            let mut kind = kind.split(' ');
            let version = match kind.next()? {
                "cgroup" => CgroupVersion::V1,
                "cgroup2" => CgroupVersion::V2,
                _ => return None,
            };
            let controllers = kind.nth(1).unwrap_or_default().split(',').map(str::to_owned).collect();
            Some(Mount { version, point, root, controllers })
        })
        .collect()
}

fn field(stat: &str, name: &str) -> Option<u64> {
    stat.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' ')?.trim().parse().ok())
}

fn event(folder: &Path, file: &str) -> Option<u64> {
    field(&fs::read_to_string(folder.join(file)).ok()?, "oom_kill")
}

#[expect(clippy::cast_precision_loss, reason = "microseconds of use stay below 2^52")]
fn seconds(microseconds: u64) -> f64 {
    microseconds as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { cpus: 2, memory_bytes: 64 << 20, processes: 50, disk_bytes: 1 << 30 };

    #[test]
    fn mounts_of_both_versions_are_read() {
        let mounts = parse_mounts(
            "30 1 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n\
             31 1 0:27 /docker/x /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n\
             32 1 0:28 / /tmp rw - tmpfs tmpfs rw\n",
        );
        assert_eq!(mounts.len(), 2);
        assert_eq!(mounts[0].version, CgroupVersion::V2);
        assert_eq!(below(&mounts[1], "/docker/x/y"), Path::new("/sys/fs/cgroup/memory/y"));
        assert!(mounts[1].controllers.contains(&"memory".to_owned()));
    }

    #[test]
    fn a_group_of_version_two_gets_all_its_bounds() {
        let folder = tempfile::tempdir().unwrap();
        let group = create_v2_below(folder.path(), "hearth-1-1", BOUNDS).unwrap();
        let read =
            |file: &str| fs::read_to_string(folder.path().join("hearth/hearth-1-1").join(file)).unwrap();
        assert_eq!((read("memory.max"), read("pids.max")), ("67108864".to_owned(), "50".to_owned()));
        assert_eq!(read("cpu.max"), "200000 100000");
        assert!(group.bounds_memory() && group.bounds_cpu() && group.bounds_processes());
        assert_eq!(
            fs::read_to_string(folder.path().join("cgroup.subtree_control")).unwrap(),
            "+memory +cpu +pids"
        );
    }

    #[test]
    fn use_and_kills_of_version_two_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let group = create_v2_below(folder.path(), "a", BOUNDS).unwrap();
        let own = folder.path().join("hearth/a");
        fs::write(own.join("memory.events"), "low 0\noom 3\noom_kill 2\n").unwrap();
        fs::write(own.join("memory.stat"), "anon 1000\nfile 5\nshmem 24\n").unwrap();
        fs::write(own.join("cpu.stat"), "usage_usec 1500000\n").unwrap();
        let usage = group.usage();
        assert_eq!(usage, CgroupUsage { cpu_seconds: Some(1.5), memory_bytes: Some(1024), out_of_memory: 2 });
    }
}

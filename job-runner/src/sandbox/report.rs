use std::{
    fs,
    io::Read,
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use serde::Serialize;

use super::{Bind, Bounds, Cgroup, CgroupVersion, Fence, GateCommand, Network, Opened, Plan};

/// What this machine can do to sandbox tasks; found by trying.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate finding")]
pub struct SandboxReport {
    /// The version of bubblewrap, if installed.
    pub bubblewrap: Option<String>,
    /// A test program ran inside, and could see neither hidden files nor the network.
    pub is_sound: bool,
    pub network_isolated: bool,
    /// A task that may open connections can have its own network namespace.
    pub has_own_network: bool,
    pub files_isolated: bool,
    /// A program inside could not create a user namespace.
    pub nested_spaces_refused: bool,
    pub cgroup: Option<CgroupVersion>,
    pub memory_bounded: bool,
    pub cpu_bounded: bool,
    pub processes_bounded: bool,
    /// What is missing or failed, in the system's own messages; for the operator.
    pub reasons: Vec<String>,
}

/// Prints one word for each restriction that works. Runs in a shell inside, with the commands of a minimal
/// system.
const TRIAL: &str = r#"
echo started
cat "$1" >/dev/null 2>&1 || echo files
[ "$(grep -c : /proc/net/dev)" -eq 1 ] && echo network
command -v unshare >/dev/null || echo spaces
unshare --user true >/dev/null 2>&1 || echo spaces
echo "space $(readlink /proc/self/ns/net)"
"#;

const TRIAL_BOUNDS: Bounds = Bounds { cpus: 1, memory_bytes: 256 << 20, processes: 64, disk_bytes: 1 << 20 };

const PATIENCE: Duration = Duration::from_secs(10);

/// Tests the sandbox with a harmless program. Takes a few dozen milliseconds; blocks.
pub fn self_test() -> SandboxReport {
    let mut report = SandboxReport {
        bubblewrap: version(),
        is_sound: false,
        network_isolated: false,
        has_own_network: false,
        files_isolated: false,
        nested_spaces_refused: false,
        cgroup: None,
        memory_bounded: false,
        cpu_bounded: false,
        processes_bounded: false,
        reasons: Vec::new(),
    };
    let cgroup = try_cgroup(&mut report);
    if report.bubblewrap.is_none() {
        report.reasons.push("bubblewrap (bwrap) is not installed".to_owned());
    } else {
        match trial(Network::None, cgroup.as_ref()) {
            Ok(words) => judge(&mut report, &words),
            Err(fault) => report.reasons.push(format!("a program could not be started inside: {fault}")),
        }
        if report.is_sound {
            match trial(Network::Own, cgroup.as_ref()) {
                Ok(words) => judge_network(&mut report, &words),
                Err(fault) => {
                    report.reasons.push(format!("tasks can have no network of their own: {fault}"));
                }
            }
        }
    }
    if let Some(cgroup) = cgroup {
        cgroup.remove();
    }
    report
}

fn judge(report: &mut SandboxReport, words: &str) {
    let has = |word: &str| words.lines().any(|line| line == word);
    report.files_isolated = has("files");
    report.network_isolated = has("network");
    report.nested_spaces_refused = has("spaces");
    report.is_sound = has("started") && report.files_isolated && report.network_isolated;
    if !has("started") {
        report.reasons.push(format!("a program inside did not start: {}", words.trim()));
        return;
    }
    for (holds, fault) in [
        (report.files_isolated, "a program inside can read files outside"),
        (report.network_isolated, "a program inside sees the network"),
        (report.nested_spaces_refused, "a program inside can open a user space of its own"),
    ] {
        if !holds {
            report.reasons.push(fault.to_owned());
        }
    }
}

fn judge_network(report: &mut SandboxReport, words: &str) {
    let here = fs::read_link("/proc/self/ns/net").map(|space| space.display().to_string());
    let there = words.lines().find_map(|line| line.strip_prefix("space "));
    report.has_own_network = here.is_ok_and(|here| there.is_some_and(|there| there != here));
    if !report.has_own_network {
        report.reasons.push(format!("tasks can have no network of their own: {}", words.trim()));
    }
}

fn version() -> Option<String> {
    let output = Command::new("bwrap").arg("--version").stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().trim_start_matches("bubblewrap ").to_owned())
}

/// Unique, so that two concurrent tests in one process do not share a cgroup or a folder.
fn trial_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("hearth-trial-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

fn try_cgroup(report: &mut SandboxReport) -> Option<Cgroup> {
    match Cgroup::create(&trial_name(), TRIAL_BOUNDS) {
        Ok(cgroup) => {
            report.cgroup = Some(cgroup.version());
            report.memory_bounded = cgroup.bounds_memory();
            report.cpu_bounded = cgroup.bounds_cpu();
            report.processes_bounded = cgroup.bounds_processes();
            Some(cgroup)
        }
        Err(fault) => {
            report.reasons.push(format!(
                "no control group: {fault}; processes are bounded by a resource limit, memory by a watchdog, CPU not at all"
            ));
            None
        }
    }
}

fn trial(network: Network, cgroup: Option<&Cgroup>) -> Result<String, String> {
    let folder = std::env::temp_dir().join(trial_name());
    let answer = fs::create_dir(&folder).and_then(|()| {
        fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        run_trial(&folder, network, cgroup)
    });
    let _ = fs::remove_dir_all(&folder);
    answer.map_err(|error| error.to_string())
}

fn run_trial(folder: &std::path::Path, network: Network, cgroup: Option<&Cgroup>) -> std::io::Result<String> {
    let secret = folder.join("outside");
    fs::write(&secret, "outside")?;
    let inside = folder.join("inside");
    fs::create_dir(&inside)?;
    let plan = Plan {
        network,
        shared_memory_bytes: 1 << 20,
        read_only: Vec::new(),
        binds: vec![Bind { from: inside, to: "/tmp".into(), is_writable: true }],
        accelerators: Vec::new(),
        hidden: Vec::new(),
        environment: vec![("PATH".to_owned(), "/usr/bin:/bin".to_owned())],
        directory: "/tmp".into(),
    };
    let command = ["/bin/sh", "-c", TRIAL, "trial", &secret.to_string_lossy()].map(str::to_owned);
    let (mut output, input) = std::io::pipe()?;
    let also = input.try_clone()?;
    let gate = GateCommand { fence: Fence::Bubblewrap, plan: &plan, command: &command, private: folder }
        .start(input, also)?;
    gate.bound(TRIAL_BOUNDS, cgroup)?;
    let Opened { mut child, way_out } = gate.open()?;
    let started = Instant::now();
    while child.try_wait()?.is_none() {
        if started.elapsed() > PATIENCE {
            child.kill()?;
            child.wait()?;
            return Err(std::io::Error::other("it does not end"));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    drop(way_out);
    let mut words = String::new();
    output.read_to_string(&mut words)?;
    Ok(words)
}

//! A way out of a task's network namespace: `pasta` forwards its connections, as an ordinary program of this
//! user, to wherever this machine can reach. The machine's loopback, its ports and its abstract sockets are
//! not reachable.

#![expect(clippy::disallowed_methods, reason = "files of the kernel, and the operator's own resolver")]

use std::{
    fs,
    io::{self, Read as _},
    process::{Child, Command, Stdio},
    thread::JoinHandle,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use crate::process;

/// The network access of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// Only a loopback device.
    None,
    /// A namespace of its own with a way out, but not to this machine's loopback.
    Own,
    /// This machine's network, loopback included: the operator allowed it.
    #[default]
    Host,
}

impl Network {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Own => "own",
            Self::Host => "host",
        }
    }
}

/// The process behind a namespace's way out; it ends when this is dropped, and when the thread that made it
/// ends.
pub(crate) struct WayOut {
    pasta: Child,
    complaints: Option<JoinHandle<String>>,
}

/// The DNS server in such a namespace: pasta forwards to this machine's own resolver.
const RESOLVER: &str = "169.254.1.53";

/// Outgoing connections only: no port of the machine is forwarded in, none out to its loopback, and no
/// address maps to the machine.
const ONLY_OUTWARDS: [&str; 14] = [
    "--foreground",
    "--quiet",
    "--config-net",
    "--no-map-gw",
    "--tcp-ports",
    "none",
    "--udp-ports",
    "none",
    "--tcp-ns",
    "none",
    "--udp-ns",
    "none",
    "--dns-forward",
    RESOLVER,
];

const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(5);
const MOST_COMPLAINTS: u64 = 4 << 10;

impl WayOut {
    /// Creates one for the namespace in which the child of `fence` waits, and returns when it is ready.
    pub(crate) fn make(fence: u32) -> io::Result<Self> {
        let inside = waiting_inside(fence)?;
        // It must die with this thread, as the program does.
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--", "pasta"]).args(ONLY_OUTWARDS);
        let (user, group) = (rustix::process::getuid(), rustix::process::getgid());
        if user.is_root() {
            // It would switch to another user, who may not enter the namespace.
            command.arg("--runas").arg(format!("{}:{}", user.as_raw(), group.as_raw()));
        }
        let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
        command.arg(inside.to_string()).env_clear().env("PATH", path).current_dir("/");
        let mut pasta = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let complaints = pasta.stderr.take().map(|stderr| std::thread::spawn(move || keep_first(stderr)));
        let mut way = Self { pasta, complaints };
        let begun = Instant::now();
        while !leads_out(inside) {
            if way.pasta.try_wait()?.is_some() || begun.elapsed() > PATIENCE {
                return Err(io::Error::other(way.complaint()));
            }
            std::thread::sleep(LOOK_EVERY);
        }
        Ok(way)
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pasta.id()
    }

    fn complaint(&mut self) -> String {
        self.close();
        let said = self.complaints.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
        format!("pasta makes no way out: {}", said.trim())
    }

    fn close(&mut self) {
        let _ = self.pasta.kill();
        let _ = self.pasta.wait();
    }
}

impl Drop for WayOut {
    fn drop(&mut self) {
        self.close();
    }
}

/// The `resolv.conf` inside: the machine's own settings with another name server.
pub(crate) fn resolver_settings() -> String {
    let own = fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let kept = own.lines().filter(|line| !line.trim_start().starts_with("nameserver"));
    let lines: Vec<&str> = kept.collect();
    format!("{}\nnameserver {RESOLVER}\n", lines.join("\n"))
}

/// The process that waits in the namespace: the only child of the outer sandbox, once it has become a shell.
fn waiting_inside(fence: u32) -> io::Result<u32> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let below = process::descendants(fence);
        let waiting = below.iter().find(|process| process.parent == fence).map(|process| process.pid);
        if let Some(pid) = waiting.filter(|pid| is_shell(*pid)) {
            return Ok(pid);
        }
        std::thread::sleep(LOOK_EVERY);
    }
    Err(io::Error::other("the outer fence does not stand"))
}

fn is_shell(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/comm")).is_ok_and(|name| name.trim() == "sh")
}

/// Whether the namespace of a process has a default route.
fn leads_out(pid: u32) -> bool {
    let read = |table: &str| fs::read_to_string(format!("/proc/{pid}/net/{table}")).unwrap_or_default();
    let is_everywhere = |line: &str| line.split_ascii_whitespace().nth(1) == Some("00000000");
    let is_everywhere_6 = |line: &str| {
        line.split_ascii_whitespace().take(2).eq(["0".repeat(32).as_str(), "00"]) && !line.ends_with(" lo")
    };
    read("route").lines().any(is_everywhere) || read("ipv6_route").lines().any(is_everywhere_6)
}

/// Reads to the end, so that the writer never blocks, and keeps the beginning.
fn keep_first(mut stderr: impl io::Read) -> String {
    let mut first = Vec::new();
    let _ = stderr.by_ref().take(MOST_COMPLAINTS).read_to_end(&mut first);
    let _ = io::copy(&mut stderr, &mut io::sink());
    String::from_utf8_lossy(&first).into_owned()
}

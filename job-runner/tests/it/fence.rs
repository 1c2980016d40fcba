use hearth_core::{Reason, TaskState};
use hearth_runner::{engine::Engine, sandbox::self_test};

use crate::setup::Stage;

/// Prints a message if a sandbox test is skipped.
fn has_fence() -> bool {
    let report = self_test();
    if !report.is_sound {
        hearth_skip::skip(&report.reasons.join("; "));
    }
    report.is_sound
}

#[test]
fn where_bubblewrap_is_installed_the_fence_holds() {
    let report = self_test();
    if report.bubblewrap.is_none() {
        return hearth_skip::skip("bubblewrap is not installed");
    }
    assert!(report.is_sound, "{:?}", report.reasons);
    assert!(report.nested_spaces_refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_sees_no_data_folder_no_network_and_no_other_tmp() {
    if !has_fence() {
        return;
    }
    let stage_folder = tempfile::tempdir().unwrap();
    let secret = stage_folder.path().join("secret");
    std::fs::write(&secret, "not for tasks").unwrap();
    // If the checkout is below /tmp, the path to the agent is visible, but nothing beside it.
    let here = std::env::current_exe().unwrap();
    let way = here.strip_prefix("/tmp").ok().and_then(|path| path.iter().next()).unwrap_or_default();
    let program = format!(
        "import os, socket\n\
         print('secret', os.path.exists({secret:?}))\n\
         print('tmp', sorted(set(os.listdir('/tmp')) - {{{way:?}}}))\n\
         print('home', os.environ['HOME'], os.path.exists('/root/.ssh'))\n\
         print('shadow', os.path.exists('/etc/shadow'))\n\
         print('interfaces', [name for _, name in socket.if_nameindex()])\n\
         try:\n\
         \x20   socket.create_connection(('127.0.0.1', PORT), 2)\n\
         \x20   print('connected')\n\
         except OSError:\n\
         \x20   print('cut off')\n\
         print('user', os.getuid())\n\
         print('processes', len([p for p in os.listdir('/proc') if p.isdigit()]) < 10)\n\
         print('capabilities', [l.split()[1] for l in open('/proc/self/status') if l.startswith('CapEff')])\n"
    );
    let other = Stage::with("").await;
    let mut stage = Stage::with(&program.replace("PORT", &other.server.address.port().to_string())).await;
    let finish = stage.run().await;
    let log = stage.server.log();
    assert_eq!(finish.outcome.state, TaskState::Succeeded, "{log}");
    assert!(log.contains("secret False"), "{log}");
    assert!(log.contains("tmp ['code', 'dataset', 'hearth', 'output', 'pretrainmodel']"), "{log}");
    assert!(log.contains("home /home/task False") && log.contains("shadow False"), "{log}");
    assert!(log.contains("interfaces ['lo']") && log.contains("cut off"), "{log}");
    assert!(log.contains("user 1000") && log.contains("processes True"), "{log}");
    assert!(log.contains("capabilities ['0000000000000000']"), "{log}");
    let sandbox = finish.sandbox.unwrap();
    assert_eq!((sandbox.fence.as_str(), sandbox.network.as_str()), ("bubblewrap", "none"));
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_memory_ends_as_out_of_memory() {
    let mut stage = Stage::with_spec(
        "import time\nblocks = []\nfor n in range(40):\n    blocks.append(bytearray(10_000_000))\n    time.sleep(0.02)\ntime.sleep(5)\n",
        |spec| spec.resources.memory_bytes = 100 << 20,
    )
    .await;
    let finish = stage.run().await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Failed, Reason::RunOutOfMemory));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_processes_stays_in_its_bounds() {
    let mut stage = Stage::with_spec(
        "import os, time\nmade = 0\ntry:\n    for n in range(500):\n        if os.fork() == 0:\n            time.sleep(30)\n            os._exit(0)\n        made += 1\nexcept OSError as error:\n    print('stopped at', made)\n",
        |spec| spec.resources.processes = 40,
    )
    .await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.state, TaskState::Succeeded, "{}", stage.server.log());
    assert!(stage.server.log().contains("stopped at"), "{}", stage.server.log());
    assert!(finish.usage.wall_seconds < 20.0, "what it left behind was ended with it");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_engine_without_a_fence_refuses_unless_it_is_allowed() {
    let stage = Stage::with("print()").await;
    if stage.engine.report().is_sound {
        assert_eq!(stage.engine.fence().unwrap().as_str(), "bubblewrap");
    } else {
        assert_eq!(stage.engine.fence().unwrap().as_str(), "none");
    }
    assert_eq!(stage.engine.name(), "local");
}

/// What an attacker would try to escape. Each line of output is a way out.
const ATTEMPTS: &str = "\
import ctypes, os, signal, socket, subprocess
def trial(name, attempt):
    try:
        attempt()
        print('possible:', name)
    except (OSError, subprocess.SubprocessError):
        pass
def write(path):
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT))
for folder in ['/', '/dev', '/etc', '/home', '/usr', '/proc/sys/kernel']:
    trial('write in ' + folder, lambda: write(folder + '/mine'))
for path in ['/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/etc/passwd', '/usr/bin/env']:
    trial('write ' + path, lambda: write(path))
for path in ['/sys/fs/cgroup', '/dev/mem', '/dev/net/tun', '/dev/kmsg', '/run', '/var']:
    trial('see ' + path, lambda: os.stat(path))
def shared_memory():
    with open('/dev/shm/large', 'wb') as file:
        for _ in range(40): file.write(bytes(1 << 20))
trial('fill shared memory', shared_memory)
def abstract():
    socket.socket(socket.AF_UNIX, socket.SOCK_STREAM).connect(b'\\0SOCKET')
trial('connect to an abstract socket', abstract)
for pid in range(1, 400000):
    if pid in (os.getpid(), os.getppid()) or os.path.exists(f'/proc/{pid}'): continue
    trial('signal %d' % pid, lambda: os.kill(pid, 0)) if pid == AGENT or pid < 300 else None
libc = ctypes.CDLL(None, use_errno=True)
def call(*words):
    if libc.syscall(*words) != 0: raise OSError(ctypes.get_errno(), 'refused')
trial('trace the agent', lambda: call(101, 16, AGENT, 0, 0))
for name, flag in [('user', 0x10000000), ('mount', 0x20000), ('net', 0x40000000), ('pid', 0x20000000)]:
    trial('open a space: ' + name, lambda: call(272, flag))
trial('become another user', lambda: os.setuid(0))
status = dict(line.split(':\\t', 1) for line in open('/proc/self/status').read().splitlines() if ':\\t' in line)
if status['NoNewPrivs'].strip() != '1': print('possible: gain privileges by a program')
if int(status['CapBnd'], 16) & int(status['CapPrm'], 16): print('possible: use capabilities')
if status['Seccomp'].strip() != '2': print('possible: any system call')
own = []
for name in os.listdir('/proc/self/fd'):
    try: own.append((int(name), os.readlink('/proc/self/fd/' + name)))
    except OSError: pass
for number, target in own:
    if number > 2 and number not in INHERITED and not target.endswith('/train.py'): print('possible: use descriptor', number, target)
print('tried everything')
";

/// Descriptors that the parent of this process left open for all child processes.
fn inherited() -> Vec<u32> {
    const CLOSED_FOR_OTHERS: u32 = 0o2_000_000;
    let listed = std::fs::read_dir("/proc/self/fdinfo").unwrap().flatten();
    let is_left = |number: &u32| {
        let facts = std::fs::read_to_string(format!("/proc/self/fdinfo/{number}")).unwrap_or_default();
        let flags = facts.lines().find_map(|line| line.strip_prefix("flags:"));
        flags
            .and_then(|flags| u32::from_str_radix(flags.trim(), 8).ok())
            .is_some_and(|flags| flags & CLOSED_FOR_OTHERS == 0)
    };
    listed.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(is_left).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_inside_finds_a_way_out() {
    use std::os::{linux::net::SocketAddrExt as _, unix::net};
    if !has_fence() || !cfg!(target_arch = "x86_64") {
        return;
    }
    for with_network in [false, self_test().has_own_network] {
        let name = format!("hearth-test-{}-{with_network}", std::process::id());
        let address = net::SocketAddr::from_abstract_name(&name).unwrap();
        let _listener = net::UnixListener::bind_addr(&address).unwrap();
        let program = ATTEMPTS
            .replace("SOCKET", &name)
            .replace("AGENT", &std::process::id().to_string())
            .replace("INHERITED", &format!("{:?}", inherited()));
        let mut stage = Stage::with_spec(&program, |spec| spec.network = with_network).await;
        let finish = stage.run().await;
        let log = stage.server.log();
        assert_eq!(
            (finish.outcome.state, log.as_str()),
            (TaskState::Succeeded, "tried everything\n"),
            "{log}"
        );
    }
}

//! Tasks that may open connections.

use std::{
    io::ErrorKind,
    net::{Ipv4Addr, TcpListener},
    process::Command,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use hearth_core::TaskState;
use hearth_runner::sandbox::self_test;

use crate::setup::Stage;

pub(crate) fn has_own_network() -> bool {
    let report = self_test();
    if !report.has_own_network {
        hearth_skip::skip(&report.reasons.join("; "));
    }
    report.has_own_network
}

/// Another address of this machine, as remote for a task as any other machine.
pub(crate) struct Elsewhere(String);

impl Elsewhere {
    pub(crate) const ADDRESS: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 77);

    /// `None` unless run as an administrator, who alone can create one. Tests that run at once share it.
    pub(crate) fn make() -> Option<Arc<Self>> {
        static SHARED: Mutex<Weak<Elsewhere>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let here = shared.upgrade().or_else(|| Self::make_device().map(Arc::new))?;
        *shared = Arc::downgrade(&here);
        Some(here)
    }

    fn make_device() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let device = Self(format!("ht{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
        ip(&["link", "add", &device.0, "type", "bridge"])?;
        ip(&["addr", "add", &format!("{}/32", Self::ADDRESS), "dev", &device.0])?;
        ip(&["link", "set", &device.0, "up"])?;
        Some(device)
    }
}

impl Drop for Elsewhere {
    fn drop(&mut self) {
        let _ = ip(&["link", "delete", &self.0]);
    }
}

fn ip(words: &[&str]) -> Option<()> {
    Command::new("ip").args(words).output().ok().filter(|said| said.status.success()).map(drop)
}

fn connecting(addresses: &[(String, u16)]) -> String {
    format!(
        "import socket\n\
         for address in {addresses:?}:\n\
         \x20   try:\n\
         \x20       socket.create_connection(address, 5)\n\
         \x20       print(address[0], 'answers')\n\
         \x20   except OSError:\n\
         \x20       print(address[0], 'is away')\n\
         print([name for _, name in socket.if_nameindex()][0])\n"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_with_network_reaches_others_and_not_this_machines_loopback() {
    if !has_own_network() {
        return;
    }
    let here = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    let port = here.local_addr().unwrap().port();
    let elsewhere = Elsewhere::make();
    let mut asked = vec![("127.0.0.1".to_owned(), port), ("::1".to_owned(), port)];
    let mut expected = "127.0.0.1 is away\n::1 is away\n".to_owned();
    match &elsewhere {
        Some(_) => {
            asked.push((Elsewhere::ADDRESS.to_string(), port));
            expected = format!("{expected}{} answers\n", Elsewhere::ADDRESS);
        }
        None => hearth_skip::skip("only an administrator can make an address to reach"),
    }
    let mut stage = Stage::with_spec(&connecting(&asked), |spec| spec.network = true).await;
    let finish = stage.run().await;
    let log = stage.server.log();
    assert_eq!(finish.outcome.state, TaskState::Succeeded, "{log}");
    assert_eq!(log, format!("{expected}lo\n"));
    assert_eq!(finish.sandbox.unwrap().network, "own");
    here.set_nonblocking(true).unwrap();
    let connections = usize::from(elsewhere.is_some());
    let heard = (0..=connections).map(|_| here.accept()).take_while(Result::is_ok).count();
    assert_eq!(heard, connections);
    assert_eq!(here.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_with_network_ends_as_one_without() {
    if !has_own_network() {
        return;
    }
    let program = "import os, signal, sys, time\n\
        def leave(*_):\n    print('leaving', flush=True)\n    sys.exit(3)\n\
        signal.signal(signal.SIGTERM, leave)\nprint('begun', flush=True)\ntime.sleep(60)\n";
    let mut stage = Stage::with_spec(program, |spec| spec.network = true).await;
    let handle = stage.launch().await;
    stage.server.wait_for_log("begun").await;
    hearth_runner::engine::Engine::stop(&stage.engine, &handle, Duration::from_secs(20)).await.unwrap();
    let finish = stage.server.finished().await;
    assert_eq!((finish.outcome.state, finish.exit_code), (TaskState::Stopped, Some(3)));
    assert_eq!(stage.server.log(), "begun\nleaving\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_out_of_a_task_goes_with_its_agent() {
    if !has_own_network() {
        return;
    }
    let mut stage = Stage::with_spec("import time\nprint('begun', flush=True)\ntime.sleep(60)\n", |spec| {
        spec.network = true;
    })
    .await;
    stage.launch().await;
    stage.server.wait_for_log("begun").await;
    let told = std::fs::read_to_string(stage.agent_folder().join("agent.pid")).unwrap();
    let pid = told.split(|c: char| !c.is_ascii_digit()).find(|part| !part.is_empty()).unwrap().to_owned();
    let below = ways_out(&pid);
    assert_eq!(below.len(), 1);
    assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    for _ in 0..200 {
        if std::fs::read(format!("/proc/{}/cmdline", below[0])).is_ok_and(|line| !line.is_empty()) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        } else {
            return;
        }
    }
    panic!("it is still there");
}

/// The pasta processes that an agent has started.
fn ways_out(agent: &str) -> Vec<String> {
    let mine = |pid: &String| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
        let parent = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(1)).map(str::to_owned);
        name.starts_with("pas") && parent.as_deref() == Some(agent)
    };
    let all = std::fs::read_dir("/proc").unwrap().flatten();
    all.filter_map(|entry| entry.file_name().into_string().ok()).filter(mine).collect()
}

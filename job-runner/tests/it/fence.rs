use hearth_core::{Reason, TaskState};
use hearth_runner::{engine::Engine, sandbox::self_test};

use crate::setup::Stage;

/// Says aloud why a test of the fence does not run.
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
    // Where the checkout lies below /tmp, the way to the agent is seen, and nothing beside it.
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
async fn the_network_is_there_when_it_was_asked_for() {
    let other = Stage::with("").await;
    let port = other.server.address.port();
    let program = format!("import socket\nsocket.create_connection(('127.0.0.1', {port}), 2)\n");
    let mut stage = Stage::with_spec(&program, |spec| spec.network = true).await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.state, TaskState::Succeeded, "{}", stage.server.log());
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

//! The disk usage of a task, wherever it writes.

use hearth_core::{Reason, TaskState};

use crate::setup::{Stage, tar};

const MIB: u64 = 1 << 20;

async fn assert_over(program: &str, said: &str) {
    let mut stage = Stage::with_spec(&format!("import os, time\n{program}\ntime.sleep(60)\n"), |spec| {
        spec.limits.disk_bytes = 20 * MIB;
        spec.limits.disk_files = 500;
    })
    .await;
    let finish = stage.run().await;
    let log = stage.server.log();
    assert_eq!(
        (finish.outcome.state, finish.outcome.reason),
        (TaskState::Failed, Reason::LimitDisk),
        "{log}"
    );
    assert!(log.contains(said), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_in_tmp_or_at_home_counts() {
    for place in ["/tmp/large", "/home/task/large"] {
        let program = format!("open({place:?}, 'wb').write(bytes(30 << 20))");
        assert_over(&program, "more than 20971520 bytes on the disk").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_without_a_name_counts() {
    assert_over(
        "file = open('/tmp/gone', 'wb')\nos.remove('/tmp/gone')\nfile.write(bytes(30 << 20))\nfile.flush()",
        "more than 20971520 bytes on the disk",
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_empty_files_and_a_tree_without_end_are_too_much() {
    assert_over("for n in range(2000): open('/tmp/output/%d' % n, 'w').close()", "more than 500 files").await;
    assert_over("for n in range(400):\n    os.mkdir('d')\n    os.chdir('d')", "deep").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn code_that_is_too_large_is_refused_before_it_is_written() {
    let large = "x".repeat(3 << 20);
    let code = tar(&[("train.py", "print()"), ("a", &large), ("b", &large)]);
    let mut stage = Stage::with_all(code, vec![], |spec| spec.limits.code_bytes = 4 * MIB).await;
    let finish = stage.run().await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Failed, Reason::LimitDisk));
    assert_eq!(std::fs::read_dir(stage.agent_folder().join("work/code")).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_that_does_not_end_is_not_kept() {
    let large = "x".repeat(9 << 20);
    let mut stage = Stage::with_all(tar(&[("train.py", &large)]), vec![], |spec| {
        spec.limits.code_bytes = MIB;
        spec.limits.disk_files = 100;
    })
    .await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.reason, Reason::LimitDisk);
    assert!(!stage.agent_folder().join("private/archive.tar").exists());
}

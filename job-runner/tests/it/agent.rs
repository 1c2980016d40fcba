use std::{sync::atomic::Ordering, time::Duration};

use hearth_core::{Program, Reason, TaskState};
use hearth_runner::{
    engine::Observation,
    protocol::{HeartbeatReply, Phase},
    sandbox::Fence,
    spec::{Input, InputKind},
};

use crate::setup::{SmallDisk, Stage, tar};

const COUNTING: &str = "\
import time
for step in range(1, 41):
    print(f'step={step} loss={1/step:.4f}')
    time.sleep(0.1)
";

fn assert_counted(log: &str) {
    let expected: Vec<String> =
        (1..=40).map(|step| format!("step={step} loss={:.4}", 1.0 / f64::from(step))).collect();
    assert_eq!(log.lines().collect::<Vec<_>>(), expected, "no line is missing and none is doubled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_runs_and_its_record_is_complete() {
    let mut stage = Stage::with(
        // Memory is sampled from time to time, so the program lasts a moment.
        "import json, os, sys, time\n\
         time.sleep(0.5)\n\
         print('arguments', sys.argv[1:])\n\
         print('to stderr', file=sys.stderr)\n\
         print('secret', os.environ['API_KEY'], 'seed', os.environ['HEARTH_SEED'])\n\
         open(os.environ['HEARTH_METRICS_PATH'], 'w').write(json.dumps({'step': 1, 'accuracy': 0.9}) + '\\n')\n\
         os.makedirs(os.environ['HEARTH_OUTPUT_PATH'] + '/sub')\n\
         open(os.environ['HEARTH_OUTPUT_PATH'] + '/sub/model.bin', 'wb').write(b'x' * 3000000)\n",
    )
    .await;
    let finish = stage.run().await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Succeeded, Reason::RunFinished));
    assert_eq!(finish.exit_code, Some(0));
    let log = stage.server.log();
    assert!(log.contains("arguments ['--epochs=3']"), "{log}");
    assert!(log.contains("to stderr") && log.contains("secret kept to ourselves seed 1"), "{log}");
    let metrics = stage.server.metrics();
    assert!(
        metrics.starts_with("{\"time\": \"") && metrics.ends_with("\"step\": 1, \"accuracy\": 0.9}\n"),
        "{metrics}"
    );
    assert_eq!(finish.outputs.len(), 1);
    assert_eq!((finish.outputs[0].path.as_str(), finish.outputs[0].size_bytes), ("sub/model.bin", 3_000_000));
    assert!(stage.server.known.record.output_status(&finish.outputs[0]).unwrap().complete);
    assert!(finish.environment_lock.starts_with("# "), "{}", finish.environment_lock);
    let reasons = stage.server.reasons();
    assert_eq!(reasons[..3], [Reason::StageCode, Reason::StageSandbox, Reason::RunStarted]);
    assert!(!stage.server.known.samples.lock().unwrap().is_empty());
    assert!(
        finish.usage.wall_seconds > 0.0 && finish.usage.peak_memory_bytes > 1 << 20,
        "{:?}",
        finish.usage
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_survives_a_server_that_goes_away() {
    let mut stage = Stage::with(COUNTING).await;
    stage.launch().await;
    stage.server.wait_for_log("step=5 ").await;
    stage.server.vanish().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    stage.server.come_back().await;
    let finish = stage.server.finished().await;
    assert_eq!(finish.outcome.state, TaskState::Succeeded);
    assert_counted(&stage.server.log());
    assert_eq!(stage.server.metrics().lines().count(), 40);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_whole_run_may_end_while_the_server_is_away() {
    let mut stage = Stage::with("import time\nprint('begun')\ntime.sleep(1)\nprint('ended')\n").await;
    stage.launch().await;
    stage.server.wait_for_log("begun").await;
    stage.server.vanish().await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    stage.server.come_back().await;
    let finish = stage.server.finished().await;
    assert_eq!(finish.outcome.state, TaskState::Succeeded);
    assert_eq!(stage.server.log(), "begun\nended\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_answers_double_no_line() {
    let mut stage = Stage::with(COUNTING).await;
    stage.launch().await;
    stage.server.wait_for_log("step=2 ").await;
    for _ in 0..5 {
        stage.server.known.faults.failing.store(3, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    stage.server.finished().await;
    assert_counted(&stage.server.log());
    let mut reasons = stage.server.reasons();
    let count = reasons.len();
    reasons.dedup();
    assert_eq!(reasons.len(), count, "no event is doubled: {reasons:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_lost_its_tail_gets_it_again() {
    let mut stage = Stage::with(COUNTING).await;
    stage.server.known.faults.is_forgetful.store(true, Ordering::Relaxed);
    stage.launch().await;
    stage.server.wait_for_log("step=3 ").await;
    let log = std::fs::OpenOptions::new().write(true).open(stage.server.known.record.log_path(0)).unwrap();
    log.set_len(5).unwrap();
    stage.server.finished().await;
    assert_counted(&stage.server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_breaks_off_goes_on_where_it_was() {
    let mut stage = Stage::with(
        "import os\nopen(os.environ['LOCAL_OUTPUT_PATH'] + '/weights', 'wb').write(os.urandom(5_000_000))\n",
    )
    .await;
    stage.server.known.faults.breaking_uploads.store(2, Ordering::Relaxed);
    let finish = stage.run().await;
    assert_eq!(finish.outcome.state, TaskState::Succeeded);
    assert_eq!(finish.outputs.len(), 1);
    assert!(stage.server.known.record.output_status(&finish.outputs[0]).unwrap().complete);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonzero_exit_is_named_and_its_outputs_are_kept() {
    let mut stage = Stage::with(
        "import os, sys\n\
         open(os.environ['LOCAL_OUTPUT_PATH'] + '/partial.txt', 'w').write('half')\n\
         os.symlink('/etc/passwd', os.environ['LOCAL_OUTPUT_PATH'] + '/stolen')\n\
         sys.exit(3)\n",
    )
    .await;
    let finish = stage.run().await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Failed, Reason::RunExitNonzero));
    assert_eq!(finish.exit_code, Some(3));
    assert_eq!(finish.outputs[0].path.as_str(), "partial.txt");
    assert_eq!(finish.outputs[0].size_bytes, 4);
    assert_eq!(finish.outputs_left_out, [("stolen".to_owned(), "link".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signal_is_named() {
    let mut stage = Stage::with("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n").await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.reason, Reason::RunSignal);
    assert_eq!(finish.signal.as_deref(), Some("SIGSEGV"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_takes_too_long_ends_with_its_limit() {
    let mut stage = Stage::with_spec("import time\ntime.sleep(60)\n", |spec| {
        spec.limits.time_seconds = Some(1);
    })
    .await;
    let finish = stage.run().await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Failed, Reason::LimitTime));
    assert!(finish.usage.wall_seconds < 10.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_gives_the_program_its_grace() {
    let mut stage = Stage::with(
        "import os, signal, sys, time\n\
         def save(*_):\n\
         \x20   open(os.environ['LOCAL_OUTPUT_PATH'] + '/checkpoint', 'w').write('saved')\n\
         \x20   sys.exit(0)\n\
         signal.signal(signal.SIGTERM, save)\n\
         print('ready')\n\
         time.sleep(60)\n",
    )
    .await;
    stage.launch().await;
    stage.server.wait_for_log("ready").await;
    *stage.server.known.reply.lock().unwrap() = HeartbeatReply::stop(Reason::UserStop, 10);
    let finish = stage.server.finished().await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Stopped, Reason::UserStop));
    assert_eq!(finish.outputs[0].path.as_str(), "checkpoint");
    assert!(stage.server.known.phases.lock().unwrap().contains(&Phase::Running));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_that_ignores_the_polite_signal_is_ended() {
    let mut stage = Stage::with(
        "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('ready')\ntime.sleep(60)\n",
    )
    .await;
    stage.launch().await;
    stage.server.wait_for_log("ready").await;
    *stage.server.known.reply.lock().unwrap() = HeartbeatReply::stop(Reason::AdminStop, 1);
    let finish = stage.server.finished().await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Stopped, Reason::AdminStop));
    assert_eq!(finish.signal.as_deref(), Some("SIGKILL"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_that_is_gone_for_the_server_ends_at_once() {
    let mut stage = Stage::with("import time\nprint('ready')\ntime.sleep(60)\n").await;
    stage.launch().await;
    stage.server.wait_for_log("ready").await;
    stage.server.known.faults.is_gone.store(true, Ordering::Relaxed);
    assert_eq!(stage.over().await, Observation::Exited { delivered: false });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_boot_file_and_a_missing_interpreter_are_named() {
    let mut stage =
        Stage::with_spec("print()", |spec| spec.program = Program::script("other.py", vec![])).await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.reason, Reason::RunNoBootFile);
    assert!(stage.server.log().contains("other.py"));
    let mut stage = Stage::with_spec("print()", |spec| spec.image.python = "/no/python".into()).await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.reason, Reason::ImageMissing);
    assert!(stage.server.log().contains("/no/python"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_runs_in_the_folder_of_the_code_and_its_end_counts() {
    let line = "ls *.py && python3 -c 'print(6 * 7)' && exit 3";
    let mut stage = Stage::with_spec("print()", |spec| spec.program = Program::shell_line(line)).await;
    let finish = stage.run().await;
    assert_eq!((finish.outcome.reason, finish.exit_code), (Reason::RunExitNonzero, Some(3)));
    assert_eq!(finish.command, ["sh", "-c", line]);
    let log = stage.server.log();
    assert!(log.contains("train.py") && log.contains("42"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_nowhere_is_named() {
    let words = vec!["no-such-program".to_owned()];
    let mut stage = Stage::with_spec("print()", |spec| spec.program = Program::Command { words }).await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.state, TaskState::Failed);
    assert!(stage.server.log().contains("no-such-program"), "{}", stage.server.log());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_beyond_its_limit_is_cut_with_a_word() {
    let mut stage = Stage::with_spec("for n in range(20000): print('line', n)\n", |spec| {
        spec.limits.log_bytes = 100_000;
    })
    .await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.state, TaskState::Succeeded);
    let log = stage.server.log();
    assert!(log.len() < 200_000, "{}", log.len());
    assert!(log.trim_end().ends_with("is not kept"), "{}", &log[log.len() - 200..]);
}

#[tokio::test(flavor = "multi_thread")]
async fn outputs_beyond_their_limit_are_left_out_and_named() {
    let mut stage = Stage::with_spec(
        "import os\nfor name in 'ab': open(os.environ['LOCAL_OUTPUT_PATH'] + '/' + name, 'wb').write(b'x' * 1000)\n",
        |spec| spec.limits.output_bytes = 1500,
    )
    .await;
    let finish = stage.run().await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Failed, Reason::LimitOutput));
    assert_eq!(finish.outputs.len(), 1);
    assert_eq!(finish.outputs_left_out, [("b".to_owned(), "limit".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn data_sets_and_models_are_there_and_cannot_be_changed() {
    let input = |kind, name: &str| Input {
        kind,
        name: name.into(),
        repository: format!("mei/{name}"),
        revision: "b".repeat(40),
    };
    let program = "\
import os
print('data', open(os.environ['LOCAL_DATASET_PATH'] + '/digits/train.csv').read())
print('model', open(os.environ['LOCAL_PRETRAIN_MODEL_PATH'] + '/base/weights').read())
try:
    open(os.environ['LOCAL_DATASET_PATH'] + '/digits/new', 'w')
    print('written')
except OSError as error:
    print('refused')
";
    let inputs = vec![
        ("dataset/digits.tar".to_owned(), tar(&[("train.csv", "1,2,3")])),
        ("model/base.tar".to_owned(), tar(&[("weights", "0.5")])),
    ];
    let mut stage = Stage::with_all(tar(&[("train.py", program)]), inputs, |spec| {
        spec.inputs = vec![input(InputKind::Dataset, "digits"), input(InputKind::Model, "base")];
    })
    .await;
    let finish = stage.run().await;
    assert_eq!(finish.outcome.state, TaskState::Succeeded, "{}", stage.server.log());
    let fenced = finish.sandbox.unwrap().fence == "bubblewrap";
    assert!(stage.server.log().starts_with("data 1,2,3\nmodel 0.5\n"));
    assert_eq!(stage.server.log().contains("refused"), fenced);
    assert!(stage.server.reasons().contains(&Reason::StageDataset));
    assert!(stage.server.reasons().contains(&Reason::StageModel));
}

#[tokio::test(flavor = "multi_thread")]
async fn code_that_would_leave_its_folder_is_refused() {
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..10].copy_from_slice(b"../evil.py");
    header.set_size(1);
    header.set_cksum();
    builder.append(&header, &b"x"[..]).unwrap();
    let mut stage = Stage::with_all(builder.into_inner().unwrap(), vec![], |_| {}).await;
    let finish = stage.run().await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Failed, Reason::StageCode));
    assert!(!stage.agent_folder().join("work/evil.py").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_fence_nothing_outlives_the_program() {
    let stage = Stage::with(
        "import os, subprocess, sys\n\
         child = subprocess.Popen(['sleep', '600'], start_new_session=True)\n\
         print('child', child.pid)\n\
         print('cards', repr(os.environ['CUDA_VISIBLE_DEVICES']))\n\
         print('here', os.getcwd() == os.environ['LOCAL_CODE_PATH'])\n\
         sys.exit(4)\n",
    )
    .await;
    let finish = stage.run_behind(Fence::None).await;
    let log = stage.server.log();
    assert_eq!((finish.exit_code, finish.outcome.reason), (Some(4), Reason::RunExitNonzero), "{log}");
    assert!(log.contains("cards ''") && log.contains("here True"), "{log}");
    let child = log.lines().find_map(|line| line.strip_prefix("child ")).unwrap();
    let state = std::fs::read_to_string(format!("/proc/{child}/stat")).unwrap_or_default();
    assert!(state.is_empty() || state.contains(") Z "), "{state}");
    assert_eq!(finish.sandbox.unwrap().fence, "none");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_control_group_a_watchdog_bounds_memory() {
    let stage = Stage::with_spec(
        "blocks = []\nimport time\nfor n in range(40):\n    blocks.append(bytearray(10_000_000))\n    time.sleep(0.05)\n",
        |spec| spec.resources.memory_bytes = 100 << 20,
    )
    .await;
    // A container is limited by its engine; the agent has no cgroup in it.
    let finish = stage.run_behind(Fence::Container).await;
    assert_eq!(finish.sandbox.unwrap().memory, "watchdog");
    assert_eq!(finish.outcome.reason, Reason::RunOutOfMemory);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_container_the_program_finds_its_folders_and_the_images_variables() {
    let stage = Stage::with(
        "import os\n\
         for name in ['LOCAL_CODE_PATH', 'HOME', 'OF_THE_IMAGE', 'HEARTH_OF_THE_IMAGE', 'MASTER_ADDR']:\n\
         \x20   print(name, os.environ.get(name))\n\
         open(os.environ['LOCAL_OUTPUT_PATH'] + '/a.txt', 'w').write('a')\n",
    )
    .await;
    let finish = stage.run_contained(&[("OF_THE_IMAGE", "yes"), ("HEARTH_OF_THE_IMAGE", "no")]).await;
    let (log, root) = (stage.server.log(), stage.folder.path().display());
    assert_eq!(finish.outcome.state, TaskState::Succeeded, "{log}");
    let told = format!(
        "LOCAL_CODE_PATH {root}/tmp/code\nHOME {root}/home\nOF_THE_IMAGE yes\nHEARTH_OF_THE_IMAGE None\nMASTER_ADDR None\n"
    );
    assert_eq!(log, told);
    assert_eq!(finish.outputs[0].path.as_str(), "a.txt");
    let facts = finish.sandbox.unwrap();
    assert_eq!((facts.fence.as_str(), facts.memory.as_str()), ("container", "container"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_node_knows_its_rank_from_the_cluster_and_tells_only_its_own() {
    let stage = Stage::with_spec(
        "import os\n\
         for name in ['HEARTH_NODE_RANK', 'RANK', 'WORLD_SIZE', 'MASTER_ADDR', 'PET_NNODES', 'MS_NODE_ID', 'HOROVOD_RANK']:\n\
         \x20   print(name, os.environ.get(name))\n\
         print('step=1 loss=0.5')\n\
         open(os.environ['LOCAL_OUTPUT_PATH'] + '/a.txt', 'w').write('a')\n",
        |spec| spec.node = hearth_runner::spec::Node { rank: 0, count: 3 },
    )
    .await;
    let finish = stage.run_contained(&[("JOB_COMPLETION_INDEX", "2")]).await;
    let log = stage.server.log_of(2);
    let name = stage.server.known.spec.name();
    let told = format!(
        "HEARTH_NODE_RANK 2\nRANK 2\nWORLD_SIZE 3\nMASTER_ADDR {name}-0.{name}\nPET_NNODES 3\nMS_NODE_ID 2\nHOROVOD_RANK 2\n"
    );
    assert!(log.starts_with(&told), "{log}");
    assert_eq!(finish.outputs[0].path.as_str(), "node-2/a.txt");
    assert_eq!((finish.events, finish.metrics_bytes, stage.server.metrics()), (0, 0, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_without_the_interpreter_is_said_to_be_so() {
    let stage = Stage::with_spec("", |spec| spec.image.python = "python-of-another-image".into()).await;
    let finish = stage.run_contained(&[]).await;
    assert_eq!((finish.outcome.state, finish.outcome.reason), (TaskState::Failed, Reason::ImageMissing));
}

const WRITING: &str = "\
import os
path = os.environ['LOCAL_OUTPUT_PATH'] + '/weights'
open(path, 'wb').write(b'x' * 3_000_000)
print('inode', os.stat(path).st_ino)
";

#[tokio::test(flavor = "multi_thread")]
async fn a_server_on_the_same_disk_moves_outputs_instead_of_copying_them() {
    let mut stage = Stage::with(WRITING).await;
    if stage.engine.fence().unwrap() != Fence::Bubblewrap {
        return hearth_skip::skip("without a fence others may still write to what the program made");
    }
    stage.launch().await;
    stage.share_disk();
    let finish = stage.server.finished().await;
    assert_eq!((finish.outputs.len(), finish.outputs[0].size_bytes), (1, 3_000_000));
    let kept = stage.server.known.record.find_output(&finish.outputs[0].path).unwrap();
    let inode = std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(kept).unwrap());
    assert_eq!(stage.server.log(), format!("inode {inode}\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_output_waits_for_room_on_the_servers_disk_and_says_so() {
    let mut stage = Stage::with(WRITING).await;
    stage.server.known.faults.full.store(1, Ordering::Relaxed);
    let finish = stage.run().await;
    assert_eq!(finish.outcome.state, TaskState::Succeeded);
    assert_eq!(finish.outputs.len(), 1);
    let reasons = stage.server.reasons();
    let waited = reasons.iter().position(|reason| *reason == Reason::OutputsNoRoom).unwrap();
    assert!(reasons[waited..].contains(&Reason::StageOutputs), "it goes on: {reasons:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_is_too_large_is_told_in_short_and_never_taken_for_told() {
    let mut stage = Stage::with_spec(
        "import os\nfor n in range(3000): os.symlink('/', os.environ['LOCAL_OUTPUT_PATH'] + f'/{n}')\n",
        |_| {},
    )
    .await;
    stage.server.known.faults.curt.store(1, Ordering::Relaxed);
    let finish = stage.run().await;
    assert_eq!((finish.outcome.state, finish.exit_code), (TaskState::Succeeded, Some(0)));
    assert_eq!((finish.outputs_left_out.len(), finish.outputs_left_out_more), (0, 3000));
    assert_eq!(finish.working_directory, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_outputs_that_are_left_out_are_named_and_the_others_counted() {
    let mut stage = Stage::with(
        "import os\nfor n in range(3000): os.symlink('/', os.environ['LOCAL_OUTPUT_PATH'] + f'/{n}')\n",
    )
    .await;
    let finish = stage.run().await;
    assert_eq!((finish.outputs_left_out.len(), finish.outputs_left_out_more), (1000, 2000));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_which_the_server_takes_no_more_holds_up_no_end() {
    let mut stage = Stage::with("for n in range(20000): print('line', n)\n").await;
    stage.server.known.faults.most_log.store(50_000, Ordering::Relaxed);
    let finish = stage.run().await;
    assert_eq!(finish.outcome.state, TaskState::Succeeded);
    assert_eq!(finish.log_bytes, stage.server.log().len() as u64);
    assert!(finish.log_bytes > 0 && finish.log_bytes <= 50_000, "{}", finish.log_bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_of_the_timeline_that_is_refused_holds_up_no_other() {
    let mut stage = Stage::with("print()\n").await;
    *stage.server.known.faults.odd_reason.lock().unwrap() = Some(Reason::StageSandbox);
    let finish = stage.run().await;
    let reasons = stage.server.reasons();
    assert_eq!(reasons[..2], [Reason::StageCode, Reason::RunStarted]);
    assert_eq!(finish.events, reasons.len() as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_whose_own_log_takes_nothing_goes_on() {
    let mut stage = Stage::with("import time\nprint('ready')\ntime.sleep(2)\nprint('done')\n").await;
    stage.own_log = Some("/dev/full".into());
    let break_it = async |stage: &Stage| {
        stage.server.wait_for_log("ready").await;
        stage.server.known.faults.failing.store(5, Ordering::Relaxed);
    };
    let finish = stage.run_behind_with(Fence::None, break_it).await;
    assert_eq!(finish.outcome.state, TaskState::Succeeded);
    assert_eq!(stage.server.log(), "ready\ndone\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_on_a_full_disk_ends_and_says_that_it_was_full() {
    let mut stage = Stage::with(
        "import time\nfor n in range(400): print('x' * 100_000)\ntime.sleep(1)\nprint('the end')\n",
    )
    .await;
    let runner = stage.folder.path().join("data/runner");
    let Some(_disk) = SmallDisk::mount(&runner, "8m") else { return };
    // Nothing leaves the spool as long as the server does not accept it.
    stage.launch().await;
    stage.server.wait_for_log("x").await;
    let finish = stage.server.finished().await;
    assert_eq!((finish.outcome.state, finish.exit_code), (TaskState::Succeeded, Some(0)));
    assert!(stage.server.reasons().contains(&Reason::MachineNoRoom), "{:?}", stage.server.reasons());
}

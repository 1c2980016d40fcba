use std::{
    collections::BTreeMap,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
};

use hearth_core::{Outcome, Reason, TaskState, Timestamp};
use hearth_runner::{
    Error,
    protocol::{Appended, Finish, OutputEntry, Usage},
    record::{Fault, Pin, Record, RunFacts, TimelineLine, verify},
};

use crate::setup::{SmallDisk, Stage, spec};

fn timeline() -> Vec<TimelineLine> {
    vec![TimelineLine {
        time: Timestamp::from_second(1_800_000_000),
        source: "user".into(),
        reason: Reason::Submitted,
        data: BTreeMap::new(),
    }]
}

#[test]
fn bytes_are_appended_at_the_exact_end_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let record = Record::open(folder.path()).unwrap();
    assert_eq!(record.append_log(0, 0, b"one\n").unwrap().next_offset, 4);
    for offset in [0, 3, 5] {
        let refused = record.append_log(0, offset, b"again\n");
        assert!(matches!(refused, Err(Error::WrongOffset(Appended { next_offset: 4 }))));
    }
    record.append_log(0, 4, b"two\n").unwrap();
    assert_eq!(std::fs::read_to_string(record.log_path(0)).unwrap(), "one\ntwo\n");
}

#[test]
fn an_output_is_in_place_only_with_its_hash() {
    let folder = tempfile::tempdir().unwrap();
    let record = Record::open(folder.path()).unwrap();
    let good = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
    let entry = |path: &str, sha256: &str| OutputEntry {
        path: path.parse().unwrap(),
        size_bytes: 5,
        sha256: sha256.into(),
    };
    let hello = entry("a/hello", good);
    record.append_output(&hello, 0, b"he").unwrap();
    assert_eq!(record.complete_output(&hello).unwrap().received, 2);
    record.append_output(&hello, 2, b"llo").unwrap();
    assert!(record.complete_output(&hello).unwrap().complete);
    assert!(record.complete_output(&hello).unwrap().complete, "the second time as well");
    assert_eq!(std::fs::read(record.find_output(&hello.path).unwrap()).unwrap(), b"hello");
    let wrong = entry("b", &"0".repeat(64));
    record.append_output(&wrong, 0, b"hello").unwrap();
    assert!(matches!(record.complete_output(&wrong), Err(Error::HashMismatch { .. })));
    assert_eq!(record.find_output(&wrong.path), None);
    for (path, sha256) in [("a/hello/below", good), ("a", good), ("c", &good.to_uppercase())] {
        let refused = record.append_output(&entry(path, sha256), 0, b"");
        assert!(matches!(refused, Err(Error::UnsafePath(_))), "{path:?}");
    }
}

#[test]
fn an_output_is_taken_by_its_name_alone_and_hashed_out_of_reach() {
    let folder = tempfile::tempdir().unwrap();
    let (record, left) = (Record::open(folder.path().join("record")).unwrap(), folder.path().join("left"));
    std::fs::create_dir_all(left.join("sub")).unwrap();
    let file = left.join("sub/model");
    std::fs::write(&file, b"hello").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o4777)).unwrap();
    let before = std::fs::metadata(&file).unwrap().ino();
    let path = "sub/model".parse().unwrap();
    let taken = record.take_output(&left, &path).unwrap().unwrap();
    assert_eq!(taken.sha256, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    let facts = std::fs::metadata(record.find_output(&path).unwrap()).unwrap();
    assert_eq!((facts.ino(), facts.mode() & 0o7777), (before, 0o644), "the same bytes, not a copy");
    assert!(!file.exists() && !record.directory().join(".taken").exists());
    assert_eq!(record.take_output(&left, &path).unwrap(), Some(taken), "the second time as well");
}

#[test]
fn what_others_could_still_write_to_is_copied_and_links_lead_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let (record, left) = (Record::open(folder.path().join("record")).unwrap(), folder.path().join("left"));
    std::fs::create_dir(&left).unwrap();
    std::fs::write(left.join("model"), b"hello").unwrap();
    std::fs::hard_link(left.join("model"), folder.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink("/etc", left.join("etc")).unwrap();
    std::os::unix::fs::symlink("/etc/passwd", left.join("passwd")).unwrap();
    let model = "model".parse().unwrap();
    assert_eq!(record.take_output(&left, &model).unwrap(), None);
    assert_eq!(record.copy_output(&left, &model).unwrap().unwrap().size_bytes, 5);
    assert!(left.join("model").exists());
    for path in ["etc/passwd", "passwd", "none", "model/below"] {
        let path = path.parse().unwrap();
        assert_eq!(record.take_output(&left, &path).unwrap_or(None), None, "{path}");
        assert_eq!(record.copy_output(&left, &path).unwrap_or(None), None, "{path}");
    }
}

#[test]
fn a_copy_that_finds_no_room_leaves_nothing_and_a_move_needs_none() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::mount(&folder.path().join("disk"), "4m") else { return };
    let (record, left) = (Record::open(disk.0.join("record")).unwrap(), disk.0.join("left"));
    std::fs::create_dir(&left).unwrap();
    std::fs::write(left.join("model"), vec![7; 3 << 20]).unwrap();
    let path = "model".parse().unwrap();
    let refused = record.copy_output(&left, &path).unwrap_err();
    assert!(
        matches!(&refused, Error::Io { source, .. } if hearth_runner::outputs::is_full(source)),
        "{refused}"
    );
    assert_eq!(record.parts(), (0, 0));
    assert_eq!(record.take_output(&left, &path).unwrap().unwrap().size_bytes, 3 << 20);
}

#[test]
fn a_sealed_record_names_what_is_missing_and_every_change_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let record = Record::open(folder.path()).unwrap();
    record.append_log(0, 0, b"hello\n").unwrap();
    std::fs::write(record.outputs_path().join("model"), b"weights").unwrap();
    let spec = spec("train.py");
    let facts = RunFacts {
        spec: &spec,
        engine: "local",
        outcome: Outcome { state: TaskState::Failed, reason: Reason::PlatformFault },
        finish: None,
        created_at: Timestamp::from_second(1_800_000_000),
        ended_at: Timestamp::from_second(1_800_000_060),
    };
    assert_eq!(verify(folder.path()).unwrap().faults[0].1, Fault::NotSealed);
    let document = record.seal(&facts, &timeline()).unwrap();
    assert_eq!(document.image.digest, Pin::Missing { missing: "not an OCI image".into() });
    assert!(document.missing.contains(&"environment_lock".to_owned()));
    assert_eq!(document.outputs.files.len(), 1);
    assert_eq!(record.document().unwrap().unwrap(), document);
    let text = std::fs::read_to_string(folder.path().join("run.json")).unwrap();
    assert!(!text.contains("kept to ourselves"), "a secret's name is kept and its value is not");
    assert!(text.contains("API_KEY"));
    assert!(verify(folder.path()).unwrap().is_good());

    std::fs::write(record.outputs_path().join("model"), b"changed").unwrap();
    std::fs::write(record.outputs_path().join("new"), b"new").unwrap();
    std::fs::remove_file(record.log_path(0)).unwrap();
    let mut faults = verify(folder.path()).unwrap().faults;
    faults.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(
        faults,
        [
            ("log/node-0.log".to_owned(), Fault::Missing),
            ("outputs/model".to_owned(), Fault::Changed),
            ("outputs/new".to_owned(), Fault::Extra)
        ]
    );
}

#[test]
fn a_record_that_several_seal_at_once_is_whole() {
    let folder = tempfile::tempdir().unwrap();
    let record = Record::open(folder.path()).unwrap();
    record.append_log(0, 0, b"hello\n").unwrap();
    std::fs::write(record.outputs_path().join("model"), b"weights").unwrap();
    std::fs::write(folder.path().join(".env.lock.1-0.new"), b"left by a stopped server").unwrap();
    let spec = spec("train.py");
    let finish = Finish {
        outcome: Outcome { state: TaskState::Succeeded, reason: Reason::RunFinished },
        exit_code: Some(0),
        signal: None,
        started_at: None,
        finished_at: Timestamp::from_second(1_800_000_050),
        usage: Usage::default(),
        command: vec!["python3".into()],
        working_directory: "/tmp/code".into(),
        system: "Linux".into(),
        driver: None,
        environment_lock: "python==3\n".into(),
        sandbox: None,
        packages: None,
        outputs: vec![],
        outputs_left_out: vec![],
        outputs_left_out_more: 0,
        log_bytes: 6,
        metrics_bytes: 0,
        events: 0,
    };
    let facts = RunFacts {
        spec: &spec,
        engine: "local",
        outcome: finish.outcome,
        finish: Some(&finish),
        created_at: Timestamp::from_second(1_800_000_000),
        ended_at: Timestamp::from_second(1_800_000_060),
    };
    for _ in 0..5 {
        let sealed: Vec<_> = std::thread::scope(|scope| {
            let seal = || record.seal(&facts, &timeline());
            let sealing: Vec<_> = (0..8).map(|_| scope.spawn(seal)).collect();
            sealing.into_iter().map(|one| one.join().unwrap().unwrap()).collect()
        });
        assert!(sealed.iter().all(|document| *document == sealed[0]));
        let verdict = verify(folder.path()).unwrap();
        assert!(verdict.is_good(), "{verdict:?}");
        assert_eq!(verdict.intact, 6, "log, output, env.lock, events, receipt and run.json, and no draft");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_record_of_a_real_run_is_complete_and_agrees_with_sha256sum() {
    let mut stage = Stage::with(
        "import os\nprint('step=1 loss=0.5')\nopen(os.environ['LOCAL_OUTPUT_PATH'] + '/model', 'w').write('weights')\n",
    )
    .await;
    let finish = stage.run().await;
    let known = &stage.server.known;
    let facts = RunFacts {
        spec: &known.spec,
        engine: "local",
        outcome: finish.outcome,
        finish: Some(&finish),
        created_at: Timestamp::from_second(1_800_000_000),
        ended_at: finish.finished_at,
    };
    let document = known.record.seal(&facts, &timeline()).unwrap();
    assert_eq!(document.missing, ["image.digest", "driver"]);
    assert_eq!(document.outputs.files[0].path.as_str(), "model");
    assert!(document.outputs.left_out.is_empty());
    assert!(verify(known.record.directory()).unwrap().is_good());
    let checked = std::process::Command::new("sha256sum")
        .args(["--check", "--strict", "--quiet", "SHA256SUMS"])
        .current_dir(known.record.directory())
        .status()
        .unwrap();
    assert!(checked.success());
}

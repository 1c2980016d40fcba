use std::{path::PathBuf, process::Command};

use hearth_core::TaskState;

use crate::setup::{Stage, python, tar};

/// A virtual environment with the real client, created once and kept.
fn environment() -> Option<PathBuf> {
    let has_client = |python: &std::path::Path| {
        Command::new(python)
            .args(["-c", "import c2net.context"])
            .output()
            .is_ok_and(|out| out.status.success())
    };
    let given = PathBuf::from(python());
    if has_client(&given) {
        return Some(given);
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("c2net");
    let python_there = folder.join("bin/python");
    if has_client(&python_there) {
        return Some(python_there);
    }
    let made = Command::new(python()).args(["-m", "venv"]).arg(&folder).output();
    let installed =
        Command::new(&python_there).args(["-m", "pip", "install", "--quiet", "c2net==0.2.0"]).output();
    if has_client(&python_there) {
        return Some(python_there);
    }
    hearth_skip::skip(&format!("c2net could not be installed: {made:?} {installed:?}"));
    None
}

#[tokio::test(flavor = "multi_thread")]
async fn the_unmodified_client_prepares_and_uploads() {
    let Some(python) = environment() else { return };
    let program = "\
from c2net.context import prepare, upload_output
context = prepare()
print('code', context.code_path)
print('data', open(context.dataset_path + '/digits/train.csv').read())
print('model', open(context.pretrain_model_path + '/base/weights').read())
open(context.output_path + '/result.txt', 'w').write('done')
print('output', upload_output())
";
    let inputs = vec![
        ("dataset/digits.tar".to_owned(), tar(&[("train.csv", "1,2,3")])),
        ("model/base.tar".to_owned(), tar(&[("weights", "0.5")])),
    ];
    let mut stage = Stage::with_all(tar(&[("train.py", program)]), inputs, |spec| {
        use hearth_runner::spec::{Input, InputKind};
        let input = |kind, name: &str| Input {
            kind,
            name: name.into(),
            repository: format!("mei/{name}"),
            revision: "b".repeat(40),
        };
        spec.inputs = vec![input(InputKind::Dataset, "digits"), input(InputKind::Model, "base")];
        spec.image.python = python.display().to_string();
    })
    .await;
    let finish = stage.run().await;
    let log = stage.server.log();
    assert_eq!(finish.outcome.state, TaskState::Succeeded, "{log}");
    assert!(log.contains("data 1,2,3") && log.contains("model 0.5"), "{log}");
    assert_eq!(finish.outputs.iter().map(|output| output.path.as_str()).collect::<Vec<_>>(), ["result.txt"]);
    if finish.sandbox.unwrap().fence == "bubblewrap" {
        assert!(log.contains("code /tmp/code") && log.contains("output /tmp/output"), "{log}");
    }
    assert!(finish.environment_lock.contains("c2net==0.2.0"), "{}", finish.environment_lock);
}

use std::path::Path;

use super::layout::{Layout, Place};
use crate::{TaskSpec, sandbox::Fence};

/// Everything the program finds in its environment: c2net's variables, ours, the usual ones, and last the person's own.
pub(crate) fn variables(
    spec: &TaskSpec,
    layout: &Layout,
    fence: Fence,
    python: &str,
) -> Vec<(String, String)> {
    let inside = |place| layout.inside(place).to_string_lossy().into_owned();
    let output = inside(Place::Output);
    let mut variables = vec![
        ("PATH", path_for(python)),
        ("HOME", inside(Place::Home)),
        ("USER", "task".to_owned()),
        ("TMPDIR", inside(Place::Tmp)),
        ("LANG", "C.UTF-8".to_owned()),
        ("PYTHONUNBUFFERED", "1".to_owned()),
        ("OMP_NUM_THREADS", spec.resources.cpus.to_string()),
        ("DATA_DOWNLOAD_METHOD", "MOUNT".to_owned()),
        ("LOCAL_CODE_PATH", inside(Place::Code)),
        ("LOCAL_DATASET_PATH", inside(Place::Datasets)),
        ("LOCAL_PRETRAIN_MODEL_PATH", inside(Place::Models)),
        ("LOCAL_TENSORBOARD_PATH", format!("{output}/tensorboard")),
        ("CODE_NEED_UNZIP", "false".to_owned()),
        ("DATASET_NEED_UNZIP", "false".to_owned()),
        ("PRETRAIN_MODEL_NEED_UNZIP", "false".to_owned()),
        ("HEARTH_TASK_ID", spec.task.to_string()),
        ("HEARTH_ATTEMPT", spec.attempt.to_string()),
        ("HEARTH_KIND", spec.kind.to_string()),
        ("HEARTH_METRICS_PATH", format!("{}/metrics.jsonl", inside(Place::Hearth))),
        ("HEARTH_RESUME", u8::from(spec.resume).to_string()),
        ("HEARTH_NODE_RANK", spec.node.rank.to_string()),
        ("HEARTH_NODE_COUNT", spec.node.count.to_string()),
        ("HEARTH_OUTPUT_PATH", output.clone()),
        ("LOCAL_OUTPUT_PATH", output),
    ];
    if let Some(seed) = spec.seed {
        variables.push(("HEARTH_SEED", seed.to_string()));
    }
    if fence == Fence::None {
        // Advice only, and all there is without a fence.
        let cards: Vec<_> = spec.resources.accelerators.iter().map(|card| card.index.to_string()).collect();
        variables.push(("CUDA_VISIBLE_DEVICES", cards.join(",")));
    }
    let own = spec.environment.iter().map(|(name, value)| (name.clone(), value.clone()));
    let secrets = spec.secrets.iter().map(|(name, secret)| (name.clone(), secret.expose().to_owned()));
    variables.into_iter().map(|(name, value)| (name.to_owned(), value)).chain(own).chain(secrets).collect()
}

fn path_for(python: &str) -> String {
    const USUAL: &str = "/usr/local/bin:/usr/bin:/bin";
    match Path::new(python).parent() {
        Some(folder) if folder.is_absolute() => format!("{}:{USUAL}", folder.display()),
        _ => USUAL.to_owned(),
    }
}

use std::{os::unix::fs::PermissionsExt as _, path::Path};

use super::{
    AgentConfig,
    layout::{Layout, TaskFolder},
    rendezvous,
};
use crate::{TaskSpec, sandbox::Fence};

/// The program's environment: c2net's variables, Hearth's, the usual ones, and last the user's own.
pub(crate) fn variables(
    spec: &TaskSpec,
    layout: &Layout,
    config: &AgentConfig,
    python: &str,
) -> Vec<(String, String)> {
    let inside = |place| layout.inside(place).to_string_lossy().into_owned();
    let output = inside(TaskFolder::Output);
    let mut variables = vec![
        ("PATH", search_path(config.fence, python)),
        ("HOME", inside(TaskFolder::Home)),
        ("USER", "task".to_owned()),
        ("TMPDIR", inside(TaskFolder::Tmp)),
        ("LANG", "C.UTF-8".to_owned()),
        ("PYTHONUNBUFFERED", "1".to_owned()),
        ("OMP_NUM_THREADS", spec.resources.cpus.to_string()),
        ("DATA_DOWNLOAD_METHOD", "MOUNT".to_owned()),
        ("LOCAL_CODE_PATH", inside(TaskFolder::Code)),
        ("LOCAL_DATASET_PATH", inside(TaskFolder::Datasets)),
        ("LOCAL_PRETRAIN_MODEL_PATH", inside(TaskFolder::Models)),
        ("LOCAL_TENSORBOARD_PATH", format!("{output}/tensorboard")),
        ("CODE_NEED_UNZIP", "false".to_owned()),
        ("DATASET_NEED_UNZIP", "false".to_owned()),
        ("PRETRAIN_MODEL_NEED_UNZIP", "false".to_owned()),
        ("HEARTH_TASK_ID", spec.task.to_string()),
        ("HEARTH_ATTEMPT", spec.attempt.to_string()),
        ("HEARTH_KIND", spec.kind.to_string()),
        ("HEARTH_METRICS_PATH", format!("{}/metrics.jsonl", inside(TaskFolder::Hearth))),
        ("HEARTH_RESUME", u8::from(spec.resume).to_string()),
        ("HEARTH_NODE_RANK", spec.node.rank.to_string()),
        ("HEARTH_NODE_COUNT", spec.node.count.to_string()),
        ("HEARTH_OUTPUT_PATH", output.clone()),
        ("LOCAL_OUTPUT_PATH", output),
    ];
    if let Some(seed) = spec.seed {
        variables.push(("HEARTH_SEED", seed.to_string()));
    }
    if config.fence == Fence::None {
        // Only a hint, but without a sandbox there is nothing stronger.
        let cards: Vec<_> = spec.resources.accelerators.iter().map(|card| card.index.to_string()).collect();
        variables.push(("CUDA_VISIBLE_DEVICES", cards.join(",")));
    }
    if let Some(meeting) = config.rendezvous.as_ref().filter(|_| spec.node.count > 1) {
        variables.extend(rendezvous::variables(spec, meeting));
    }
    let of_image = of_image(config.fence);
    let own = spec.environment.iter().map(|(name, value)| (name.clone(), value.clone()));
    let secrets = spec.secrets.iter().map(|(name, secret)| (name.clone(), secret.expose().to_owned()));
    let ours = variables.into_iter().map(|(name, value)| (name.to_owned(), value));
    // The last value of a name wins.
    of_image.into_iter().chain(ours).chain(own).chain(secrets).collect()
}

/// What the image and the device plugin have set: library paths, visible cards. Only in a container, whose
/// environment contains nothing else.
fn of_image(fence: Fence) -> Vec<(String, String)> {
    if fence != Fence::Container {
        return Vec::new();
    }
    let is_passed_on = |name: &String| !name.starts_with("HEARTH_") && !name.starts_with("KUBERNETES_");
    let texts = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    texts.filter(|(name, _)| is_passed_on(name)).collect()
}

/// Whether there is a program of this name, by path or in `PATH`.
pub(crate) fn has_program(name: &str) -> bool {
    let is_program = |path: &Path| {
        path.metadata().is_ok_and(|facts| facts.is_file() && facts.permissions().mode() & 0o111 != 0)
    };
    if name.contains('/') {
        return is_program(Path::new(name));
    }
    let path = std::env::var("PATH").unwrap_or_else(|_| USUAL_PATH.to_owned());
    std::env::split_paths(&path).any(|folder| is_program(&folder.join(name)))
}

/// The `PATH` inside the sandbox.
pub(super) fn search_path(fence: Fence, python: &str) -> String {
    match fence {
        Fence::Container => std::env::var("PATH").unwrap_or_else(|_| USUAL_PATH.to_owned()),
        Fence::Bubblewrap | Fence::None => path_for(python),
    }
}

const USUAL_PATH: &str = "/usr/local/bin:/usr/bin:/bin";

fn path_for(python: &str) -> String {
    match Path::new(python).parent() {
        Some(folder) if folder.is_absolute() => format!("{}:{USUAL_PATH}", folder.display()),
        _ => USUAL_PATH.to_owned(),
    }
}

//! Applies the patch of an unpushed tree to the code. git reads untrusted files there, so it runs in the
//! program's own sandbox, outside any repository and without anybody's configuration: no filter or hook in
//! the code takes effect.

use std::{fs, path::Path, time::Duration};

use super::{
    helper_process::{HelperProcess, OutputStream},
    layout::{Layout, TaskFolder},
};
use crate::sandbox::{Bind, Bounds, Fence, Network, Plan};

const PATIENCE: Duration = Duration::from_mins(2);
/// Where the patch folder is mounted in the sandbox.
const INSIDE: &str = "/patch";
/// Below the agent's private folder: the patch, and an empty folder used as the repository.
const FOLDER: &str = "patch";
const FILE: &str = "code.patch";
const NO_REPOSITORY: &str = "none";

/// Where the patch is stored for [`apply`].
pub(super) fn place(layout: &Layout) -> std::io::Result<std::path::PathBuf> {
    let folder = layout.private().join(FOLDER);
    fs::create_dir_all(folder.join(NO_REPOSITORY))?;
    Ok(folder.join(FILE))
}

/// Applies the stored patch; the error is git's message. Blocks.
pub(super) fn apply(
    layout: &Layout,
    hidden: Vec<std::path::PathBuf>,
    path: &str,
    bounds: Bounds,
) -> Result<(), String> {
    let outside = layout.private().join(FOLDER);
    let inside = match layout.fence() {
        Fence::Bubblewrap => Path::new(INSIDE).to_owned(),
        Fence::Container | Fence::None => outside.clone(),
    };
    let code = layout.inside(TaskFolder::Code);
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let helper_process = HelperProcess {
        fence: layout.fence(),
        command: ["git", "apply", "--whitespace=nowarn", "--"]
            .map(str::to_owned)
            .into_iter()
            .chain([text(&inside.join(FILE))])
            .collect(),
        plan: Plan {
            network: Network::None,
            shared_memory_bytes: 0,
            binds: vec![
                Bind { from: layout.outside(TaskFolder::Code), to: code.clone(), is_writable: true },
                Bind { from: outside.clone(), to: inside.clone(), is_writable: false },
            ],
            read_only: Vec::new(),
            accelerators: Vec::new(),
            hidden,
            environment: environment(path, &text(&inside.join(NO_REPOSITORY)), &text(&code)),
            directory: code,
        },
        private: layout.private().join("patching"),
        bounds,
        patience: PATIENCE,
        output_stream: OutputStream::Stderr,
    };
    let done = helper_process.run();
    let _ = fs::remove_dir_all(outside);
    match done {
        Ok((status, _)) if status.success() => Ok(()),
        Ok((status, said)) if said.trim().is_empty() => Err(format!("git ended with {status}")),
        Ok((_, said)) => Err(said.trim().to_owned()),
        Err(error) => Err(format!("git: {error}")),
    }
}

/// An empty folder as the repository, and no configuration but this.
fn environment(path: &str, no_repository: &str, code: &str) -> Vec<(String, String)> {
    const SETTINGS: [(&str, &str); 4] = [
        ("safe.bareRepository", "explicit"),
        ("core.attributesFile", "/dev/null"),
        ("core.hooksPath", "/dev/null"),
        ("core.fsmonitor", "false"),
    ];
    let settings = SETTINGS.iter().enumerate().flat_map(|(number, (key, value))| {
        [
            (format!("GIT_CONFIG_KEY_{number}"), (*key).to_owned()),
            (format!("GIT_CONFIG_VALUE_{number}"), (*value).to_owned()),
        ]
    });
    let fixed = [
        ("PATH", path),
        ("HOME", no_repository),
        ("LC_ALL", "C.UTF-8"),
        ("GIT_DIR", no_repository),
        ("GIT_CEILING_DIRECTORIES", code),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_ATTR_NOSYSTEM", "1"),
        ("GIT_CONFIG_COUNT", "4"),
    ];
    fixed.map(|(name, value)| (name.to_owned(), value.to_owned())).into_iter().chain(settings).collect()
}

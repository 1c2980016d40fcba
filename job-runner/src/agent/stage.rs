use std::{
    fs::{self, File},
    io,
    path::Path,
};

use futures_util::TryStreamExt;
use hearth_core::Reason;
use reqwest::Method;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::io::StreamReader;

use super::{
    AgentConfig,
    answer::Answer,
    client::{Client, ClientError},
    environment::search_path,
    journal::Journal,
    layout::{Layout, TaskFolder},
    patch,
    unpack::{Caps, unpack},
};
use crate::{Error, TaskSpec, bounded, error::ArchiveFault, outputs::is_full, sandbox::Bounds, spec::Input};

/// Why a program could not be prepared.
pub(crate) enum StageFault {
    ClientError(ClientError),
    /// The step that failed, and what was wrong, for the log.
    Failed(Reason, String),
}

impl From<ClientError> for StageFault {
    fn from(client_error: ClientError) -> Self {
        match client_error {
            ClientError::Rejected(status) => {
                Self::Failed(Reason::StageCode, format!("the server does not give it: {status}"))
            }
            client_error => Self::ClientError(client_error),
        }
    }
}

/// State shared by the steps before a run.
#[derive(Clone, Copy)]
pub(crate) struct Preparing<'a> {
    pub(crate) client: &'a Client,
    pub(crate) spec: &'a TaskSpec,
    pub(crate) layout: &'a Layout,
    pub(crate) config: &'a AgentConfig,
    pub(crate) journal: &'a Journal,
}

/// The server accepts none that is as large.
const LARGEST_PATCH: u64 = 64 << 20;
/// The maximum nesting depth of folders, of code and inputs.
const DEEPEST: usize = 100;

/// Brings code, data sets and models into place. Returns what was left out of the code, for the log.
pub(crate) async fn stage(preparing: Preparing<'_>) -> Result<Vec<String>, StageFault> {
    let Preparing { client, spec, layout, journal, .. } = preparing;
    let caps = Caps { entries: spec.limits.disk_files, bytes: spec.limits.disk_bytes, depth: DEEPEST };
    let code = Caps { bytes: spec.limits.code_bytes.min(caps.bytes), ..caps };
    journal.write(Reason::StageCode, &[("commit", spec.code.commit.clone())]);
    let left_out = fetch(client, "code.tar", layout, TaskFolder::Code, None, code)
        .await?
        .map_err(|error| failed(Reason::StageCode, &error))?;
    if let Some(sha256) = &spec.code.patch_sha256 {
        patch(&preparing, sha256).await?;
    }
    for input in &spec.inputs {
        let place = TaskFolder::from(input.kind);
        let reason = if place == TaskFolder::Models { Reason::StageModel } else { Reason::StageDataset };
        journal.write(reason, &facts(input));
        let path = format!("input/{}/{}.tar", input.kind.as_str(), input.name);
        fetch(client, &path, layout, place, Some(&input.name), caps)
            .await?
            .map_err(|error| failed(reason, &error))?;
    }
    layout.mark_ready().map_err(|error| StageFault::Failed(Reason::PlatformFault, error.to_string()))?;
    Ok(left_out)
}

/// Exceeded limits are for the user to fix, whatever step found them.
fn failed(step: Reason, error: &Error) -> StageFault {
    let is_over = matches!(
        error,
        Error::Archive(
            ArchiveFault::TooManyEntries(_) | ArchiveFault::TooLarge(_) | ArchiveFault::TooDeep(_)
        )
    );
    let reason = match error {
        _ if is_over => Reason::LimitDisk,
        Error::Io { source, .. } if is_full(source) => Reason::MachineNoRoom,
        _ => step,
    };
    StageFault::Failed(reason, error.to_string())
}

fn facts(input: &Input) -> [(&'static str, String); 2] {
    [("name", input.name.clone()), ("revision", input.revision.clone())]
}

/// Downloads an archive and unpacks it into a fresh folder.
async fn fetch(
    client: &Client,
    path: &str,
    layout: &Layout,
    place: TaskFolder,
    name: Option<&str>,
    caps: Caps,
) -> Result<Result<Vec<String>, Error>, ClientError> {
    let archive = layout.private().join("archive.tar");
    if let Err(error) = download(client, path, &archive, caps.archive_bytes()).await? {
        let _ = fs::remove_file(&archive);
        return Ok(Err(error));
    }
    let into = name.map_or_else(|| layout.outside(place), |name| layout.outside(place).join(name));
    let unpacked = tokio::task::spawn_blocking(move || {
        let result = fs::create_dir_all(&into)
            .and_then(|()| File::open(&archive))
            .map_err(|source| Error::Io { path: archive.clone(), source })
            .and_then(|file| unpack(io::BufReader::new(file), &into, caps));
        let _ = fs::remove_file(&archive);
        result
    });
    Ok(unpacked.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic())))
}

/// Downloads all of it, from the start again if the connection breaks. Anything larger than `most` is refused
/// early.
async fn download(
    client: &Client,
    path: &str,
    into: &Path,
    most: u64,
) -> Result<Result<(), Error>, ClientError> {
    let mut patience = client.patience();
    loop {
        let answer = match patience.next(client.attempt(client.request(Method::GET, path)).await).await? {
            Some(Answer::Done(answer)) => answer,
            Some(other) => return Err(other.as_rejection()),
            None => continue,
        };
        let saved = async {
            let mut file = tokio::fs::File::create(into).await?;
            let body = StreamReader::new(answer.bytes_stream().map_err(io::Error::other));
            let count = tokio::io::copy(&mut body.take(most.saturating_add(1)), &mut file).await?;
            file.flush().await.map(|()| count)
        };
        match saved.await {
            Ok(count) if count > most => return Ok(Err(Error::Archive(ArchiveFault::TooLarge(most)))),
            Ok(_) => return Ok(Ok(())),
            // Waiting will not free any space here.
            Err(source) if is_full(&source) => return Ok(Err(Error::Io { path: into.to_owned(), source })),
            Err(error) => {
                tracing::warn!(path, error = &error as &dyn std::error::Error, "the download broke off");
                patience.pause().await?;
            }
        }
    }
}

/// Downloads the patch of an unpushed tree and applies it to the code.
async fn patch(preparing: &Preparing<'_>, sha256: &str) -> Result<(), StageFault> {
    let Preparing { client, layout, config, spec, .. } = *preparing;
    let failed = |detail: String| StageFault::Failed(Reason::StageCode, detail);
    let path = patch::place(layout).map_err(|error| failed(error.to_string()))?;
    download(client, "patch", &path, LARGEST_PATCH).await?.map_err(|error| failed(error.to_string()))?;
    let content = bounded::read(&path, LARGEST_PATCH).map_err(|error| failed(error.to_string()))?;
    if data_encoding::HEXLOWER.encode(&Sha256::digest(&content)) != sha256 {
        return Err(failed("the patch is not the announced one".to_owned()));
    }
    let (layout, hidden, bounds) = (layout.clone(), config.hidden.clone(), bounds_of(spec));
    let search_path = search_path(config.fence, &spec.image.python);
    let applied = tokio::task::spawn_blocking(move || patch::apply(&layout, hidden, &search_path, bounds));
    applied
        .await
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
        .map_err(|said| failed(format!("the patch does not apply: {said}")))
}

/// The resource limits of a task, from its spec.
pub(crate) const fn bounds_of(spec: &TaskSpec) -> Bounds {
    Bounds {
        cpus: spec.resources.cpus,
        memory_bytes: spec.resources.memory_bytes,
        processes: spec.resources.processes,
        disk_bytes: spec.limits.disk_bytes,
    }
}

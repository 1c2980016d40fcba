use std::{
    fs::{self, File},
    io,
    path::Path,
    process::{Command, Stdio},
};

use futures_util::TryStreamExt;
use hearth_core::Reason;
use reqwest::Method;
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;
use tokio_util::io::StreamReader;

use super::{
    client::{Attempt, Client, Patience, Silence},
    journal::Journal,
    layout::{Layout, Place},
    unpack::{Caps, unpack},
};
use crate::{Error, TaskSpec, spec::Input};

/// Why a program could not be prepared.
pub(crate) enum StageFault {
    Silence(Silence),
    /// The step that failed, and what was wrong, for the log.
    Failed(Reason, String),
}

impl From<Silence> for StageFault {
    fn from(silence: Silence) -> Self {
        Self::Silence(silence)
    }
}

/// Brings code, data sets and models into place. Returns what was left out of the code, for the log.
pub(crate) async fn stage(
    client: &Client,
    spec: &TaskSpec,
    layout: &Layout,
    journal: &Journal,
) -> Result<Vec<String>, StageFault> {
    journal.write(Reason::StageCode, &[("commit", spec.code.commit.clone())]);
    let left_out = fetch(client, "code.tar", layout, Place::Code, None, Caps::CODE)
        .await?
        .map_err(|error| StageFault::Failed(Reason::StageCode, error.to_string()))?;
    if let Some(sha256) = &spec.code.patch_sha256 {
        patch(client, layout, sha256).await?;
    }
    for input in &spec.inputs {
        let place = Place::from(input.kind);
        let reason = if place == Place::Models { Reason::StageModel } else { Reason::StageDataset };
        journal.write(reason, &facts(input));
        let path = format!("input/{}/{}.tar", input.kind.as_str(), input.name);
        fetch(client, &path, layout, place, Some(&input.name), Caps::INPUT)
            .await?
            .map_err(|error| StageFault::Failed(reason, error.to_string()))?;
    }
    layout.mark_ready().map_err(|error| StageFault::Failed(Reason::PlatformFault, error.to_string()))?;
    Ok(left_out)
}

fn facts(input: &Input) -> [(&'static str, String); 2] {
    [("name", input.name.clone()), ("revision", input.revision.clone())]
}

/// Downloads an archive and unpacks it into a fresh folder.
async fn fetch(
    client: &Client,
    path: &str,
    layout: &Layout,
    place: Place,
    name: Option<&str>,
    caps: Caps,
) -> Result<Result<Vec<String>, Error>, Silence> {
    let archive = layout.private().join("archive.tar");
    download(client, path, &archive).await?;
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

/// Fetches the whole of it, from the start again when the connection breaks.
async fn download(client: &Client, path: &str, into: &Path) -> Result<(), Silence> {
    let mut patience = Patience::new();
    loop {
        let Some(answer) = patience.next(client.attempt(client.request(Method::GET, path)).await).await?
        else {
            continue;
        };
        let saved = async {
            let mut file = tokio::fs::File::create(into).await?;
            let mut body = StreamReader::new(answer.bytes_stream().map_err(io::Error::other));
            tokio::io::copy(&mut body, &mut file).await?;
            file.flush().await
        };
        match saved.await {
            Ok(()) => return Ok(()),
            Err(error) => {
                tracing::warn!(path, error = &error as &dyn std::error::Error, "the download broke off");
                patience.next(Attempt::Nothing).await?;
            }
        }
    }
}

/// Applies the changes of an unpushed tree on top of the code.
async fn patch(client: &Client, layout: &Layout, sha256: &str) -> Result<(), StageFault> {
    let path = layout.private().join("code.patch");
    download(client, "patch", &path).await?;
    let code = layout.outside(Place::Code);
    let failed = |detail: String| StageFault::Failed(Reason::StageCode, detail);
    let content = fs::read(&path).map_err(|error| failed(error.to_string()))?;
    if data_encoding::HEXLOWER.encode(&Sha256::digest(&content)) != sha256 {
        return Err(failed("the patch is not the announced one".to_owned()));
    }
    let above = layout.outside(Place::Code).parent().map(Path::to_owned).unwrap_or_default();
    let applied = tokio::process::Command::from({
        let mut command = Command::new("git");
        command
            .args(["apply", "--whitespace=nowarn", "--"])
            .arg(&path)
            .current_dir(&code)
            .stdin(Stdio::null());
        // No repository above may have a word in it.
        command
            .env("GIT_CEILING_DIRECTORIES", above)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null");
        command
    })
    .output()
    .await
    .map_err(|error| failed(format!("git: {error}")))?;
    if applied.status.success() {
        return Ok(());
    }
    Err(failed(format!("the patch does not apply: {}", String::from_utf8_lossy(&applied.stderr).trim())))
}

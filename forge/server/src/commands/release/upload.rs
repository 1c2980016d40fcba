//! Files of a release, sent in pieces: a broken connection loses at most one of them.

use std::{
    io::SeekFrom,
    path::{Path, PathBuf},
    time::Duration,
};

use data_encoding::HEXLOWER;
use hearth_words::bytes;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::{
    fs::File,
    io::{AsyncReadExt as _, AsyncSeekExt as _},
    time,
};

use super::Scene;
use crate::commands::{
    output,
    remote::{RemoteError, Where},
    terminal::{Progress, one_line},
};

/// One piece of a file. The server counts them, and 16 MiB keeps the largest file below its bound.
const PIECE_BYTES: usize = 16 << 20;
const BUFFER_BYTES: usize = 1 << 20;
/// How often in a row a piece may fail.
const ATTEMPTS: u32 = 5;
/// The pause after the first failure; it doubles.
const PAUSE: Duration = Duration::from_secs(1);

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  hearth release upload v1.0 model.safetensors\n\nAfter a broken connection, the same command goes on where it ended."
)]
pub(in super::super) struct Upload {
    tag: String,
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    place: Where,
}

/// A file that can be read, as it is now.
pub(super) struct Whole {
    path: PathBuf,
    name: String,
    size_bytes: u64,
    sha256: String,
}

#[derive(Deserialize)]
struct Begun {
    uuid: String,
    offset: u64,
}

impl Upload {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let files = check(&self.files).await?;
        let scene = Scene::find(&self.place).await?;
        let release = scene.release(Some(&self.tag)).await?;
        for file in &files {
            let known = release.assets.iter().find(|asset| asset.name == file.name);
            if known.is_some_and(|asset| asset.sha256 == file.sha256) {
                output::error(&format!("hearth: {} is there already", file.name));
                continue;
            }
            send(&scene, release.id, file).await?;
        }
        Ok(())
    }
}

/// Reads every file once, for its checksum.
pub(super) async fn check(paths: &[PathBuf]) -> Result<Vec<Whole>, RemoteError> {
    let mut files: Vec<Whole> = Vec::new();
    for path in paths {
        let file = read(path).await.map_err(|error| RemoteError::File(path.display().to_string(), error))?;
        if files.iter().any(|other| other.name == file.name) {
            return Err(RemoteError::Usage(format!("two files are called {}", one_line(&file.name))));
        }
        files.push(file);
    }
    Ok(files)
}

async fn read(path: &Path) -> std::io::Result<Whole> {
    let mut file = File::open(path).await?;
    if !file.metadata().await?.is_file() {
        return Err(std::io::Error::other("it is not a file"));
    }
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| std::io::Error::other("its name is not UTF-8"))?.to_owned();
    let (mut hash, mut buffer, mut size_bytes) = (Sha256::new(), vec![0; BUFFER_BYTES], 0);
    loop {
        let count = file.read(&mut buffer).await?;
        if count == 0 {
            break;
        }
        hash.update(&buffer[..count]);
        size_bytes += count as u64;
    }
    Ok(Whole { path: path.to_owned(), name, size_bytes, sha256: HEXLOWER.encode(&hash.finalize()) })
}

/// Sends a file to a release, or what is missing of it.
pub(super) async fn send(scene: &Scene, release: i64, file: &Whole) -> Result<(), RemoteError> {
    let all = scene.path(&format!("/releases/{release}/uploads"));
    let declared = json!({ "name": file.name, "size": file.size_bytes, "sha256": file.sha256 });
    let begun: Begun = scene.client.send_json(Method::POST, &all, &declared).await?;
    let one = format!("{all}/{}", hearth_core::urls::segment(&begun.uuid));
    let mut progress = Progress::new(&file.name, file.size_bytes);
    let (mut offset, mut failures) = (begun.offset, 0);
    progress.show(offset);
    while offset < file.size_bytes {
        let piece = piece(file, offset).await?;
        if piece.is_empty() {
            return Err(RemoteError::Usage(format!(
                "{} became shorter while it was sent",
                one_line(&file.name)
            )));
        }
        let sent = scene.client.send_bytes::<Begun>(&format!("{one}?offset={offset}"), piece).await;
        match sent {
            Ok(after) => (offset, failures) = (after.offset, 0),
            Err(error) if failures + 1 < ATTEMPTS && is_passing(&error) => {
                time::sleep(PAUSE * 2_u32.pow(failures)).await;
                failures += 1;
                // What arrived of the piece is kept.
                if let Ok(now) = scene.client.get::<Begun>(&one).await {
                    offset = now.offset;
                }
            }
            Err(error) => return Err(error),
        }
        progress.show(offset);
    }
    let _: Value = scene.client.send_json(Method::POST, &format!("{one}/finish"), &json!({})).await?;
    progress.finish(&format!("{}, {}", bytes(file.size_bytes), file.sha256));
    Ok(())
}

/// Whether it may go better in a moment.
const fn is_passing(error: &RemoteError) -> bool {
    matches!(error, RemoteError::Away(..) | RemoteError::NoHearth(..))
}

async fn piece(file: &Whole, offset: u64) -> Result<Vec<u8>, RemoteError> {
    let failed = |error: std::io::Error| RemoteError::File(file.path.display().to_string(), error);
    let mut open = File::open(&file.path).await.map_err(failed)?;
    open.seek(SeekFrom::Start(offset)).await.map_err(failed)?;
    let left = file.size_bytes.saturating_sub(offset).min(PIECE_BYTES as u64);
    let mut piece = Vec::new();
    open.take(left).read_to_end(&mut piece).await.map_err(failed)?;
    Ok(piece)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_file_is_read_for_its_checksum_and_a_folder_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("模型.bin");
        std::fs::write(&path, "abc").expect("ours");
        let files = check(std::slice::from_ref(&path)).await.expect("readable");
        assert_eq!((files[0].name.as_str(), files[0].size_bytes), ("模型.bin", 3));
        assert!(files[0].sha256.starts_with("ba7816bf"));
        assert_eq!(piece(&files[0], 1).await.expect("a piece"), b"bc");
        assert!(check(&[folder.path().to_owned()]).await.is_err());
        assert!(check(&[path.clone(), path]).await.is_err(), "two of one name");
    }
}

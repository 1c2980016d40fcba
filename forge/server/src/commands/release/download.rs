use std::{
    fs::Permissions,
    os::unix::fs::PermissionsExt as _,
    path::{Component, Path, PathBuf},
};

use data_encoding::HEXLOWER;
use hearth_words::bytes;
use sha2::{Digest as _, Sha256};
use tokio::{fs::File, io::AsyncWriteExt as _};

use super::{Asset, Scene};
use crate::commands::{
    output,
    remote::{RemoteError, Where},
    terminal::{Progress, one_line},
};

#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  hearth release download\n  hearth release download v1.0 --file model.safetensors --folder weights"
)]
pub(in super::super) struct Download {
    /// The tag (default: the latest release)
    tag: Option<String>,
    /// Only this file; can be repeated
    #[arg(long = "file", short, value_name = "NAME")]
    files: Vec<String>,
    /// Where to put them
    #[arg(long, short = 'D', default_value = ".", value_name = "FOLDER")]
    folder: PathBuf,
    /// Replace files that are there
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    place: Where,
}

impl Download {
    pub(super) async fn run(&self) -> Result<(), RemoteError> {
        let scene = Scene::find(&self.place).await?;
        let release = scene.release(self.tag.as_deref()).await?;
        let wanted = self.wanted(&release.assets)?;
        for asset in &wanted {
            check_name(&asset.name)?;
            if !self.overwrite && self.folder.join(&asset.name).exists() {
                return Err(RemoteError::Usage(format!(
                    "{} is there already\n  To replace it: --overwrite",
                    one_line(&asset.name)
                )));
            }
        }
        let failed = |error: std::io::Error| RemoteError::File(self.folder.display().to_string(), error);
        tokio::fs::create_dir_all(&self.folder).await.map_err(failed)?;
        for asset in wanted {
            let path = scene.path(&format!("/releases/{}/assets/{}/content", release.id, asset.id));
            fetch(&scene, &path, asset, &self.folder).await?;
            output::line(&self.folder.join(&asset.name).display().to_string());
        }
        Ok(())
    }

    fn wanted<'a>(&self, assets: &'a [Asset]) -> Result<Vec<&'a Asset>, RemoteError> {
        if let Some(missing) = self.files.iter().find(|name| assets.iter().all(|asset| asset.name != **name))
        {
            return Err(RemoteError::Usage(format!("this release has no file called {}", one_line(missing))));
        }
        let is_wanted = |asset: &&Asset| self.files.is_empty() || self.files.contains(&asset.name);
        Ok(assets.iter().filter(is_wanted).collect())
    }
}

/// The name of a file is the server's: it must not leave the folder.
fn check_name(name: &str) -> Result<(), RemoteError> {
    let mut parts = Path::new(name).components();
    let is_one = matches!((parts.next(), parts.next()), (Some(Component::Normal(_)), None));
    if is_one && !name.contains(['/', '\\']) && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(RemoteError::Usage(format!("a file of this release has a name that is none: {}", one_line(name))))
    }
}

/// Into a file beside its place, which it takes once size and checksum are right.
async fn fetch(scene: &Scene, path: &str, asset: &Asset, folder: &Path) -> Result<(), RemoteError> {
    let failed = |error: std::io::Error| RemoteError::File(one_line(&asset.name), error);
    let mut builder = tempfile::Builder::new();
    // As any program makes files: the mask of whoever runs it takes its part.
    builder.prefix(".hearth-").permissions(Permissions::from_mode(0o666));
    let beside = builder.tempfile_in(folder).map_err(failed)?;
    let mut out = File::from_std(beside.reopen().map_err(failed)?);
    let mut answer = scene.client.open(path).await?;
    let mut progress = Progress::new(&asset.name, asset.size);
    let (mut hash, mut received) = (Sha256::new(), 0_u64);
    while let Some(piece) = scene.client.next_piece(&mut answer).await? {
        received += piece.len() as u64;
        if received > asset.size {
            break;
        }
        hash.update(&piece);
        out.write_all(&piece).await.map_err(failed)?;
        progress.show(received);
    }
    out.flush().await.map_err(failed)?;
    if received != asset.size || HEXLOWER.encode(&hash.finalize()) != asset.sha256 {
        return Err(RemoteError::Usage(format!(
            "what arrived of {} is not what the release has\n  Try again",
            one_line(&asset.name)
        )));
    }
    beside.persist(folder.join(&asset.name)).map_err(|error| failed(error.error))?;
    progress.finish(&bytes(asset.size));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check_name;

    #[test]
    fn a_name_of_the_server_stays_in_the_folder() {
        for good in ["model.safetensors", "模型.bin", ".config", "a b"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", ".", "..", "../x", "/etc/passwd", "a/b", "a\\b", "a\u{1b}[m"] {
            assert!(check_name(bad).is_err(), "{bad:?}");
        }
    }
}

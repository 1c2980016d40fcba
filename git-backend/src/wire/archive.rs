//! Archives of one commit.

use std::time::Duration;

use crate::{ObjectId, Repository, Result, TreePath, child::ChildOutput};

/// The formats that can be downloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ArchiveFormat {
    /// `.zip`
    Zip,
    /// `.tar.gz`
    TarGz,
    /// `.tar`
    Tar,
}

impl ArchiveFormat {
    /// Splits a file name such as `v1.0.tar.gz` into the revision and the format.
    pub fn split(file_name: &str) -> Option<(&str, Self)> {
        [Self::TarGz, Self::Zip, Self::Tar]
            .into_iter()
            .find_map(|format| Some((file_name.strip_suffix(format.suffix())?, format)))
            .filter(|(revision, _)| !revision.is_empty())
    }

    /// The end of the file's name.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Zip => ".zip",
            Self::TarGz => ".tar.gz",
            Self::Tar => ".tar",
        }
    }

    /// The media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Zip => "application/zip",
            Self::TarGz => "application/gzip",
            Self::Tar => "application/x-tar",
        }
    }
}

const TIMEOUT: Duration = Duration::from_hours(1);

impl Repository {
    /// All files of a commit in an archive, each path starting with the folder `prefix`. The same commit gives
    /// the same bytes.
    pub async fn archive(
        &self,
        commit: ObjectId,
        format: ArchiveFormat,
        prefix: &TreePath,
    ) -> Result<ChildOutput> {
        let permit = self.store.wire_permit().await?;
        let mut command = self.store.program.command(self.path(), "archive");
        command.arg(format!("--format={}", &format.suffix()[1..]));
        if !prefix.is_root() {
            command.arg(format!("--prefix={prefix}/"));
        }
        command.arg(commit.to_string());
        let mut archive = ChildOutput::spawn(command, "archive", permit, TIMEOUT)?;
        archive.must_succeed();
        archive.fill().await?;
        Ok(archive)
    }
}

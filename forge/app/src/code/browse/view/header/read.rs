//! The bytes of headers: from git, or by ranges from the blob store.

use std::io;

use hearth_core::{Read, Result};
use tokio::{io::AsyncReadExt as _, runtime::Handle};

use super::{FORMATS, Header, Input, Problem, ReadAt};
use crate::{
    Access, App, GitResult as _,
    blobs::Object,
    code::{Content, File, browse::permits},
    lfs, repository,
};

/// Files in git up to this size are read whole; larger ones belong into the store of large files.
const MOST_GIT_BYTES: u64 = 16 << 20;

struct ObjectBytes {
    object: Object,
    runtime: Handle,
}

impl ReadAt for ObjectBytes {
    fn read_at(&mut self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.runtime.block_on(async {
            let end = at.saturating_add(buffer.len() as u64).min(self.object.size_bytes());
            let mut reader = self.object.open_part(at..end).await.map_err(io::Error::other)?;
            let mut read = 0;
            while read < buffer.len() {
                match reader.read(&mut buffer[read..]).await? {
                    0 => break,
                    count => read += count,
                }
            }
            Ok(read)
        })
    }
}

/// What the header of a file says, by the ending of its name.
pub async fn header(
    app: &App,
    access: &Access<Read>,
    file: &File,
) -> Result<std::result::Result<Header, Problem>> {
    let (_, ending) = file.path.name().rsplit_once('.').unwrap_or_default();
    let Some(format) = FORMATS.iter().find(|format| format.ending.eq_ignore_ascii_case(ending)) else {
        return Ok(Err(Problem::Unknown));
    };
    let large = match &file.permit {
        None if file.size_bytes > permits::LARGE_BYTES => Some(permits::large(app).await?),
        known => known.clone(),
    };
    let mut input = if let Content::Lfs(pointer) = &file.content {
        let object = lfs::open(app, access, &pointer.oid).await?;
        let size_bytes = object.size_bytes();
        Input::new(Box::new(ObjectBytes { object, runtime: Handle::current() }), size_bytes)
    } else {
        let git = repository::git(app, access.repository()).await?;
        let id = file.id;
        let Some(data) = git.run(move |git| git.blob(id, MOST_GIT_BYTES)).await.map_git()?.data else {
            return Ok(Err(Problem::TooMuch));
        };
        Input::of(data)
    };
    let read = move || {
        let _large = large;
        (format.read)(&mut input)
    };
    permits::parse(app, read).await
}

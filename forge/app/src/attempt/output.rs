//! Outputs on their way in: streamed, resumable, proven by their hash, and then kept by content.

use hearth_core::{Error, Result};
use hearth_runner::protocol::{OutputEntry, OutputStatus};
use tokio::io::{AsyncRead, AsyncReadExt as _};

use super::{AgentAccess, AgentError, AgentResult, recorded};
use crate::{
    App,
    blobs::{BlobId, Promise},
    record,
};

const PIECE_BYTES: usize = 1 << 20;

impl AgentAccess {
    /// How much of this very file is here.
    pub async fn output_status(&self, app: &App, entry: OutputEntry) -> AgentResult<OutputStatus> {
        self.is_alive()?;
        let record = self.record(app)?;
        run(move || record.output_status(&entry)).await
    }

    /// Takes the rest of an output from `offset` on. What arrived before a break stays, and the next request goes on
    /// from there.
    pub async fn receive_output(
        &self,
        app: &App,
        entry: OutputEntry,
        mut offset: u64,
        mut body: impl AsyncRead + Unpin,
    ) -> AgentResult<OutputStatus> {
        self.is_alive()?;
        let limit = app.limits().task_output();
        if entry.size_bytes > limit.most {
            return Err(Error::TooLarge(limit).into());
        }
        let record = self.record(app)?;
        loop {
            let mut piece = Vec::with_capacity(PIECE_BYTES);
            let mut rest = (&mut body).take(PIECE_BYTES as u64);
            let broken = rest.read_to_end(&mut piece).await.err();
            let is_last = piece.len() < PIECE_BYTES;
            if !piece.is_empty() {
                let length = piece.len() as u64;
                let (record, entry) = (record.clone(), entry.clone());
                run(move || record.append_output(&entry, offset, &piece)).await?;
                offset += length;
            }
            if let Some(error) = broken {
                return Err(Error::internal(error).into());
            }
            if is_last {
                break;
            }
        }
        let (whole, proven) = (record.clone(), entry.clone());
        let status = run(move || whole.complete_output(&proven)).await?;
        if status.complete {
            keep(app, &record, &entry).await?;
        }
        Ok(status)
    }
}

/// Puts a complete output among the objects, and lets the record's file be the same bytes on the disk where it can.
pub(super) async fn keep(
    app: &App,
    record: &hearth_runner::record::Record,
    entry: &OutputEntry,
) -> Result<()> {
    let id = BlobId::parse(&entry.sha256).ok_or_else(|| Error::internal("an output with a bad hash"))?;
    if app.blobs().renew(&id).await? {
        return Ok(());
    }
    let Some(path) = record.find_output(&entry.path) else {
        return Err(Error::internal("a complete output is not there"));
    };
    let file = tokio::fs::File::open(&path).await.map_err(Error::internal)?;
    let promise = Promise { id: Some(id.clone()), size_bytes: Some(entry.size_bytes) };
    app.blobs().put(file, &promise, app.limits().task_output()).await?;
    let object = app.blobs().path(&id);
    record::blocking(move || {
        let twin = path.with_extension("hearth-link");
        // On another file system there are two copies, which is as right, only larger.
        if std::fs::hard_link(object, &twin).is_ok() {
            std::fs::rename(twin, path)?;
        }
        Ok(())
    })
    .await
}

/// Work on the record whose wrong offset means the output.
async fn run(
    work: impl FnOnce() -> hearth_runner::Result<OutputStatus> + Send + 'static,
) -> AgentResult<OutputStatus> {
    recorded(work).await.map_err(|error| match error {
        AgentError::Offset(end) => {
            AgentError::Output(OutputStatus { received: end.next_offset, complete: false })
        }
        other => other,
    })
}

use std::{
    io,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use futures_util::StreamExt as _;
use hearth_core::{OutputPath, Reason};
use reqwest::{Body, Method};
use tokio::{
    io::{AsyncReadExt, AsyncSeekExt},
    sync::watch,
};
use tokio_util::io::ReaderStream;

use super::{
    answer::{Answer, Attempt},
    client::{ClientError, READ_PATIENCE},
    life::Agent,
    patience::{Patience, with_jitter},
};
use crate::{
    outputs::{Found, LeftOut, find},
    protocol::{LEAVING_GIVE_UP, NO_ROOM, NO_ROOM_GIVE_UP, OutputEntry, OutputStatus},
    record::hash_file,
    spec::Limits,
};

/// The result of storing the outputs.
#[derive(Debug, Default)]
pub(crate) struct Stored {
    pub(crate) entries: Vec<OutputEntry>,
    pub(crate) left_out: LeftOut,
    pub(crate) is_over_limit: bool,
    /// The server's disk was too full for some of them.
    pub(crate) had_no_room: bool,
}

/// The visible size of a folder in bytes. Blocks.
pub(crate) fn size_of(folder: &Path) -> u64 {
    let all = Limits { output_bytes: u64::MAX, output_files: u64::MAX, ..Limits::default() };
    find(folder, &all).files.into_iter().map(|(_, size)| size).sum()
}

/// The transfer of outputs to the server.
pub(crate) struct Delivery<'a> {
    pub(crate) agent: &'a Agent,
    pub(crate) folder: PathBuf,
    pub(crate) rank: u32,
    /// The server may move files out of the folder: it shares the disk, and nobody can write to them any
    /// more.
    pub(crate) may_be_moved: bool,
    waits_for_room: Option<Instant>,
}

const FIRST_PAUSE_FOR_ROOM: Duration = Duration::from_secs(5);
const LONGEST_PAUSE_FOR_ROOM: Duration = Duration::from_mins(5);
const PAUSE_WHILE_HASHING: Duration = Duration::from_millis(500);
/// How often a file is resent that has different content each time it is read.
const MOST_MISMATCHES: u32 = 3;

impl<'a> Delivery<'a> {
    pub(crate) const fn new(agent: &'a Agent, folder: PathBuf, rank: u32, may_be_moved: bool) -> Self {
        Self { agent, folder, rank, may_be_moved, waits_for_room: None }
    }

    /// Makes sure the server has every output. What it does not accept is left out, with the reason.
    pub(crate) async fn deliver(&mut self, found: Found) -> Result<Stored, ClientError> {
        let Found { files, left_out, is_over_limit } = found;
        let mut stored = Stored { left_out, is_over_limit, ..Stored::default() };
        for (path, _) in files {
            match self.deliver_one(&path).await? {
                Ok(entry) => stored.entries.push(entry),
                Err(why) => {
                    stored.is_over_limit |= why == "limit";
                    stored.had_no_room |= why == NO_ROOM;
                    stored.left_out.push(path.as_str(), why);
                }
            }
        }
        Ok(stored)
    }

    async fn deliver_one(
        &mut self,
        path: &OutputPath,
    ) -> Result<Result<OutputEntry, &'static str>, ClientError> {
        let Some(place) = place_of(self.rank, path) else { return Ok(Err("name")) };
        if self.may_be_moved
            && let Some(entry) = self.request_move(&place).await?
        {
            return Ok(Ok(entry));
        }
        let file = self.folder.join(path.as_str());
        let hashing = {
            let file = file.clone();
            tokio::task::spawn_blocking(move || {
                Ok((file.metadata()?.len(), hash_file(&file)?)) as io::Result<(u64, String)>
            })
        };
        let hashed = hashing.await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
        let Ok((size_bytes, sha256)) = hashed else { return Ok(Err("unreadable")) };
        let entry = OutputEntry { path: place, size_bytes, sha256 };
        Ok(self.send(&file, &entry).await?.map_or(Ok(entry), Err))
    }

    /// Asks the server to move a file out of the folder. `None` if it has to be sent.
    async fn request_move(&mut self, path: &OutputPath) -> Result<Option<OutputEntry>, ClientError> {
        let client = &self.agent.client;
        let query = [("path", path.to_string())];
        let mut patience = client.patience();
        loop {
            let asked = client.attempt(client.request_with(Method::POST, "outputs", &query)).await;
            match patience.next(asked).await? {
                None => {}
                Some(Answer::Done(answer)) if answer.status() == reqwest::StatusCode::ACCEPTED => {
                    tokio::time::sleep(PAUSE_WHILE_HASHING).await;
                }
                Some(Answer::Done(answer)) => match answer.json().await {
                    Ok(entry) => return Ok(Some(entry)),
                    Err(_) => patience.pause().await?,
                },
                // A move hardly needs disk space; other reasons are reported when the file is sent.
                Some(_) => return Ok(None),
            }
        }
    }

    /// Sends the rest of one output. Returns the reason if it was not accepted.
    async fn send(&mut self, file: &Path, entry: &OutputEntry) -> Result<Option<&'static str>, ClientError> {
        let mut patience = self.agent.client.patience();
        let mut pause_for_room = FIRST_PAUSE_FOR_ROOM;
        let mut mismatches = 0;
        loop {
            let answer = match self.received(entry, &mut patience).await? {
                Ok(status) if status.complete => return Ok(None),
                // Everything was received and is being hashed.
                Ok(status) if status.received == entry.size_bytes && entry.size_bytes > 0 => {
                    tokio::time::sleep(PAUSE_WHILE_HASHING).await;
                    continue;
                }
                Ok(status) => match self.send_rest(file, entry, status.received).await {
                    Ok(attempt) => match patience.next(attempt).await? {
                        Some(answer) => answer,
                        None => continue,
                    },
                    Err(_) => return Ok(Some("unreadable")),
                },
                Err(answer) => answer,
            };
            match answer {
                Answer::Done(_) => patience = self.agent.client.patience(),
                Answer::Conflict(_) => patience.pause().await?,
                Answer::TooLarge => return Ok(Some("limit")),
                Answer::Rejected(reqwest::StatusCode::UNPROCESSABLE_ENTITY) => {
                    mismatches += 1;
                    if mismatches == MOST_MISMATCHES {
                        return Ok(Some("changed"));
                    }
                }
                Answer::Rejected(_) => return Ok(Some("refused")),
                Answer::NoRoom => {
                    if self.has_waited_for_room() {
                        return Ok(Some(NO_ROOM));
                    }
                    tokio::select! {
                        () = tokio::time::sleep(with_jitter(pause_for_room)) => {}
                        () = self.agent.stopper.wait_to_leave(), if self.agent.stopper.leaving_since().is_none() => {}
                    }
                    pause_for_room = (pause_for_room * 2).min(LONGEST_PAUSE_FOR_ROOM);
                }
            }
        }
    }

    async fn received(
        &self,
        entry: &OutputEntry,
        patience: &mut Patience,
    ) -> Result<Result<OutputStatus, Answer>, ClientError> {
        let client = &self.agent.client;
        loop {
            let asked = client.attempt(client.request_with(Method::GET, "outputs", &query_of(entry))).await;
            match patience.next(asked).await? {
                None => {}
                Some(Answer::Done(answer)) => match answer.json().await {
                    Ok(status) => return Ok(Ok(status)),
                    Err(_) => patience.pause().await?,
                },
                Some(other) => return Ok(Err(other)),
            }
        }
    }

    /// Sends what is missing, as long as it makes progress.
    async fn send_rest(&self, file: &Path, entry: &OutputEntry, from: u64) -> io::Result<Attempt> {
        let client = &self.agent.client;
        let mut query = query_of(entry);
        query.push(("offset", from.to_string()));
        let (moved, moves) = watch::channel(Instant::now());
        let body = rest_of(file, from, entry.size_bytes, moved).await?;
        let request = client
            .upload("outputs", &query)
            .header(reqwest::header::CONTENT_LENGTH, entry.size_bytes.saturating_sub(from))
            .body(body);
        Ok(client.attempt_while(request, until_stalled(moves)).await)
    }

    /// Whether the server's disk has been full for as long as we wait. Adds an event the first time.
    fn has_waited_for_room(&mut self) -> bool {
        if self.waits_for_room.is_none() {
            self.agent.journal.write(Reason::OutputsNoRoom, &[]);
        }
        let since = *self.waits_for_room.get_or_insert_with(Instant::now);
        let leaving = self.agent.stopper.leaving_since();
        since.elapsed() > NO_ROOM_GIVE_UP || leaving.is_some_and(|since| since.elapsed() > LEAVING_GIVE_UP)
    }

    /// Whether some output had to wait.
    pub(crate) const fn has_waited(&self) -> bool {
        self.waits_for_room.is_some()
    }
}

/// The path of a node's outputs in the record: those of the first node at the top, the others in a folder
/// each.
fn place_of(rank: u32, path: &OutputPath) -> Option<OutputPath> {
    if rank == 0 { Some(path.clone()) } else { path.below(&format!("node-{rank}")).ok() }
}

fn query_of(entry: &OutputEntry) -> Vec<(&'static str, String)> {
    vec![
        ("path", entry.path.to_string()),
        ("size", entry.size_bytes.to_string()),
        ("sha256", entry.sha256.clone()),
    ]
}

async fn rest_of(file: &Path, from: u64, size: u64, moved: watch::Sender<Instant>) -> io::Result<Body> {
    let mut file = tokio::fs::File::open(file).await?;
    file.seek(io::SeekFrom::Start(from)).await?;
    let pieces = ReaderStream::with_capacity(file.take(size.saturating_sub(from)), 256 << 10);
    Ok(Body::wrap_stream(pieces.inspect(move |_| moved.send_modify(|at| *at = Instant::now()))))
}

/// Resolves when there has been no progress and no answer for the read timeout.
async fn until_stalled(moves: watch::Receiver<Instant>) {
    loop {
        let silence = moves.borrow().elapsed();
        if silence >= READ_PATIENCE {
            return;
        }
        tokio::time::sleep(READ_PATIENCE.saturating_sub(silence)).await;
    }
}

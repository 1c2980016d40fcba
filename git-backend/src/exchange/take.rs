//! Taking commits of another repository of the store.
//!
//! Two gits do it: one packs what is missing here, the other receives and checks it as it would a push, and gives the
//! pack its name when it is complete. References move afterwards, so a stop at any moment leaves at most a pack that
//! nothing refers to.

use std::{collections::HashSet, process::Stdio, time::Duration};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    Class, Error, ObjectId, RefUpdate, Repository, Result,
    graph::{ByTime, History},
    program::{Bounds, failure, limit, output, tail},
};

/// The most bytes that are taken at once, packed.
pub const MOST_TAKEN_BYTES: u64 = 4 << 30;
/// How long it may take.
pub const MOST_TAKING_TIME: Duration = Duration::from_mins(10);
/// How far back a common commit is looked for; further back, everything is taken again.
const MOST_COMMITS: usize = 50_000;
const CHECK: Bounds = Bounds { time: Duration::from_mins(1), bytes: 1 << 10 };
/// The start of a pack, with the number of its objects.
const HEADER_BYTES: usize = 12;

/// A commit of the other repository, with its parents.
type Known = (ObjectId, Vec<ObjectId>);

impl Repository {
    /// Brings a commit with its history from another repository of the store, and then moves the references, all or
    /// none. More than [`MOST_TAKEN_BYTES`] is [`Error::TooLarge`]; longer than [`MOST_TAKING_TIME`] is
    /// [`Error::Timeout`].
    pub async fn take_from(&self, other: &Self, commit: ObjectId, references: &[RefUpdate]) -> Result<()> {
        if self.id() != other.id() {
            let taking = self.take(other, commit);
            let timeout = Error::Timeout { what: "taking commits" };
            tokio::time::timeout(MOST_TAKING_TIME, taking).await.unwrap_or(Err(timeout))?;
        }
        if references.is_empty() { Ok(()) } else { self.update_references(references).await }
    }

    async fn take(&self, other: &Self, commit: ObjectId) -> Result<()> {
        let history = other.run_expensive(move |git| newest(git, commit)).await?;
        let shared = self.shared_with(history).await?;
        if shared == [commit] {
            return Ok(());
        }
        let _permit = self.store.permits.enter(Class::Background, self.id()).await?;
        let mut input = format!("{commit}\n");
        input.extend(shared.iter().map(|id| format!("^{id}\n")));
        self.pipe(other, input).await
    }

    /// The newest commits of this history that are reachable here. None if one of them is here only by chance, and
    /// may be incomplete.
    async fn shared_with(&self, history: Vec<Known>) -> Result<Vec<ObjectId>> {
        let shared = self
            .run_expensive(move |git| {
                let mut shared = Vec::new();
                let mut below = HashSet::new();
                for (id, parents) in history {
                    git.budget.charge(1, 0)?;
                    let is_below = below.remove(&id);
                    if is_below || git.has_object(id) {
                        shared.extend((!is_below).then_some(id));
                        below.extend(parents);
                    }
                }
                Ok(shared)
            })
            .await?;
        if shared.is_empty() {
            return Ok(shared);
        }
        let mut input = String::new();
        for id in &shared {
            input.push_str(&id.to_string());
            input.push('\n');
        }
        let mut command = self.store.program.command(self.path(), "rev-list");
        command.args(["--max-count=1", "--stdin", "--not", "--all"]);
        let loose = output(command, "rev-list", Some(input.into_bytes()), CHECK).await;
        match loose {
            Ok(unreachable) if unreachable.is_empty() => Ok(shared),
            Ok(_) | Err(Error::Git { .. } | Error::Damaged(_)) => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    async fn pipe(&self, other: &Self, input: String) -> Result<()> {
        let _writing = self.shared.enter_writers();
        let mut command = other.store.program.command(other.path(), "pack-objects");
        command.args(["--revs", "--stdout", "--delta-base-offset", "--thin", "--quiet"]);
        let mut packing = command.stdin(Stdio::piped()).spawn()?;
        limit(packing.id(), MOST_TAKING_TIME)?;
        let mut stdin = packing.stdin.take().expect("standard input is piped");
        let mut pack = packing.stdout.take().expect("standard output is piped");
        let mut complaints = packing.stderr.take().expect("standard error is piped");
        let receive = async {
            stdin.write_all(input.as_bytes()).await.ok();
            drop(stdin);
            let mut header = [0; HEADER_BYTES];
            if pack.read_exact(&mut header).await.is_err() || header[8..] == [0; 4] {
                return Ok(());
            }
            self.receive(&header, &mut pack).await
        };
        let (received, complaint) = tokio::join!(receive, tail(&mut complaints));
        received?;
        if packing.wait().await?.success() { Ok(()) } else { Err(failure("pack-objects", &complaint)) }
    }

    /// Lets git store a pack, once it is complete and everything in it is well-formed.
    async fn receive(&self, header: &[u8], pack: &mut (impl tokio::io::AsyncRead + Unpin)) -> Result<()> {
        let mut command = self.store.program.command(self.path(), "index-pack");
        command.args(["--stdin", "--fix-thin", "--strict", &format!("--max-input-size={MOST_TAKEN_BYTES}")]);
        let mut indexing = command.stdin(Stdio::piped()).spawn()?;
        limit(indexing.id(), MOST_TAKING_TIME)?;
        let mut stdin = indexing.stdin.take().expect("standard input is piped");
        let mut name = indexing.stdout.take().expect("standard output is piped");
        let mut complaints = indexing.stderr.take().expect("standard error is piped");
        let feed = async {
            // If git stops reading, its complaint says why.
            if stdin.write_all(header).await.is_ok() {
                tokio::io::copy(pack, &mut stdin).await.ok();
            }
            drop(stdin);
        };
        let mut said = Vec::new();
        let (complaint, (), _) = tokio::join!(tail(&mut complaints), feed, name.read_to_end(&mut said));
        if indexing.wait().await?.success() {
            return Ok(());
        }
        if String::from_utf8_lossy(&complaint).contains("maximum allowed size") {
            return Err(Error::TooLarge { limit: MOST_TAKEN_BYTES });
        }
        Err(failure("index-pack", &complaint))
    }
}

/// The history of a commit, newest first, as far back as it is looked at.
fn newest(git: &crate::OpenRepository, commit: ObjectId) -> Result<Vec<Known>> {
    let mut history = History::new(git, git.graph());
    let mut queue = ByTime::new();
    let start = history.enter(commit.gix())?;
    queue.push(&history, start);
    let mut known = Vec::new();
    while known.len() < MOST_COMMITS
        && let Some(node) = queue.pop()
    {
        let parents = history.parents(node)?;
        for parent in &parents {
            queue.push(&history, *parent);
        }
        let ids = parents.iter().map(|parent| history.id(*parent).into()).collect();
        known.push((history.id(node).into(), ids));
    }
    Ok(known)
}

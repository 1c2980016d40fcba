//! The HTTP contract between an agent and the server.
//!
//! All paths are below `{server}/api/agent/v1/`, and every request carries `Authorization: Bearer <task
//! token>`. The token belongs to one attempt, so no path names a task. Bodies are JSON unless another type is
//! named.
//!
//! | call | body | answer |
//! | --- | --- | --- |
//! | `GET spec?node=N&process=I` | | [`TaskSpec`](crate::TaskSpec); `423` to every process of a node but the first that asks |
//! | `GET code.tar` | | `git archive` of the pinned commit, a tar stream |
//! | `GET patch` | | the patch of an unpushed tree; asked for only when the spec has one |
//! | `GET input/{dataset\|model}/{name}.tar` | | that input at its revision, a tar stream |
//! | `POST heartbeat?node=N` | [`Heartbeat`] | [`HeartbeatReply`] |
//! | `POST events` | [`EventBatch`] | [`Appended`], counted in events; `409` + [`Appended`] when the batch does not start there |
//! | `POST log?node=N&offset=B` | raw bytes | [`Appended`], counted in bytes; `409` + [`Appended`] likewise |
//! | `POST metrics?offset=B` | raw lines of `metrics.jsonl` | [`Appended`] likewise |
//! | `POST resources` | `[`[`ResourceSample`]`]` | `204` |
//! | `GET outputs?path=P&size=S&sha256=H` | | [`OutputStatus`]: how much of this exact file is here |
//! | `PUT outputs?path=P&size=S&sha256=H&offset=B` | raw bytes, streamed | [`OutputStatus`]; `409` + [`OutputStatus`] when B is not the current end; `422` when the whole does not have the hash |
//! | `POST outputs?path=P` | | [`OutputEntry`]: moved out of the attempt's own folder, if the server shares its disk; `202` while it is being hashed: ask again; `409` when it has to be sent |
//! | `POST finish?node=N` | [`Finish`] | `204`, also the second time; `409` + [`NotReceived`] for an output that is not here; `503` to the first node while others are still running |
//!
//! **Append at the exact offset.** `log`, `metrics`, `events` and `outputs` grow only at their end. If a
//! request was carried out but its answer was lost, repeating it is answered `409` with the true end, and the
//! agent goes on from there: nothing is duplicated. A server that lost its tail (power cut) says so in the
//! same way, and the agent sends that tail again, because it keeps everything on its disk until `finish` was
//! answered.
//!
//! **One process per node.** A cluster can start a pod twice. `I` is chosen at random by each process when it
//! starts; the first one that asks for a node's work gets it, and may ask again. The others keep asking,
//! harmlessly, until they are ended.
//!
//! **What counts is what the server has seen.** Hashes, sizes and paths sent by an agent are claims. An
//! output is kept once the server has received and hashed its bytes; it asks for them even if the same bytes
//! are known from elsewhere. Hashing a large file takes longer than a connection may be silent, so the server
//! answers before it is done ([`OutputStatus::received`] is the size, and it is not complete), and is asked
//! again.
//!
//! **Other answers.** `401`, `403`, `404`: the token is not (or no longer) valid; retried for
//! [`REFUSED_GIVE_UP`], then the run is ended. `410`: the server considers the attempt over (deleted,
//! replaced); the run is ended at once and nothing more is sent. `413`: the piece is larger than the server
//! accepts; it is sent smaller, or not again. `408`, `423`, `425`, `429`: not now. Every other `4xx`: the
//! server will never accept it; it is left out, and nothing counts as done. `507`: the server's disk is full;
//! an output waits for [`NO_ROOM_GIVE_UP`]. Everything else, and no answer at all: retried for [`GIVE_UP`],
//! and for [`LEAVING_GIVE_UP`] once the agent was told to end.
//!
//! **Sizes.** A piece of a log or of metrics is at most [`LARGEST_PIECE`]; a `finish` with many outputs may
//! reach [`LARGEST_FINISH`].
//!
//! **Several nodes** share one token. Each sends its own log, heartbeats, outputs (those of node 1 below
//! `node-1/`) and `finish`; only the first one sends events, metrics and resources, and its `finish` ends the
//! attempt once the others have ended.
//!
//! **`finish`** is answered `409` when something that it announces (log, metrics, events) has not arrived;
//! the agent asks where the ends are, sends what is missing and finishes again.
//!
//! An agent sends its first heartbeat after `GET spec` and then every [`HEARTBEAT_EVERY`] until `finish`.

mod bounds;
mod message;

use std::time::Duration;

pub use message::{
    AcceleratorSample, Appended, Command, Event, EventBatch, Finish, Heartbeat, HeartbeatReply, NO_ROOM,
    NotReceived, OutputEntry, OutputStatus, Phase, ResourceSample, SandboxFacts, Usage,
};

/// The path prefix of every call of the agent, after the server's root.
pub const PREFIX: &str = "api/agent/v1/";

pub const HEARTBEAT_EVERY: Duration = Duration::from_secs(2);

/// The longest a log line waits on the agent's disk while the server is reachable.
pub const LOG_EVERY: Duration = Duration::from_millis(200);

pub const SAMPLE_EVERY: Duration = Duration::from_secs(2);

/// The largest piece of a log or of metrics in one request; a server must accept at least this.
pub const LARGEST_PIECE: usize = 1 << 20;

/// The largest `finish`: thousands of outputs with the longest names, and a long environment lock.
pub const LARGEST_FINISH: usize = 32 << 20;

/// How long an agent keeps its results while the server does not respond.
pub const GIVE_UP: Duration = Duration::from_hours(24);

/// How long an agent that was told to end by a signal waits for an unreachable server. Its data stays on its
/// disk.
pub const LEAVING_GIVE_UP: Duration = Duration::from_mins(5);

/// How long outputs are held back while the server's disk is full.
pub const NO_ROOM_GIVE_UP: Duration = Duration::from_hours(2);

/// The longest time the server takes to answer while it is busy with a long step.
pub const LONGEST_STEP: Duration = Duration::from_secs(15);

/// How long an agent with a refused token goes on before it ends its run.
pub const REFUSED_GIVE_UP: Duration = Duration::from_mins(10);

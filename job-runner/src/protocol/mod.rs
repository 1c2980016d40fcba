//! The HTTP contract between an agent and the server.
//!
//! Everything lies under `{server}/api/agent/v1/` and carries `Authorization: Bearer <task token>`. The token belongs to one
//! attempt, so no path names a task. Bodies are JSON unless another type is named.
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
//! | `GET outputs?path=P&size=S&sha256=H` | | [`OutputStatus`]: how much of this very file is here |
//! | `PUT outputs?path=P&size=S&sha256=H&offset=B` | raw bytes, streamed | [`OutputStatus`]; `409` + [`OutputStatus`] when B is not what is here; `422` when the whole does not have the hash |
//! | `POST outputs?path=P` | | [`OutputEntry`]: moved out of the attempt's own folder, where the server shares its disk; `202` while it is being hashed: ask again; `409` when it has to be sent |
//! | `POST finish?node=N` | [`Finish`] | `204`, also the second time; `409` + [`NotReceived`] for an output that is not here; `503` to the first node while others are at work |
//!
//! **Append at the exact offset.** `log`, `metrics`, `events` and `outputs` grow only at their end. A request that was carried out but whose
//! answer was lost is answered `409` with the true end when it comes again, and the agent goes on from there: nothing is
//! doubled. A server that lost its tail (power cut) says so in the same way, and the agent sends that tail again, because it
//! keeps everything on its disk until `finish` was answered.
//!
//! **One process a node.** A cluster can start a pod twice. `I` is drawn by each process when it starts; the first one that
//! asks for a node's work has it, and may ask again. The others go on asking, which does no harm, until they are ended.
//!
//! **What counts is what the server has seen.** Hashes, sizes and paths that an agent names are claims. An output is kept once its bytes are here and the
//! server has hashed them; that the same bytes are known from elsewhere is no reason not to ask for them. Hashing a large file takes longer than a
//! connection may be silent, so the server answers before it is done ([`OutputStatus::received`] is the size, and it is not complete), and is asked again.
//!
//! **Other answers.** `401`, `403`, `404`: the token is not (any more) good; tried again for [`REFUSED_GIVE_UP`], then the run is ended. `410`: the
//! attempt is over for the server (deleted, replaced); the run is ended at once and nothing more is sent. `413`: the piece is larger than the server takes; it is
//! sent smaller, or not again. `408`, `423`, `425`, `429`: not now. Every other `4xx`: the server will never take it; it is left out, and nothing counts as done.
//! `507`: the server's disk is full; an output waits for [`NO_ROOM_GIVE_UP`]. Everything else, and no answer at all: tried again for [`GIVE_UP`], and for
//! [`LEAVING_GIVE_UP`] once the agent was told to end.
//!
//! **Sizes.** A piece of a log or of metrics is at most [`LARGEST_PIECE`]; a `finish` with many outputs may reach
//! [`LARGEST_FINISH`].
//!
//! **Several nodes** share one token. Each sends its own log, heartbeats, outputs (those of node 1 below `node-1/`) and `finish`; the first one alone sends
//! events, metrics and resources, and its `finish` ends the attempt once the others have ended.
//!
//! **`finish`** is answered `409` when something that it announces (log, metrics, events) is not there; the agent asks where
//! the ends are, sends what is missing and finishes again.
//!
//! An agent sends its first heartbeat after `GET spec` and then every [`HEARTBEAT_EVERY`] until `finish`.

mod bounds;
mod message;

use std::time::Duration;

pub use message::{
    AcceleratorSample, Appended, Command, Event, EventBatch, Finish, Heartbeat, HeartbeatReply, NO_ROOM,
    NotReceived, OutputEntry, OutputStatus, Phase, ResourceSample, SandboxFacts, Usage,
};

/// What every call of the agent starts with, after the server's root.
pub const PREFIX: &str = "api/agent/v1/";

pub const HEARTBEAT_EVERY: Duration = Duration::from_secs(2);

/// The longest a log line waits on the agent's disk while the server answers.
pub const LOG_EVERY: Duration = Duration::from_millis(200);

pub const SAMPLE_EVERY: Duration = Duration::from_secs(2);

/// The largest piece of a log or of metrics in one request; a server must take at least this.
pub const LARGEST_PIECE: usize = 1 << 20;

/// The largest `finish`: thousands of outputs with the longest names, and a long environment lock.
pub const LARGEST_FINISH: usize = 32 << 20;

/// An agent whose server does not answer keeps its results this long.
pub const GIVE_UP: Duration = Duration::from_hours(24);

/// An agent that was told to end by a signal, and whose server does not answer, leaves after this. What it has stays on its disk.
pub const LEAVING_GIVE_UP: Duration = Duration::from_mins(5);

/// Outputs for which the server's disk has no room are kept back this long.
pub const NO_ROOM_GIVE_UP: Duration = Duration::from_hours(2);

/// The longest that the server keeps an agent waiting for the answer to a long step.
pub const LONGEST_STEP: Duration = Duration::from_secs(15);

/// An agent whose token is refused ends its run after this.
pub const REFUSED_GIVE_UP: Duration = Duration::from_mins(10);

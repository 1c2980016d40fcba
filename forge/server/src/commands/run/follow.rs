//! Following a remote task: its output goes to standard output, its events to standard error.

use std::{process::ExitCode, time::Duration};

use hearth_core::TaskState;
use tokio::time::{self, Instant};

use crate::commands::{
    output,
    remote::{Client, Facts, RemoteError},
};

/// How often the log is polled.
const EVERY: Duration = Duration::from_millis(400);
/// How long a server may be unreachable before following ends; the task goes on meanwhile.
const PATIENCE: Duration = Duration::from_mins(10);
const BETWEEN_TRIES: Duration = Duration::from_secs(2);

/// The exit code of shells for Ctrl-C.
const INTERRUPTED: u8 = 130;

/// Follows a task to its end. The code is 0 if it succeeded, else that of its program.
pub(crate) async fn follow(client: &Client, task: i64) -> Result<ExitCode, RemoteError> {
    tokio::select! {
        ended = to_the_end(client, task) => ended.map(|facts| exit_code(&facts)),
        _ = tokio::signal::ctrl_c() => {
            output::error(&format!("\nhearth: task {task} keeps running. To stop it: hearth task stop {task}"));
            Ok(ExitCode::from(INTERRUPTED))
        }
    }
}

async fn to_the_end(client: &Client, task: i64) -> Result<Facts, RemoteError> {
    let mut told = String::new();
    let mut nodes: Vec<Node> = Vec::new();
    let mut away_since: Option<Instant> = None;
    loop {
        match look(client, task, &mut told, &mut nodes).await {
            Ok(facts) if facts.state.is_terminal() => return Ok(facts),
            Ok(_) => {
                if away_since.take().is_some() {
                    output::error("hearth: reconnected");
                }
                time::sleep(EVERY).await;
            }
            Err(error @ RemoteError::Away(..)) => {
                let since = *away_since.get_or_insert_with(|| {
                    output::error(
                        "hearth: the server is not responding. The task keeps running; reconnecting…",
                    );
                    Instant::now()
                });
                if since.elapsed() > PATIENCE {
                    return Err(error);
                }
                time::sleep(BETWEEN_TRIES).await;
            }
            Err(other) => return Err(other),
        }
    }
}

/// Prints what is new.
async fn look(
    client: &Client,
    task: i64,
    told: &mut String,
    nodes: &mut Vec<Node>,
) -> Result<Facts, RemoteError> {
    // Queried before the log is read, so that everything the task wrote before its end is read.
    let facts = client.task(task).await?;
    nodes.resize_with(facts.nodes.max(1) as usize, Node::default);
    let are_several = nodes.len() > 1;
    let now = sentence(&facts);
    let is_over = facts.state.is_terminal();
    // The end is reported after the last line.
    if !is_over {
        tell(told, now.clone());
    }
    for (rank, node) in (0..).zip(nodes.iter_mut()) {
        loop {
            let (bytes, next) = client.log(task, rank, node.offset).await?;
            if are_several {
                node.lines(rank, &bytes, is_over);
            } else {
                output::bytes(&bytes);
            }
            if next == node.offset {
                break;
            }
            node.offset = next;
        }
    }
    if is_over {
        tell(told, now);
    }
    Ok(facts)
}

/// How much of a node's log was printed.
#[derive(Default)]
struct Node {
    offset: u64,
    /// An incomplete line: it must not be interleaved with lines of other nodes.
    open: Vec<u8>,
}

impl Node {
    /// Prints complete lines, each with its node; at the end also an incomplete one.
    fn lines(&mut self, rank: u32, bytes: &[u8], is_over: bool) {
        self.open.extend_from_slice(bytes);
        let end = self.open.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
        for line in self.open[..end].split_inclusive(|byte| *byte == b'\n') {
            output::bytes(&[format!("[{rank}] ").as_bytes(), line].concat());
        }
        self.open.drain(..end);
        if is_over && bytes.is_empty() && !self.open.is_empty() {
            output::bytes(&[format!("[{rank}] ").as_bytes(), &self.open, b"\n"].concat());
            self.open.clear();
        }
    }
}

fn tell(told: &mut String, now: String) {
    if *told != now {
        output::error(&format!("hearth: {now}"));
        *told = now;
    }
}

/// The state, the reason, and the position in the queue.
pub(crate) fn sentence(facts: &Facts) -> String {
    match &facts.queue {
        Some(place) if facts.state == TaskState::Waiting => {
            format!("{} ({}), {} of {} in the queue", facts.state, facts.reason, place.place, place.waiting)
        }
        _ => format!("{} ({})", facts.state, facts.reason),
    }
}

fn exit_code(facts: &Facts) -> ExitCode {
    if facts.state == TaskState::Succeeded {
        return ExitCode::SUCCESS;
    }
    let program = facts.runs.last().and_then(|run| run.exit_code);
    let code = program.and_then(|code| u8::try_from(code).ok()).filter(|code| *code != 0);
    ExitCode::from(code.unwrap_or(1))
}

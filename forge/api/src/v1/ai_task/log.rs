use axum::{extract::State, response::Response};
use hearth_app::{
    App,
    log::{self, LogLines},
};
use hearth_core::Error;
use hearth_http::download;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ById, enter,
    envelope::{Answer, NOT_FOUND, PARAMETER, Parameters, Refusal, good, number},
};
use crate::authenticate::Caller;

/// Lines per response: the default and the maximum.
const LINES: usize = 50;
const MOST_LINES: usize = 5_000;

/// Which lines.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LogQuery {
    /// The line from which to go on; none: the end for `up`, the beginning for `down`.
    base_line: String,
    lines: String,
    /// `up` or `desc`: before the base line; `down` or `asc`: after it.
    order: String,
    node_id: String,
}

/// Lines of a log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Piece)]
pub(super) struct Piece {
    content: String,
    /// Counted from 1; 0 where there is none.
    start_line: u64,
    end_line: u64,
    lines: usize,
    can_log_download: bool,
}

impl Piece {
    fn new(found: &LogLines) -> Self {
        let lines: Vec<String> = found.lines.iter().map(|line| format!("{line}\n")).collect();
        let content = lines.concat();
        let count = found.lines.len();
        let start_line = if count == 0 { 0 } else { found.first_line };
        Self {
            content,
            start_line,
            end_line: (start_line + count as u64).saturating_sub(1),
            lines: count,
            can_log_download: found.total_bytes > 0,
        }
    }
}

pub(super) async fn read(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
    Parameters(wanted): Parameters<LogQuery>,
) -> Answer<Piece> {
    let access = enter(&app, &caller, &by).await?;
    let node = number(&wanted.node_id, "node_id")?.unwrap_or(0);
    let base: Option<u64> = number(&wanted.base_line, "base_line")?.filter(|line| *line > 0);
    let count = number(&wanted.lines, "lines")?.filter(|count| *count > 0).unwrap_or(LINES).min(MOST_LINES);
    let attempt = access.task().attempts;
    let none = LogLines { first_line: 1, ..LogLines::default() };
    let found = match (goes_up(&wanted.order)?, base) {
        _ if attempt == 0 => none,
        (true, None) => {
            let mut found = log::tail(&app, &access, attempt, node, count).await?;
            found.first_line = found.first_line.max(1);
            found
        }
        (true, Some(base)) => {
            let first = base.saturating_sub(count as u64).max(1);
            let before = usize::try_from(base - first).unwrap_or(count);
            log::lines(&app, &access, attempt, node, first, before).await?
        }
        (false, base) => log::lines(&app, &access, attempt, node, base.unwrap_or(0) + 1, count).await?,
    };
    Ok(good(Piece::new(&found)))
}

fn goes_up(order: &str) -> Result<bool, Refusal> {
    match order {
        "" | "down" | "asc" => Ok(false),
        "up" | "desc" => Ok(true),
        _ => Err(PARAMETER.about("order")),
    }
}

pub(super) async fn whole(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
    Parameters(wanted): Parameters<LogQuery>,
) -> Result<Response, Refusal> {
    let access = enter(&app, &caller, &by).await?;
    let node = number(&wanted.node_id, "node_id")?.unwrap_or(0);
    let attempt = access.task().attempts;
    let path = if attempt == 0 { None } else { log::file(&app, &access, attempt, node)? };
    let name = format!("task-{}-node-{node}.log", access.id());
    let path = path.ok_or(NOT_FOUND)?;
    Ok(download::file(&path, &name, download::BYTES).await.map_err(Error::internal)?)
}

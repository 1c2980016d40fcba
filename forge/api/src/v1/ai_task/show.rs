use std::fmt::Write as _;

use axum::extract::State;
use hearth_app::{App, spec, task};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ById, enter,
    envelope::{Answer, Parameters, good},
    shape,
};
use crate::authenticate::Caller;

pub(super) async fn detail(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
) -> Answer<shape::Detail> {
    let access = enter(&app, &caller, &by).await?;
    let specs = spec::list(&app).await?;
    let spec = specs.iter().find(|spec| spec.code == access.task().spec_code);
    let texts = task::texts(&app, &access).await?;
    Ok(good(shape::Detail::new(&access, texts, spec, app.now())))
}

pub(super) async fn brief(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
) -> Answer<shape::Brief> {
    let access = enter(&app, &caller, &by).await?;
    Ok(good(shape::Brief::new(access.task(), app.now())))
}

/// One node of a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Node)]
pub(super) struct Node {
    id: i64,
    log_file_name: String,
}

pub(super) async fn node_info(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
) -> Answer<Vec<Node>> {
    let access = enter(&app, &caller, &by).await?;
    let nodes =
        (0..access.task().node_count.max(1)).map(|id| Node { id, log_file_name: format!("node-{id}.log") });
    Ok(good(nodes.collect()))
}

/// What happened to a task.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Profile)]
pub(super) struct Profile {
    events: Vec<Event>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Event)]
struct Event {
    reason: &'static str,
    /// The facts of the step, `name=value`.
    message: String,
    /// Milliseconds since 1970.
    timestamp: i64,
}

pub(super) async fn operation_profile(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
) -> Answer<Profile> {
    let access = enter(&app, &caller, &by).await?;
    let steps = task::timeline(&app, &access).await?;
    let events = steps.into_iter().map(|step| {
        let mut message = step.state.as_str().to_owned();
        for (name, value) in &step.data.0 {
            write!(message, " {name}={value}").expect("writing to a String cannot fail");
        }
        Event { reason: step.reason.as_str(), message, timestamp: step.created_at.as_microsecond() / 1_000 }
    });
    Ok(good(Profile { events: events.collect() }))
}

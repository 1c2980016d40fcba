use axum::extract::State;
use hearth_app::{
    App,
    metrics::{self, Series},
};
use hearth_runner::protocol::ResourceSample;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    ById, enter,
    envelope::{Answer, Parameters, good},
};
use crate::authenticate::Caller;

const SAMPLES: usize = 500;
const POINTS: usize = 2_000;

/// What a task used, curve by curve.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Usage)]
pub(super) struct Usage {
    /// Seconds between two values.
    interval: i64,
    metrics_info: Vec<Curve>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Curve)]
struct Curve {
    name: String,
    value: Vec<f64>,
}

pub(super) async fn resource_usage(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
) -> Answer<Usage> {
    let access = enter(&app, &caller, &by).await?;
    let samples = metrics::resources(&app, &access, access.task().attempts, SAMPLES).await?;
    let interval = match samples.as_slice() {
        [first, second, ..] => second.time.as_second() - first.time.as_second(),
        _ => 0,
    };
    Ok(good(Usage { interval: interval.max(1), metrics_info: curves(&samples) }))
}

#[expect(clippy::cast_precision_loss, reason = "sizes of memory have fewer digits than a double")]
fn curves(samples: &[ResourceSample]) -> Vec<Curve> {
    let curve = |name: String, of: &dyn Fn(&ResourceSample) -> f64| Curve {
        name,
        value: samples.iter().map(of).collect(),
    };
    if samples.is_empty() {
        return Vec::new();
    }
    let mut all = vec![
        curve("cpuUsage".to_owned(), &|sample| sample.cpu_percent),
        curve("memUsedBytes".to_owned(), &|sample| sample.memory_bytes as f64),
        curve("numProcesses".to_owned(), &|sample| f64::from(sample.processes)),
    ];
    let cards = samples.iter().map(|sample| sample.accelerators.len()).max().unwrap_or(0);
    for card in 0..cards {
        let of = |sample: &ResourceSample| sample.accelerators.get(card).cloned();
        all.push(curve(format!("accCard{card}Usage"), &|sample| {
            of(sample).map_or(0.0, |card| card.busy_percent)
        }));
        all.push(curve(format!("accCard{card}MemUsedBytes"), &|sample| {
            of(sample).map_or(0.0, |card| card.memory_bytes as f64)
        }));
    }
    all
}

/// One point of the loss.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::LossPoint)]
pub(super) struct LossPoint {
    loss: f64,
    grad_norm: f64,
    learning_rate: f64,
    epoch: f64,
}

pub(super) async fn loss(
    State(app): State<App>,
    caller: Caller,
    Parameters(by): Parameters<ById>,
) -> Answer<Vec<LossPoint>> {
    let access = enter(&app, &caller, &by).await?;
    let found = metrics::series(&app, &access, access.task().attempts, POINTS).await?;
    Ok(good(losses(&found.series)))
}

/// The curve named `loss`, or the first whose name contains it, with what was measured at the same step.
fn losses(series: &[Series]) -> Vec<LossPoint> {
    let named = |name: &str| series.iter().find(|curve| curve.name == name);
    let Some(main) = named("loss").or_else(|| series.iter().find(|curve| curve.name.contains("loss"))) else {
        return Vec::new();
    };
    let beside = |name: &str, step: Option<u64>| {
        let points = named(name).map_or(&[][..], |curve| &curve.points);
        points.iter().find(|point| step.is_some() && point.step == step).map_or(0.0, |point| point.value)
    };
    let mut all = Vec::new();
    for (place, point) in main.points.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a step beyond 2^53 is not drawn")]
        let place = point.step.unwrap_or(place as u64) as f64;
        all.push(LossPoint {
            loss: point.value,
            grad_norm: beside("grad_norm", point.step),
            learning_rate: beside("learning_rate", point.step),
            epoch: point.epoch.unwrap_or(place),
        });
    }
    all
}

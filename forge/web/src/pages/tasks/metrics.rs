//! `/tasks/{id}/metrics`: what the program measured, as charts drawn here and as tables.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{App, metrics, metrics::Series as Curve};
use hearth_core::{Error, Kind, Timestamp};
use hearth_http::download;

use super::{
    AttemptQuery, TaskVisit,
    frame::{Part, TaskFrame, frame},
};
use crate::{Chart, Failure, Page, RepositoryHead, Series, respond::html, words::Html};

#[derive(Template)]
#[template(path = "pages/tasks/metrics.html")]
struct Metrics {
    page: Page,
    head: RepositoryHead,
    frame: TaskFrame,
    charts: Vec<Html>,
    hidden: usize,
    /// Whether a chart shows less than was measured.
    is_thinned: bool,
    /// Whether there are names without a curve.
    has_more: bool,
    most_curves: usize,
}

const MOST_CHARTS: usize = 24;
const POINTS: usize = 200;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    Query(wanted): Query<AttemptQuery>,
) -> Result<Response, Failure> {
    let framed = frame(&app, &page, &visit, Part::Metrics, wanted.attempt).await?;
    let attempt = framed.frame.attempt;
    // Before the first attempt there are none.
    let metrics::Metrics { series, has_more } = metrics::series(&app, &visit.access, attempt, POINTS).await?;
    let shown = &series[..series.len().min(MOST_CHARTS)];
    html(&Metrics {
        charts: shown.iter().map(|curve| chart(&page, curve)).collect(),
        hidden: series.len() - shown.len(),
        is_thinned: shown.iter().any(Curve::is_thinned),
        has_more,
        most_curves: metrics::MOST_CURVES,
        page,
        head: framed.head,
        frame: framed.frame,
    })
}

/// `/tasks/{id}/metrics.jsonl`: every point.
pub(crate) async fn file(
    State(app): State<App>,
    visit: TaskVisit,
    Query(wanted): Query<AttemptQuery>,
) -> Result<Response, Failure> {
    let attempt = wanted.attempt(&visit);
    let path = metrics::file(&app, &visit.access, attempt);
    let path = path.ok_or(Error::NotFound(Kind::File))?;
    Ok(download::file(&path, &format!("task-{}-metrics.jsonl", visit.access.id()), download::BYTES)
        .await
        .map_err(Error::internal)?)
}

/// One curve over its steps; over epochs, seconds or plain counting where it has none.
pub(super) fn chart(page: &Page, curve: &Curve) -> Html {
    let first = curve.points.first().and_then(|point| point.time);
    let has_steps = curve.points.iter().all(|point| point.step.is_some());
    let has_epochs = curve.points.iter().all(|point| point.epoch.is_some());
    let has_times = curve.points.iter().all(|point| point.time.is_some());
    let points = curve.points.iter().enumerate().map(|(place, point)| {
        let x = match (point.step, point.epoch, point.time) {
            (Some(step), _, _) if has_steps => whole(step),
            (_, Some(epoch), _) if has_epochs => epoch,
            (_, _, Some(time)) if has_times => seconds(first, time),
            _ => whole(place as u64),
        };
        (x, point.value)
    });
    let x_label = if has_steps {
        t!(page, "tasks-metrics-step")
    } else if has_epochs {
        t!(page, "tasks-metrics-epoch")
    } else if has_times {
        t!(page, "tasks-metrics-seconds")
    } else {
        t!(page, "tasks-metrics-count")
    };
    Chart {
        title: curve.name.clone(),
        x_label: x_label.to_owned(),
        is_log: curve.least > 0.0 && curve.most / curve.least > 1_000.0,
        series: vec![Series { name: curve.name.clone(), points: points.collect() }],
    }
    .draw(page.words())
}

/// Seconds since the first point.
pub(super) fn seconds(first: Option<Timestamp>, time: Timestamp) -> f64 {
    first.map_or(0.0, |first| time.since(first).as_secs_f64())
}

/// Steps above `u32::MAX` are drawn at that value.
fn whole(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

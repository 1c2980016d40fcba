//! `/tasks/{id}/resources`: how much of its reserved resources a task used.

use std::fmt::Write as _;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use hearth_app::{App, metrics, metrics::ResourceSample, task::Task};
use hearth_core::{Error, Kind, TaskId};
use hearth_http::download;

use super::{
    TaskVisit,
    chart_query::ChartQuery,
    frame::{Part, TaskFrame, frame},
};
use crate::{
    Failure, Page, RepositoryHead,
    chart::{Axis, Chart, Links, Series, float},
    respond::html,
    words::{self, Html},
};

#[derive(Template)]
#[template(path = "pages/tasks/resources.html")]
struct Resources {
    page: Page,
    head: RepositoryHead,
    frame: TaskFrame,
    charts: Vec<Html>,
    use_of: Option<Use>,
}

/// A summary of the whole run.
struct Use {
    cpu_percent: String,
    cpu_bar: Html,
    memory_percent: String,
    memory_bar: Html,
    memory_peak: String,
    memory_reserved: String,
    processes: u32,
    samples: usize,
}

const POINTS: usize = 400;
const MIB: f64 = 1_048_576.0;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    query: ChartQuery,
) -> Result<Response, Failure> {
    let framed = frame(&app, &page, &visit, Part::Resources, query.asked_attempt()).await?;
    let (head, frame) = (framed.head, framed.frame);
    let samples = samples(&app, &visit, &query).await?;
    if samples.is_empty() {
        return html(&Resources { page, head, frame, charts: Vec::new(), use_of: None });
    }
    let charts = charts(&page, &frame.task, &samples, &query);
    let charts = charts.iter().map(|(_, chart)| chart.draw(page.words())).collect();
    let use_of = Some(Use::of(&page, &frame.task, &samples));
    html(&Resources { page, head, frame, charts, use_of })
}

/// `/tasks/{id}/resources/svg?name=…`: one chart as a picture.
pub(crate) async fn svg(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    query: ChartQuery,
) -> Result<Response, Failure> {
    let samples = samples(&app, &visit, &query).await?;
    let charts = charts(&page, visit.access.task(), &samples, &query);
    let (name, chart) =
        charts.iter().find(|(name, _)| *name == query.name).ok_or(Error::NotFound(Kind::File))?;
    let file = format!("task-{}-{name}.svg", visit.access.id());
    Ok((download::save(&file, "image/svg+xml"), chart.picture()).into_response())
}

/// `/tasks/{id}/resources/csv`: what the charts show.
pub(crate) async fn csv(
    State(app): State<App>,
    visit: TaskVisit,
    query: ChartQuery,
) -> Result<Response, Failure> {
    let samples = samples(&app, &visit, &query).await?;
    let file = format!("task-{}-resources.csv", visit.access.id());
    Ok((download::save(&file, "text/csv; charset=utf-8"), table(&samples)).into_response())
}

/// Before the first attempt there are none.
async fn samples(app: &App, visit: &TaskVisit, query: &ChartQuery) -> Result<Vec<ResourceSample>, Error> {
    metrics::resources(app, &visit.access, query.attempt(visit), POINTS).await
}

/// One row for each sample, with two columns for each card.
fn table(samples: &[ResourceSample]) -> String {
    let mut csv = String::from("time,cpu_percent,memory_bytes,processes");
    for card in 0..cards(samples) {
        let _ = write!(csv, ",card{card}_busy_percent,card{card}_memory_bytes");
    }
    for sample in samples {
        let ResourceSample { time, cpu_percent, memory_bytes, processes, accelerators } = sample;
        let _ = write!(csv, "\r\n{time},{cpu_percent},{memory_bytes},{processes}");
        for card in 0..cards(samples) {
            match accelerators.get(card) {
                Some(card) => {
                    let _ = write!(csv, ",{},{}", card.busy_percent, card.memory_bytes);
                }
                None => csv.push_str(",,"),
            }
        }
    }
    csv.push_str("\r\n");
    csv
}

fn cards(samples: &[ResourceSample]) -> usize {
    samples.iter().map(|sample| sample.accelerators.len()).max().unwrap_or(0)
}

/// The charts of the page, by their names in its address.
fn charts(
    page: &Page,
    task: &Task,
    samples: &[ResourceSample],
    query: &ChartQuery,
) -> Vec<(&'static str, Chart)> {
    let Some(first) = samples.first().map(|sample| sample.time) else { return Vec::new() };
    let at = |sample: &ResourceSample| sample.time.since(first).as_secs_f64();
    let end = samples.last().map_or(0.0, at);
    let reserved = |most: f64| Series::new(t!(page, "tasks-resources-reserved"), [(0.0, most), (end, most)]);
    let used = |of: &dyn Fn(&ResourceSample) -> f64| {
        Series::new(t!(page, "tasks-resources-used"), samples.iter().map(|sample| (at(sample), of(sample))))
    };
    let draw = |name: &'static str, title: &str, series| {
        let axis = Axis::Elapsed(t!(page, "tasks-metrics-relative").to_owned());
        let chart = Chart::new(title, axis, series).with_view(query.view(false));
        (name, chart.with_links(links(task.id, name, query)))
    };
    let cpu = vec![used(&|sample| sample.cpu_percent), reserved(reserved_cpu(task))];
    let memory =
        vec![used(&|sample| float(sample.memory_bytes) / MIB), reserved(float(reserved_bytes(task)) / MIB)];
    let mut charts = vec![
        draw("cpu", t!(page, "tasks-resources-cpu"), cpu),
        draw("memory", t!(page, "tasks-resources-memory"), memory),
    ];
    let of_card = |card: usize| {
        let busy = |sample: &ResourceSample| Some((at(sample), sample.accelerators.get(card)?.busy_percent));
        Series::new(format!("#{card}"), samples.iter().filter_map(busy))
    };
    if cards(samples) > 0 {
        let series = (0..cards(samples)).map(of_card).collect();
        charts.push(draw("cards", t!(page, "tasks-resources-cards"), series));
    }
    charts
}

fn links(task: TaskId, name: &str, query: &ChartQuery) -> Links {
    Links {
        data: None,
        svg: Some(query.of_chart(task, "resources/svg", name)),
        csv: Some(query.data(task, "resources/csv")),
    }
}

/// In percent of one CPU.
fn reserved_cpu(task: &Task) -> f64 {
    float(u64::try_from(task.cpus).unwrap_or(0)) * 100.0
}

fn reserved_bytes(task: &Task) -> u64 {
    u64::try_from(task.memory_bytes).unwrap_or(0)
}

impl Use {
    fn of(page: &Page, task: &Task, samples: &[ResourceSample]) -> Self {
        let sum: f64 = samples.iter().map(|sample| sample.cpu_percent).sum();
        let mean = sum / float(samples.len().max(1) as u64);
        let peak = samples.iter().map(|sample| sample.memory_bytes).max().unwrap_or(0);
        let cpu_percent = percent(mean, reserved_cpu(task));
        let memory_percent = percent(float(peak), float(reserved_bytes(task)));
        let bar = |(percent, _): &(u64, String), text: String| page.capacity(*percent, 0, 100, text);
        Self {
            cpu_bar: bar(&cpu_percent, t!(page, "tasks-resources-cpu-said", percent = cpu_percent.1)),
            memory_bar: bar(
                &memory_percent,
                t!(page, "tasks-resources-memory-said", percent = memory_percent.1),
            ),
            cpu_percent: cpu_percent.1,
            memory_percent: memory_percent.1,
            memory_peak: words::bytes(peak),
            memory_reserved: words::bytes(reserved_bytes(task)),
            processes: samples.iter().map(|sample| sample.processes).max().unwrap_or(0),
            samples: samples.len(),
        }
    }
}

/// A share in whole percent for a bar, and in readable form: with a decimal where it is small.
fn percent(part: f64, whole: f64) -> (u64, String) {
    let percent = part / whole * 100.0;
    if !percent.is_finite() {
        return (0, "0".to_owned());
    }
    let percent = percent.clamp(0.0, 100_000.0);
    let rounded = format!("{percent:.0}");
    let said = if percent < 9.95 && percent > 0.0 { format!("{percent:.1}") } else { rounded.clone() };
    (rounded.parse().unwrap_or(0), said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_shares_keep_a_tenth() {
        assert_eq!(percent(36.0, 200.0), (18, "18".to_owned()));
        assert_eq!(percent(0.9, 1000.0), (0, "0.1".to_owned()));
        assert_eq!(percent(1.0, 0.0), (0, "0".to_owned()));
    }
}

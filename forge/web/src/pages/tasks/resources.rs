//! `/tasks/{id}/resources`: how much of its reserved resources a task used.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{App, metrics};

use super::{
    AttemptQuery, TaskVisit,
    frame::{Part, TaskFrame, frame},
    metrics::seconds,
};
use crate::{
    Chart, Failure, Page, RepositoryHead, Series,
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
    Query(wanted): Query<AttemptQuery>,
) -> Result<Response, Failure> {
    let framed = frame(&app, &page, &visit, Part::Resources, wanted.attempt).await?;
    let (head, frame) = (framed.head, framed.frame);
    let attempt = frame.attempt;
    let samples = if attempt > 0 {
        metrics::resources(&app, &visit.access, attempt, POINTS).await?
    } else {
        Vec::new()
    };
    let Some(first) = samples.first().map(|sample| sample.time) else {
        return html(&Resources { page, head, frame, charts: Vec::new(), use_of: None });
    };
    let at = |time| seconds(Some(first), time);
    let memory = |bytes: u64| exact(bytes) / MIB;
    let reserved_cpu = f64::from(u32::try_from(frame.task.cpus).unwrap_or(u32::MAX)) * 100.0;
    let reserved_bytes = u64::try_from(frame.task.memory_bytes).unwrap_or(0);
    let reserved = |most: f64| {
        let end = samples.last().map_or(0.0, |sample| at(sample.time));
        Series {
            name: t!(page, "tasks-resources-reserved").to_owned(),
            points: vec![(0.0, most), (end, most)],
        }
    };
    let used = |points: Vec<(f64, f64)>| Series { name: t!(page, "tasks-resources-used").to_owned(), points };
    let x_label = t!(page, "tasks-metrics-seconds");
    let draw = |title: &str, series| {
        Chart { title: title.to_owned(), x_label: x_label.to_owned(), is_log: false, series }
            .draw(page.words())
    };
    let cpu: Vec<_> = samples.iter().map(|sample| (at(sample.time), sample.cpu_percent)).collect();
    let bytes: Vec<_> = samples.iter().map(|sample| (at(sample.time), memory(sample.memory_bytes))).collect();
    let mut charts = vec![
        draw(t!(page, "tasks-resources-cpu"), vec![used(cpu.clone()), reserved(reserved_cpu)]),
        draw(t!(page, "tasks-resources-memory"), vec![used(bytes), reserved(memory(reserved_bytes))]),
    ];
    let cards = samples.iter().map(|sample| sample.accelerators.len()).max().unwrap_or(0);
    if cards > 0 {
        let of_card = |card: usize| Series {
            name: format!("#{card}"),
            points: samples
                .iter()
                .filter_map(|sample| Some((at(sample.time), sample.accelerators.get(card)?.busy_percent)))
                .collect(),
        };
        charts.push(draw(t!(page, "tasks-resources-cards"), (0..cards).map(of_card).collect()));
    }
    let mean = cpu.iter().map(|point| point.1).sum::<f64>() / whole(cpu.len());
    let peak = samples.iter().map(|sample| sample.memory_bytes).max().unwrap_or(0);
    let cpu_percent = percent(mean, reserved_cpu);
    let memory_percent = percent(exact(peak), exact(reserved_bytes));
    let bar = |(percent, _): &(u64, String), text: String| page.capacity(*percent, 0, 100, text);
    let use_of = Use {
        cpu_bar: bar(&cpu_percent, t!(page, "tasks-resources-cpu-said", percent = cpu_percent.1)),
        memory_bar: bar(&memory_percent, t!(page, "tasks-resources-memory-said", percent = memory_percent.1)),
        cpu_percent: cpu_percent.1,
        memory_percent: memory_percent.1,
        memory_peak: words::bytes(peak),
        memory_reserved: words::bytes(reserved_bytes),
        processes: samples.iter().map(|sample| sample.processes).max().unwrap_or(0),
        samples: samples.len(),
    };
    html(&Resources { charts, use_of: Some(use_of), page, head, frame })
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

/// In two halves, because only integers of up to 32 bits convert to a float without loss.
fn exact(number: u64) -> f64 {
    let high = u32::try_from(number >> 32).unwrap_or(u32::MAX);
    let low = u32::try_from(number & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

fn whole(count: usize) -> f64 {
    f64::from(u32::try_from(count.max(1)).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_shares_keep_a_tenth() {
        assert_eq!(percent(36.0, 200.0), (18, "18".to_owned()));
        assert_eq!(percent(0.9, 1000.0), (0, "0.1".to_owned()));
        assert_eq!(percent(1.0, 0.0), (0, "0".to_owned()));
        assert_eq!(exact(5 << 32).to_bits(), (5.0 * 4_294_967_296.0_f64).to_bits());
    }
}

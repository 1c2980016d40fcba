//! A task's metrics and resource usage, thinned for charts.

mod csv;
mod curve;
mod runs;
mod usage;

use std::path::{Path, PathBuf};

use hearth_core::{Result, TaskId, Timestamp};
use hearth_store::task_value::TaskMetric;

pub use hearth_runner::{metrics::not_finite::to_json, protocol::ResourceSample};

use self::{curve::Curves, usage::Usage};
pub use self::{
    curve::MOST_CURVES,
    runs::{MOST_RUNS, Run, csv, runs},
};
use crate::{App, record, summary, task::TaskAccess};

/// The metrics of an attempt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Metrics {
    /// Curves by name, at most [`MOST_CURVES`].
    pub series: Vec<Series>,
    /// Whether there are further names, whose values are only in the file.
    pub has_more: bool,
}

/// One curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    /// How many values there were before thinning.
    pub count: usize,
    /// Finite values, in order of arrival.
    pub points: Vec<SeriesPoint>,
    /// Where values were not finite, in order; of very many places, the first.
    pub not_finite: Vec<NotFinite>,
    /// May be infinite or NaN.
    pub last: f64,
    /// Of the finite values; NaN where there is none.
    pub least: f64,
    pub most: f64,
}

impl Series {
    /// Whether there were more values than there are points.
    pub fn is_thinned(&self) -> bool {
        let gaps = self.not_finite.iter().map(NotFinite::count).sum::<u64>();
        (self.points.len() as u64).saturating_add(gaps) < self.count as u64
    }
}

/// Equal values in succession that are infinite or not a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NotFinite {
    pub first: SeriesPoint,
    pub last: SeriesPoint,
}

impl NotFinite {
    /// How many values there are.
    pub const fn count(&self) -> u64 {
        self.last.number - self.first.number + 1
    }
}

/// One value of a curve, and its position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesPoint {
    /// How many values of its curve came before it.
    pub number: u64,
    pub step: Option<u64>,
    pub epoch: Option<f64>,
    pub time: Option<Timestamp>,
    pub value: f64,
}

const METRICS: &str = "metrics.jsonl";
/// The file next to the record's own, with one [`ResourceSample`] a line.
pub(crate) const RESOURCES: &str = "resources.jsonl";
/// Limit for the samples of one attempt: more than a week at one a second.
pub(crate) const MOST_RESOURCE_BYTES: u64 = 256 << 20;

/// The curves of an attempt by name, at most [`MOST_CURVES`], each of at most `most` points. Thinning keeps
/// the minimum and maximum of every stretch, so that spikes are not lost.
pub async fn series(app: &App, task: &TaskAccess, attempt: i64, most: usize) -> Result<Metrics> {
    let (file, kept) = paths(app, task.id(), attempt, METRICS);
    record::blocking(move || Ok(summary::read::<Curves>(&file, &kept)?.into_metrics(most))).await
}

/// The last, least and greatest value of each metric of an attempt, for tables.
pub(crate) async fn last_values(app: &App, task: TaskId, attempt: i64) -> Result<Vec<TaskMetric>> {
    let (file, kept) = paths(app, task, attempt, METRICS);
    let curves = record::blocking(move || Ok(summary::read::<Curves>(&file, &kept)?.into_metrics(1))).await?;
    let value = |series: Series| TaskMetric {
        task_id: task,
        name: series.name,
        last: series.last,
        least: series.least,
        most: series.most,
    };
    Ok(curves.series.into_iter().map(value).collect())
}

/// The resource usage of an attempt over time, at most `most` samples.
pub async fn resources(
    app: &App,
    task: &TaskAccess,
    attempt: i64,
    most: usize,
) -> Result<Vec<ResourceSample>> {
    let (file, kept) = paths(app, task.id(), attempt, RESOURCES);
    record::blocking(move || Ok(summary::read::<Usage>(&file, &kept)?.into_samples(most))).await
}

/// Thins new values once a piece up to `end` has added enough of them, so that no page has to read much.
pub(crate) async fn grew(app: &App, task: TaskId, attempt: i64, end: u64, piece_bytes: u64) -> Result<()> {
    let is_due = end / summary::WORTH_KEEPING > (end - piece_bytes) / summary::WORTH_KEEPING;
    if !is_due {
        return Ok(());
    }
    let (file, kept) = paths(app, task, attempt, METRICS);
    record::blocking(move || summary::read::<Curves>(&file, &kept).map(drop)).await
}

/// A file of a record, and where its thinned form is stored: not in the record, whose checksums are sealed.
fn paths(app: &App, task: TaskId, attempt: i64, name: &str) -> (PathBuf, PathBuf) {
    let record = record::folder(app, task, attempt);
    let kept = record.parent().unwrap_or(Path::new("")).join("thinned").join(format!("{attempt}-{name}"));
    (record.join(name), kept)
}

/// The file with every point, for a download. `None` before the first one.
pub fn file(app: &App, task: &TaskAccess, attempt: i64) -> Option<PathBuf> {
    let path = record::folder(app, task.id(), attempt).join(METRICS);
    path.is_file().then_some(path)
}

/// The first and last points, and the minimum and maximum of every stretch between.
fn thin(points: &[SeriesPoint], most: usize) -> Vec<SeriesPoint> {
    if points.len() <= most || most < 4 {
        return points.to_vec();
    }
    let stretch = points.len().div_ceil(most / 2 - 1);
    let mut kept = Vec::with_capacity(most);
    for part in points.chunks(stretch) {
        let by_value =
            |a: &&(usize, &SeriesPoint), b: &&(usize, &SeriesPoint)| a.1.value.total_cmp(&b.1.value);
        let places: Vec<_> = part.iter().enumerate().collect();
        let (Some(low), Some(high)) = (places.iter().min_by(by_value), places.iter().max_by(by_value)) else {
            continue;
        };
        let (first, second) = if low.0 <= high.0 { (low, high) } else { (high, low) };
        kept.push(*first.1);
        if first.0 != second.0 {
            kept.push(*second.1);
        }
    }
    kept.extend(points.last().filter(|last| kept.last() != Some(last)));
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(step: u64, value: f64) -> SeriesPoint {
        SeriesPoint { number: step, step: Some(step), epoch: None, time: None, value }
    }

    #[test]
    fn a_spike_survives_thinning() {
        let mut points: Vec<_> = (0..10_000).map(|step| point(step, 1.0)).collect();
        points[7_777].value = 99.0;
        let thinned = thin(&points, 200);
        assert!(thinned.len() <= 200, "{}", thinned.len());
        assert!(thinned.iter().any(|point| point.value > 98.0));
        assert!(thinned.is_sorted_by_key(|point| point.step));
        assert_eq!(thinned.last().and_then(|point| point.step), Some(9_999));
    }

    #[test]
    fn few_points_are_kept_as_they_are() {
        let points = [point(1, 0.5), point(2, 0.4)];
        assert_eq!(thin(&points, 500), points);
    }
}

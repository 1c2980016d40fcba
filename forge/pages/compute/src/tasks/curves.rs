//! Charts of what tasks measured.

use hearth_app::{
    App,
    metrics::{Metrics, NotFinite, Run, Series as Curve, SeriesPoint},
    task::Task,
};
use hearth_core::{Result, Timestamp, urls};

use super::chart_query::{ChartQuery, XAxis};
use crate::{
    Page,
    chart::{Axis, Chart, Gap, Links, Series, float},
};

/// A run and its curves.
pub(super) struct MeasuredRun {
    run: Run,
    metrics: Metrics,
    /// The time of its first value.
    start: Option<Timestamp>,
}

/// Charts on one page.
const MOST_CHARTS: usize = 24;
/// Points of one curve that are read.
const POINTS: usize = 1_000;
/// Points that a page draws in all, and that its data has in all.
const PAGE_POINTS: usize = 6_000;
const DATA_POINTS: usize = 60_000;
/// However many curves there are, each has this many.
const LEAST_POINTS: usize = 24;
const MOST_DRAWN: usize = 300;

impl MeasuredRun {
    pub(super) const fn task(&self) -> &Task {
        self.run.task.task()
    }

    /// The last value of a curve.
    pub(super) fn last(&self, name: &str) -> Option<f64> {
        self.metrics.series.iter().find(|curve| curve.name == name).map(|curve| curve.last)
    }
}

/// Reads the curves of some runs.
pub(super) async fn measured(app: &App, runs: Vec<Run>) -> Result<Vec<MeasuredRun>> {
    let mut measured = Vec::with_capacity(runs.len());
    for run in runs {
        let metrics = run.metrics(app, POINTS).await?;
        let firsts = metrics.series.iter().filter_map(|curve| curve.points.first()?.time);
        measured.push(MeasuredRun { start: firsts.min(), run, metrics });
    }
    Ok(measured)
}

/// The names that the runs measured: first those of the first one.
pub(super) fn names(runs: &[MeasuredRun]) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for curve in runs.iter().flat_map(|run| &run.metrics.series) {
        if !names.contains(&curve.name.as_str()) {
            names.push(&curve.name);
        }
    }
    names
}

/// The charts of a page.
pub(super) struct Charts {
    pub(super) drawn: Vec<Chart>,
    /// How many names have none.
    pub(super) hidden: usize,
    /// Whether one shows less than was measured.
    pub(super) is_thinned: bool,
    /// Whether there are names without a curve.
    pub(super) has_more: bool,
}

/// A chart for each name, with a line for each run that measured it.
pub(super) fn charts(page: &Page, runs: &[MeasuredRun], query: &ChartQuery) -> Charts {
    let names = names(runs);
    let shown = &names[..names.len().min(MOST_CHARTS)];
    let lines = shown.len() * runs.len();
    let most = (PAGE_POINTS / lines.max(1)).clamp(LEAST_POINTS, MOST_DRAWN);
    let most_data = (DATA_POINTS / lines.max(1)).clamp(LEAST_POINTS, POINTS);
    let curves = || runs.iter().flat_map(|run| &run.metrics.series);
    Charts {
        drawn: shown.iter().map(|name| chart(page, runs, name, query).with_points(most, most_data)).collect(),
        hidden: names.len() - shown.len(),
        is_thinned: curves().any(|curve| shown.contains(&curve.name.as_str()) && curve.count > most),
        has_more: runs.iter().any(|run| run.metrics.has_more),
    }
}

/// The chart of one name.
pub(super) fn chart(page: &Page, runs: &[MeasuredRun], name: &str, query: &ChartQuery) -> Chart {
    let curve = |run: &MeasuredRun| run.metrics.series.iter().position(|curve| curve.name == name);
    let found: Vec<(&MeasuredRun, &Curve)> =
        runs.iter().filter_map(|run| Some((run, &run.metrics.series[curve(run)?]))).collect();
    let (position, axis) = Position::of(page, query.x(), &found.iter().map(|(_, curve)| *curve));
    let series = found.iter().map(|(run, curve)| {
        let line = line(curve, position, run.start);
        if runs.len() == 1 {
            return line;
        }
        let task = run.run.task.task();
        line.named(format!("#{} {}", task.id, task.name)).with_address(urls::task(task.id))
    });
    let series = series.collect();
    let is_wide = is_wide(found.iter().map(|(_, curve)| *curve));
    let links = runs.first().map(|run| links(run, name, query)).unwrap_or_default();
    Chart::new(name, axis, series).with_view(query.view(is_wide)).with_links(links)
}

/// The chart of one curve by itself, with its data.
pub(super) fn single(page: &Page, curve: &Curve) -> Chart {
    let (position, axis) = Position::of(page, XAxis::Step, &std::iter::once(curve));
    let start = curve.points.first().and_then(|point| point.time);
    Chart::new(&curve.name, axis, vec![line(curve, position, start)])
        .with_view(ChartQuery::default().view(is_wide(std::iter::once(curve))))
}

fn links(run: &MeasuredRun, name: &str, query: &ChartQuery) -> Links {
    let task = run.run.task.id();
    Links {
        data: Some(query.data(task, "metrics/data")),
        svg: Some(query.of_chart(task, "metrics/svg", name)),
        csv: Some(query.of_chart(task, "metrics/csv", name)),
    }
}

/// Whether the values are positive and span more than three powers of ten.
fn is_wide<'a>(mut curves: impl Iterator<Item = &'a Curve> + Clone) -> bool {
    let (low, high) = curves
        .clone()
        .fold((f64::NAN, f64::NAN), |(low, high), curve| (curve.least.min(low), curve.most.max(high)));
    curves.next().is_some() && low > 0.0 && high / low > 1_000.0
}

/// What of a point is its x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    Step,
    Epoch,
    Relative,
    Wall,
    Number,
}

impl Position {
    /// What was asked for, where all curves have it; else the first of step, epoch and time that they have.
    fn of<'a>(page: &Page, asked: XAxis, curves: &(impl Iterator<Item = &'a Curve> + Clone)) -> (Self, Axis) {
        let wanted = match asked {
            XAxis::Step => Self::Step,
            XAxis::Relative => Self::Relative,
            XAxis::Wall => Self::Wall,
        };
        let is_known = |position: &Self| curves.clone().all(|curve| position.is_known(curve));
        let known = [wanted, Self::Step, Self::Epoch, Self::Relative].into_iter().find(is_known);
        let position = known.unwrap_or(Self::Number);
        let axis = match position {
            Self::Step => Axis::Number(t!(page, "tasks-metrics-step").to_owned()),
            Self::Epoch => Axis::Number(t!(page, "tasks-metrics-epoch").to_owned()),
            Self::Relative => Axis::Elapsed(t!(page, "tasks-metrics-relative").to_owned()),
            Self::Wall => Axis::Moment("UTC".to_owned()),
            Self::Number => Axis::Number(t!(page, "tasks-metrics-count").to_owned()),
        };
        (position, axis)
    }

    /// Whether every point has it, and none lies before another that came earlier.
    fn is_known(self, curve: &Curve) -> bool {
        let start = curve.points.first().and_then(|point| point.time);
        let mut before = f64::NEG_INFINITY;
        let gaps = curve.not_finite.iter().all(|gap| self.at(&gap.first, start).is_some());
        let points = curve.points.iter().all(|point| match self.at(point, start) {
            Some(x) if x >= before => {
                before = x;
                true
            }
            _ => false,
        });
        points && gaps
    }

    fn at(self, point: &SeriesPoint, start: Option<Timestamp>) -> Option<f64> {
        match self {
            Self::Step => Some(float(point.step?)),
            Self::Epoch => point.epoch,
            Self::Relative => Some(point.time?.since(start?).as_secs_f64()),
            Self::Wall => Some(float(u64::try_from(point.time?.as_microsecond()).ok()?) / 1e6),
            Self::Number => Some(float(point.number)),
        }
    }
}

fn line(curve: &Curve, position: Position, start: Option<Timestamp>) -> Series {
    let points = curve.points.iter().filter_map(|point| Some((position.at(point, start)?, point.value)));
    let gap = |gap: &NotFinite| {
        let (from, to) = (position.at(&gap.first, start)?, position.at(&gap.last, start)?);
        Some(Gap { from, to, value: gap.first.value, count: gap.count() })
    };
    Series::new(&curve.name, points).with_gaps(curve.not_finite.iter().filter_map(gap).collect())
}

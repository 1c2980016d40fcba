//! What a task measured and what it used, thinned for charts.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
};

use hearth_core::{Result, Timestamp};
use hearth_runner::{metrics::parse_json_line, protocol::ResourceSample};

use crate::{App, record, task::TaskAccess};

/// One curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    /// How many values there were before thinning.
    pub count: usize,
    pub points: Vec<SeriesPoint>,
    pub last: f64,
    pub least: f64,
    pub most: f64,
}

/// One value of a curve, and where it belongs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesPoint {
    pub step: Option<u64>,
    pub epoch: Option<f64>,
    pub time: Option<Timestamp>,
    pub value: f64,
}

/// More than this of a file is not read for a chart.
const MOST_BYTES: u64 = 256 << 20;
/// The file beside the record's own, one [`ResourceSample`] a line.
pub(crate) const RESOURCES: &str = "resources.jsonl";

/// The curves of an attempt by name, each of at most `most` points. Thinning keeps the least and the greatest value of
/// every stretch, so that a spike is not lost.
pub async fn series(app: &App, task: &TaskAccess, attempt: i64, most: usize) -> Result<Vec<Series>> {
    let path = record::folder(app, task.id(), attempt).join("metrics.jsonl");
    record::blocking(move || read_series(&path, most)).await
}

/// What an attempt used over time, at most `most` samples.
pub async fn resources(
    app: &App,
    task: &TaskAccess,
    attempt: i64,
    most: usize,
) -> Result<Vec<ResourceSample>> {
    let path = record::folder(app, task.id(), attempt).join(RESOURCES);
    record::blocking(move || read_resources(&path, most)).await
}

/// The file with every point, for a download. None before the first one.
pub fn file(app: &App, task: &TaskAccess, attempt: i64) -> Option<PathBuf> {
    let path = record::folder(app, task.id(), attempt).join("metrics.jsonl");
    path.is_file().then_some(path)
}

fn read_series(path: &Path, most: usize) -> io::Result<Vec<Series>> {
    let mut curves: BTreeMap<String, Vec<SeriesPoint>> = BTreeMap::new();
    each_line(path, |line| {
        for point in parse_json_line(line) {
            let kept =
                SeriesPoint { step: point.step, epoch: point.epoch, time: point.time, value: point.value };
            curves.entry(point.name).or_default().push(kept);
        }
    })?;
    Ok(curves.into_iter().filter_map(|(name, points)| to_series(name, &points, most)).collect())
}

fn to_series(name: String, points: &[SeriesPoint], most: usize) -> Option<Series> {
    let last = points.last()?.value;
    let least = points.iter().map(|point| point.value).fold(f64::INFINITY, f64::min);
    let greatest = points.iter().map(|point| point.value).fold(f64::NEG_INFINITY, f64::max);
    let count = points.len();
    Some(Series { name, count, points: thin(points, most), last, least, most: greatest })
}

/// First, last, and the least and greatest of every stretch between.
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

fn read_resources(path: &Path, most: usize) -> io::Result<Vec<ResourceSample>> {
    let mut samples: Vec<ResourceSample> = Vec::new();
    each_line(path, |line| samples.extend(serde_json::from_str::<ResourceSample>(line)))?;
    let stretch = samples.len().div_ceil(most.max(1)).max(1);
    let last = samples.len().saturating_sub(1);
    let kept = samples.into_iter().enumerate().filter(|(place, _)| place % stretch == 0 || *place == last);
    Ok(kept.map(|(_, sample)| sample).collect())
}

fn each_line(path: &Path, mut visit: impl FnMut(&str)) -> io::Result<()> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut reader = BufReader::with_capacity(256 << 10, file.take(MOST_BYTES));
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        visit(&String::from_utf8_lossy(&line));
        line.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(step: u64, value: f64) -> SeriesPoint {
        SeriesPoint { step: Some(step), epoch: None, time: None, value }
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
        let series = to_series("loss".into(), &points, 500).expect("points");
        assert_eq!((series.count, series.last.to_bits()), (2, 0.4_f64.to_bits()));
        assert!(to_series("loss".into(), &[], 500).is_none());
    }
}

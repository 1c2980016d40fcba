//! One line of a chart.

use super::View;

/// How many colours and dashes `components/chart.css` has; together they tell forty lines apart.
pub(super) const COLOURS: usize = 8;
const DASHES: usize = 5;

/// One line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    /// Pairs of x and finite y, in order of x.
    pub points: Vec<(f64, f64)>,
    /// Where values are not finite.
    pub gaps: Vec<Gap>,
    /// Where its name leads.
    pub address: Option<String>,
    /// Its number among all series of the chart, which gives its colour and dash.
    place: usize,
}

/// Equal values in succession that are infinite or not a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    /// The first and the last x.
    pub from: f64,
    pub to: f64,
    pub value: f64,
    pub count: u64,
}

impl Series {
    /// Values that are not finite become gaps.
    pub fn new(name: impl Into<String>, values: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let (mut points, mut gaps) = (Vec::new(), Vec::new());
        for (x, y) in values {
            if y.is_finite() {
                points.push((x, y));
            } else {
                gaps.push(Gap { from: x, to: x, value: y, count: 1 });
            }
        }
        Self { name: name.into(), points, gaps, address: None, place: 0 }
    }

    #[must_use]
    pub fn with_gaps(self, gaps: Vec<Gap>) -> Self {
        Self { gaps, ..self }
    }

    #[must_use]
    pub fn named(self, name: String) -> Self {
        Self { name, ..self }
    }

    #[must_use]
    pub fn with_address(self, address: String) -> Self {
        Self { address: Some(address), ..self }
    }

    /// The part that a view shows, as the series with this number.
    pub(super) fn within(&self, place: usize, view: View) -> Self {
        let is_shown = |x: f64| x.is_finite() && view.range.is_none_or(|(from, to)| (from..=to).contains(&x));
        let is_drawable = |&&(x, y): &&(f64, f64)| is_shown(x) && y.is_finite() && (!view.is_log || y > 0.0);
        Self {
            points: self.points.iter().filter(is_drawable).copied().collect(),
            gaps: self.gaps.iter().filter(|gap| is_shown(gap.from) || is_shown(gap.to)).copied().collect(),
            name: self.name.clone(),
            address: self.address.clone(),
            place,
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.points.is_empty() && self.gaps.is_empty()
    }

    pub(super) fn bounds(&self) -> (f64, f64) {
        let both = |(low, high): (f64, f64), &(_, y): &(f64, f64)| (low.min(y), high.max(y));
        self.points.iter().fold((f64::INFINITY, f64::NEG_INFINITY), both)
    }

    /// Its colour; the second lap of colours has other dashes.
    pub(super) const fn colour(&self) -> usize {
        self.place % COLOURS
    }

    pub(super) const fn dash(&self) -> usize {
        (self.place + self.place / COLOURS) % DASHES
    }

    pub(super) fn classes(&self) -> String {
        format!("series line-{} dash-{}", self.colour(), self.dash())
    }

    /// The exponential moving average of its points, without the pull to zero at the beginning (Kingma & Ba,
    /// "Adam", section 3). `percent` of each value is the average before it.
    pub(super) fn smoothed(&self, percent: u8) -> Vec<(f64, f64)> {
        let weight = f64::from(percent.min(99)) / 100.0;
        let (mut average, mut missing) = (0.0, 1.0);
        let next = |&(x, y): &(f64, f64)| {
            average = average * weight + y * (1.0 - weight);
            missing *= weight;
            (x, average / (1.0 - missing))
        };
        self.points.iter().map(next).collect()
    }

    /// Downsamples but keeps the outline: the lowest and the highest point of each interval.
    pub(super) fn thinned(points: &[(f64, f64)], most: usize) -> Vec<(f64, f64)> {
        if points.len() <= most {
            return points.to_vec();
        }
        let stretch = points.len().div_ceil((most / 2).max(1));
        let mut thin = Vec::with_capacity(most + 2);
        for part in points.chunks(stretch) {
            let lowest = part.iter().copied().min_by(|left, right| left.1.total_cmp(&right.1));
            let highest = part.iter().copied().max_by(|left, right| left.1.total_cmp(&right.1));
            let mut pair: Vec<(f64, f64)> = lowest.into_iter().chain(highest).collect();
            pair.sort_by(|left, right| left.0.total_cmp(&right.0));
            pair.dedup();
            thin.extend(pair);
        }
        thin
    }

    /// Whether values that are not finite lie between two points, so that no line may join them.
    pub(super) fn is_broken(&self, before: f64, after: f64) -> bool {
        self.gaps.iter().any(|gap| before < gap.to && gap.from < after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_series_look_different() {
        let look = |place| {
            let series = Series { place, ..Series::new("", []) };
            (series.colour(), series.dash())
        };
        let looks: std::collections::HashSet<_> = (0..COLOURS * DASHES).map(look).collect();
        assert_eq!(looks.len(), COLOURS * DASHES);
    }

    #[test]
    fn long_series_are_thinned_and_keep_their_peaks() {
        let mut points: Vec<(f64, f64)> = (0..100_000).map(|place| (f64::from(place), 1.0)).collect();
        points[54_321].1 = 9.0;
        let thin = Series::thinned(&points, 400);
        assert!(thin.len() <= 402);
        assert!(thin.contains(&(54_321.0, 9.0)));
    }

    #[test]
    fn smoothing_starts_at_the_first_value_and_follows() {
        let series = Series::new("loss", [(0.0, 2.0), (1.0, 4.0), (2.0, 4.0)]);
        assert_eq!(series.smoothed(0), series.points);
        let smooth = series.smoothed(50);
        assert_eq!(smooth[0], (0.0, 2.0));
        assert!((smooth[1].1 - 10.0 / 3.0).abs() < 1e-12, "{smooth:?}");
        assert!(series.smoothed(99).iter().all(|point| (2.0..=4.0).contains(&point.1)));
    }
}

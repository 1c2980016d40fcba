//! Charts of measurements, drawn on the server as SVG: axes, several series, a logarithmic scale, and a table
//! of the same values for those who cannot see the drawing.

mod scale;

use std::fmt::Write;

use crate::words::{Html, Words};
use scale::Scale;

/// The drawing's own coordinates.
const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 210.0;
const LEFT: f64 = 54.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;
/// The most points of a series that the eye can tell apart.
const MOST_POINTS: usize = 400;
const MOST_ROWS: usize = 50;
/// How many colours and dashes `components/chart.css` has.
const STYLES: usize = 6;

/// One line of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    /// Pairs of x and y, in order of x. What is not a number is left out.
    pub points: Vec<(f64, f64)>,
}

/// A chart of one or more series over one x.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    pub title: String,
    /// What x counts: steps, seconds.
    pub x_label: String,
    pub is_log: bool,
    pub series: Vec<Series>,
}

impl Chart {
    /// `<figure>` with the drawing, its legend and its table; a sentence when there is nothing to draw.
    pub fn draw(&self, words: Words) -> Html {
        let series: Vec<Series> = self
            .series
            .iter()
            .map(|series| self.cleaned(series))
            .filter(|series| !series.points.is_empty())
            .collect();
        let title = Html::text(&self.title);
        if series.is_empty() {
            return Html::trusted(format!(
                "<figure class=\"chart\"><figcaption>{title}</figcaption><p class=\"muted\">{}</p></figure>",
                t!(words, "common-chart-empty")
            ));
        }
        let all = || series.iter().flat_map(|series| series.points.iter());
        let x = Scale::linear(all().map(|point| point.0), LEFT, WIDTH - RIGHT);
        let y = if self.is_log {
            Scale::logarithmic(all().map(|point| point.1), HEIGHT - BOTTOM, TOP)
        } else {
            Scale::linear(all().map(|point| point.1), HEIGHT - BOTTOM, TOP)
        };
        let mut svg = format!(
            "<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
            Html::text(&self.summary(words, &series))
        );
        axes(&mut svg, &x, &y, &self.x_label);
        for (index, series) in series.iter().enumerate() {
            line(&mut svg, index, &series.points, &x, &y);
        }
        svg.push_str("</svg>");
        Html::trusted(format!(
            "<figure class=\"chart\"><figcaption>{title}{}</figcaption>{svg}{}</figure>",
            legend(&series),
            table(words, &self.x_label, &series)
        ))
    }

    fn cleaned(&self, series: &Series) -> Series {
        let is_drawable =
            |&&(x, y): &&(f64, f64)| x.is_finite() && y.is_finite() && (!self.is_log || y > 0.0);
        Series {
            name: series.name.clone(),
            points: series.points.iter().filter(is_drawable).copied().collect(),
        }
    }

    /// What the chart says, in a sentence: each series with its last, lowest and highest value.
    fn summary(&self, words: Words, series: &[Series]) -> String {
        let parts = series.iter().map(|series| {
            let (low, high) = bounds(&series.points);
            let last = series.points.last().map_or(0.0, |point| point.1);
            t!(
                words,
                "common-chart-summary",
                name = series.name,
                last = number(last),
                low = number(low),
                high = number(high)
            )
        });
        std::iter::once(self.title.clone()).chain(parts).collect::<Vec<_>>().join(" · ")
    }
}

/// A small line without axes, for a table row. `text` says the same in words.
pub fn sparkline(values: &[f64], text: &str) -> Html {
    let points: Vec<(f64, f64)> = values
        .iter()
        .enumerate()
        .filter(|(_, value)| value.is_finite())
        .map(|(place, &value)| (count(place), value))
        .collect();
    let mut svg = format!(
        "<svg class=\"sparkline\" viewBox=\"0 0 100 20\" role=\"img\" aria-label=\"{}\">",
        Html::text(text)
    );
    if !points.is_empty() {
        let x = Scale::linear(points.iter().map(|point| point.0), 1.0, 99.0);
        let y = Scale::linear(points.iter().map(|point| point.1), 18.0, 2.0);
        line(&mut svg, 0, &points, &x, &y);
    }
    svg.push_str("</svg>");
    Html::trusted(svg)
}

fn axes(svg: &mut String, x: &Scale, y: &Scale, x_label: &str) {
    for (at, text) in y.ticks() {
        let _ = write!(
            svg,
            "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" class=\"tick-y\">{text}</text>",
            WIDTH - RIGHT,
            LEFT - 6.0,
            at + 3.5
        );
    }
    for (at, text) in x.ticks() {
        let _ = write!(
            svg,
            "<text x=\"{at:.1}\" y=\"{:.1}\" class=\"tick-x\">{text}</text>",
            HEIGHT - BOTTOM + 16.0
        );
    }
    let _ = write!(svg, "<path class=\"axis\" d=\"M{LEFT} {:.1}H{:.1}\"/>", HEIGHT - BOTTOM, WIDTH - RIGHT);
    let _ = write!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" class=\"tick-y\">{}</text>",
        LEFT - 10.0,
        HEIGHT - BOTTOM + 16.0,
        Html::text(x_label)
    );
}

fn line(svg: &mut String, index: usize, points: &[(f64, f64)], x: &Scale, y: &Scale) {
    let style = index % STYLES;
    if let [(only_x, only_y)] = points {
        let _ = write!(
            svg,
            "<circle class=\"series series-{style}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.5\"/>",
            x.place(*only_x),
            y.place(*only_y)
        );
        return;
    }
    let mut path = String::new();
    for (place, (point_x, point_y)) in thinned(points).into_iter().enumerate() {
        let _ = write!(
            path,
            "{}{:.1} {:.1}",
            if place == 0 { 'M' } else { 'L' },
            x.place(point_x),
            y.place(point_y)
        );
    }
    let _ = write!(svg, "<path class=\"series series-{style}\" d=\"{path}\"/>");
}

/// Downsamples but keeps the outline: the lowest and the highest point of each interval.
fn thinned(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    if points.len() <= MOST_POINTS {
        return points.to_vec();
    }
    let stretch = points.len().div_ceil(MOST_POINTS / 2);
    let mut thin = Vec::with_capacity(MOST_POINTS + 2);
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

fn legend(series: &[Series]) -> String {
    if series.len() < 2 {
        return String::new();
    }
    let mut markup = String::from("<span class=\"legend\">");
    for (index, series) in series.iter().enumerate() {
        let style = index % STYLES;
        let _ = write!(
            markup,
            "<span><svg viewBox=\"0 0 20 8\" aria-hidden=\"true\"><path class=\"series series-{style}\" d=\"M1 4h18\"/></svg>{}</span>",
            Html::text(&series.name)
        );
    }
    markup.push_str("</span>");
    markup
}

/// The values by x; of long series, evenly spaced rows and the last one.
fn table(words: Words, x_label: &str, series: &[Series]) -> String {
    let longest = series.iter().map(|series| series.points.len()).max().unwrap_or_default();
    let step = longest.div_ceil(MOST_ROWS).max(1);
    let mut markup = format!(
        "<details><summary>{}</summary><div class=\"scroll\"><table class=\"table\"><thead><tr><th class=\"number\">{}</th>",
        t!(words, "common-chart-table"),
        Html::text(x_label)
    );
    for series in series {
        let _ = write!(markup, "<th class=\"number\">{}</th>", Html::text(&series.name));
    }
    markup.push_str("</tr></thead><tbody>");
    for row in (0..longest).filter(|row| row % step == 0 || row + 1 == longest) {
        let x = series.iter().find_map(|series| series.points.get(row)).map_or(0.0, |point| point.0);
        let _ = write!(markup, "<tr><td class=\"number\">{}</td>", number(x));
        for series in series {
            let value = series.points.get(row).map(|point| number(point.1)).unwrap_or_default();
            let _ = write!(markup, "<td class=\"number\">{value}</td>");
        }
        markup.push_str("</tr>");
    }
    markup.push_str("</tbody></table></div></details>");
    markup
}

fn bounds(points: &[(f64, f64)]) -> (f64, f64) {
    points
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), point| (low.min(point.1), high.max(point.1)))
}

/// Four significant digits, and an exponent only where it helps.
pub(crate) fn number(value: f64) -> String {
    let size = value.abs();
    if value == 0.0 {
        return "0".to_owned();
    }
    if !(1e-4..1e7).contains(&size) {
        return format!("{value:.2e}");
    }
    let decimals = match size {
        1000.0.. => 0,
        100.0.. => 1,
        10.0.. => 2,
        1.0.. => 3,
        0.1.. => 4,
        0.01.. => 5,
        _ => 6,
    };
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// List indexes are far below where a float loses integer precision.
fn count(place: usize) -> f64 {
    f64::from(u32::try_from(place).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Language;

    fn chart(points: Vec<(f64, f64)>, is_log: bool) -> String {
        let series = vec![Series { name: "<loss>".to_owned(), points }];
        Chart { title: "Loss".to_owned(), x_label: "step".to_owned(), is_log, series }
            .draw(Words::of(Language::En))
            .to_string()
    }

    #[test]
    fn chart_says_in_words_what_it_draws() {
        let svg = chart(vec![(0.0, 2.5), (1.0, 1.25), (2.0, 0.5)], false);
        assert!(
            svg.contains("aria-label=\"Loss · &lt;loss&gt;: latest 0.5, lowest 0.5, highest 2.5\""),
            "{svg}"
        );
        assert!(svg.contains("<td class=\"number\">1.25</td>"));
    }

    #[test]
    fn odd_values_do_no_harm() {
        assert!(chart(vec![], false).contains("No data yet"));
        assert!(chart(vec![(0.0, f64::NAN), (1.0, f64::INFINITY)], false).contains("No data yet"));
        assert!(chart(vec![(0.0, 0.0), (1.0, -1.0)], true).contains("No data yet"));
        assert!(chart(vec![(0.0, 3.0)], false).contains("<circle"));
        for is_log in [false, true] {
            let svg = chart(vec![(0.0, 1e-300), (1.0, 1e300), (2.0, 7.0)], is_log);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
        }
    }

    #[test]
    fn long_series_are_thinned_and_keep_their_peaks() {
        let mut points: Vec<(f64, f64)> = (0..100_000).map(|place| (f64::from(place), 1.0)).collect();
        points[54_321].1 = 9.0;
        let thin = thinned(&points);
        assert!(thin.len() <= MOST_POINTS + 2);
        assert!(thin.contains(&(54_321.0, 9.0)));
        assert!(chart(points, false).len() < 30_000);
    }

    #[test]
    fn numbers_have_four_digits_at_most() {
        let values = [0.0, 12345.6, 2.17159, 0.012_345, 1e-9, 2e9, 100.0];
        assert_eq!(values.map(number), ["0", "12346", "2.172", "0.01235", "1.00e-9", "2.00e9", "100"]);
    }
}

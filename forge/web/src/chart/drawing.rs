//! The drawing itself.

use std::fmt::Write;

use super::{
    Axis, Chart, Gap, Series,
    number::{float, number},
    scale::Scale,
};
use crate::words::Html;

/// The drawing's own coordinates: near the size at which it is shown, so that its letters are legible.
pub(super) const WIDTH: f64 = 440.0;
pub(super) const HEIGHT: f64 = 220.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 40.0;

/// The opening tag of the drawing in a page; `summary` is escaped.
pub(super) fn open(summary: &Html) -> String {
    format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{summary}\">")
}

/// The axes and the lines of what a chart shows, without the `<svg>` around them.
pub(super) fn content(chart: &Chart) -> String {
    let gaps = || chart.series.iter().flat_map(|series| &series.gaps);
    let points = || chart.series.iter().flat_map(|series| &series.points);
    let ends = chart.view.range.into_iter().flat_map(|(from, to)| [from, to]);
    let xs = points().map(|point| point.0).chain(gaps().flat_map(|gap| [gap.from, gap.to])).chain(ends);
    let x = Scale::linear(xs.filter(|x| x.is_finite()), LEFT, WIDTH - RIGHT);
    let ys = points().map(|point| point.1);
    let y = if chart.view.is_log {
        Scale::logarithmic(ys, HEIGHT - BOTTOM, TOP)
    } else {
        Scale::linear(ys, HEIGHT - BOTTOM, TOP)
    };
    let mut svg = String::new();
    axes(&mut svg, &chart.axis, &x, &y);
    for series in &chart.series {
        lines(&mut svg, series, chart.view.smoothing, chart.most_points, (&x, &y));
    }
    for series in &chart.series {
        marks(&mut svg, series, &x);
    }
    svg
}

fn axes(svg: &mut String, axis: &Axis, x: &Scale, y: &Scale) {
    let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
    for (at, text) in y.ticks() {
        let (end, base) = (LEFT - 6.0, at + 3.5);
        let _ = write!(
            svg,
            "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{right}\"/><text x=\"{end}\" y=\"{base:.1}\" class=\"tick-y\">{text}</text>"
        );
    }
    // On narrow screens every other text is left out.
    for (place, (at, text)) in axis.ticks(x).into_iter().enumerate() {
        let odd = if place % 2 == 1 { " tick-odd" } else { "" };
        let base = bottom + 16.0;
        let _ = write!(svg, "<text x=\"{at:.1}\" y=\"{base}\" class=\"tick-x{odd}\">{text}</text>");
    }
    let base = HEIGHT - 6.0;
    let label = Html::text(axis.label());
    let _ = write!(
        svg,
        "<path class=\"axis\" d=\"M{LEFT} {bottom}H{right}\"/><text x=\"{right}\" y=\"{base}\" class=\"tick-y\">{label}</text>"
    );
}

/// The values of a series; under its average where they are smoothed.
fn lines(svg: &mut String, series: &Series, smoothing: u8, most: usize, (x, y): (&Scale, &Scale)) {
    let classes = series.classes();
    let path = |points: &[(f64, f64)]| path(series, &Series::thinned(points, most), x, y);
    if smoothing > 0 && series.points.len() > 1 {
        let values = path(&series.points);
        let _ = write!(svg, "<path class=\"series line-{} faint\" d=\"{values}\"/>", series.colour());
        let average = path(&series.smoothed(smoothing));
        let _ = write!(svg, "<path class=\"{classes}\" d=\"{average}\"/>");
    } else if let [(only_x, only_y)] = series.points[..] {
        let _ = write!(
            svg,
            "<circle class=\"{classes}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"2.5\"/>",
            x.place(only_x),
            y.place(only_y)
        );
    } else if !series.points.is_empty() {
        let values = path(&series.points);
        let _ = write!(svg, "<path class=\"{classes}\" d=\"{values}\"/>");
    }
}

fn path(series: &Series, points: &[(f64, f64)], x: &Scale, y: &Scale) -> String {
    let mut path = String::new();
    let mut before = None;
    for &(point_x, point_y) in points {
        let is_joined = before.is_some_and(|before| !series.is_broken(before, point_x));
        let _ = write!(
            path,
            "{}{:.1} {:.1}",
            if is_joined { 'L' } else { 'M' },
            x.place(point_x),
            y.place(point_y)
        );
        before = Some(point_x);
    }
    path
}

/// Where values are not finite: a triangle at the top or at the bottom for an infinity, a cross for NaN.
fn marks(svg: &mut String, series: &Series, x: &Scale) {
    let bottom = HEIGHT - BOTTOM;
    for Gap { from, to, value, count } in &series.gaps {
        let (first, last) = (x.place(*from), x.place(*to));
        let (at, shape) = match *value {
            f64::INFINITY => (TOP, "m-4 6 4 -6 4 6z"),
            f64::NEG_INFINITY => (bottom, "m-4 -6 4 6 4 -6z"),
            _ => (bottom, "m-3.5 -7 7 7m0 -7 -7 7"),
        };
        let _ = write!(
            svg,
            "<path class=\"gap line-{}\" d=\"M{first:.1} {at}{shape}M{first:.1} {at}H{last:.1}\"><title>{} {} × {count}</title></path>",
            series.colour(),
            Html::text(&series.name),
            number(*value),
        );
    }
}

/// A small line without axes, for a table row. `text` says the same in words.
pub(super) fn sparkline(values: &[f64], text: &str) -> Html {
    let points = values.iter().enumerate().map(|(place, &value)| (float(place as u64), value));
    let series = Series::new("", points);
    let mut svg = format!(
        "<svg class=\"sparkline\" viewBox=\"0 0 100 20\" role=\"img\" aria-label=\"{}\">",
        Html::text(text)
    );
    let x = Scale::linear(series.points.iter().map(|point| point.0), 1.0, 99.0);
    let y = Scale::linear(series.points.iter().map(|point| point.1), 18.0, 2.0);
    lines(&mut svg, &series, 0, values.len(), (&x, &y));
    svg.push_str("</svg>");
    Html::trusted(svg)
}

//! The data of a chart for `chart.js`: JSON with as few digits as the eye can tell apart.

use std::fmt::Write;

use super::{Chart, Gap, Series};

impl Chart {
    /// `{"axis","label","series":[{"name","place","x":[],"y":[],"gaps":[[from,to,"NaN",count]]}]}`; the axis is
    /// `number`, `elapsed` or `moment`, and `place` is the number of the series, which gives its look.
    pub(super) fn data(&self) -> String {
        let of = |(place, series): (usize, &Series)| of(place, series, self.most_data_points);
        let series: Vec<String> = self.series.iter().enumerate().map(of).collect();
        format!(
            "{{\"axis\":\"{}\",\"label\":{},\"series\":[{}]}}",
            self.axis.name(),
            text(self.axis.label()),
            series.join(",")
        )
    }
}

fn of(place: usize, series: &Series, most_points: usize) -> String {
    let points = Series::thinned(&series.points, most_points);
    let list = |of: &dyn Fn(&(f64, f64)) -> String| points.iter().map(of).collect::<Vec<_>>().join(",");
    let gaps: Vec<String> = series.gaps.iter().map(gap).collect();
    format!(
        "{{\"name\":{},\"place\":{place},\"x\":[{}],\"y\":[{}],\"gaps\":[{}]}}",
        text(&series.name),
        list(&|point| position(point.0)),
        list(&|point| seven_digits(point.1)),
        gaps.join(",")
    )
}

fn gap(gap: &Gap) -> String {
    let value = hearth_app::metrics::to_json(gap.value);
    format!("[{},{},{value},{}]", position(gap.from), position(gap.to), gap.count)
}

/// An x: milliseconds of a moment are kept.
fn position(x: f64) -> String {
    plain((x * 1e3).round() / 1e3)
}

fn seven_digits(value: f64) -> String {
    plain(format!("{value:.6e}").parse().unwrap_or(value))
}

/// A finite float as JSON, whole ones without a decimal point.
fn plain(value: f64) -> String {
    let mut text = String::new();
    let size = value.abs();
    let _ = if value == 0.0 || (1e-4..1e15).contains(&size) {
        write!(text, "{value}")
    } else {
        write!(text, "{value:e}")
    };
    text
}

fn text(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Axis;

    #[test]
    fn data_is_json_with_few_digits() {
        let values = [(1.0, 0.123_456_789), (2.0, f64::NAN), (3.0, 1e300), (4.0, 1e-9)];
        let chart = Chart::new("loss", Axis::Number("step".into()), vec![Series::new("\"损失\"", values)]);
        let data = chart.data();
        assert!(
            data.contains("\"x\":[1,3,4],\"y\":[0.1234568,1e300,1e-9],\"gaps\":[[2,2,\"NaN\",1]]"),
            "{data}"
        );
        let json: serde_json::Value = serde_json::from_str(&data).expect("JSON");
        assert_eq!(json["series"][0]["name"], "\"损失\"");
    }
}

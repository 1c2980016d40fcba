//! The values of a chart as a table.

use std::fmt::Write;

use super::{Chart, Series, number::number};
use crate::words::{Html, Words};

const MOST_ROWS: usize = 50;

/// The values by x: evenly spaced rows of the longest series and its last one. Beside them, the others have the
/// newest value that they had until then.
pub(super) fn table(words: Words, chart: &Chart) -> String {
    let Some(longest) = chart.series.iter().max_by_key(|series| series.points.len()) else {
        return String::new();
    };
    let count = longest.points.len();
    let step = count.div_ceil(MOST_ROWS).max(1);
    let mut markup = format!(
        "<details><summary>{}</summary><div class=\"scroll\" tabindex=\"0\"><table class=\"table\"><thead><tr><th class=\"number\">{}</th>",
        t!(words, "common-chart-table"),
        Html::text(chart.axis.label())
    );
    for series in &chart.series {
        let _ = write!(markup, "<th class=\"number\">{}</th>", Html::text(&series.name));
    }
    markup.push_str("</tr></thead><tbody>");
    for row in (0..count).filter(|row| row % step == 0 || row + 1 == count) {
        let x = longest.points[row].0;
        let _ = write!(markup, "<tr><td class=\"number\">{}</td>", chart.axis.text(x));
        for series in &chart.series {
            let value = value_at(series, x).map(number).unwrap_or_default();
            let _ = write!(markup, "<td class=\"number\">{value}</td>");
        }
        markup.push_str("</tr>");
    }
    markup.push_str("</tbody></table></div></details>");
    markup
}

/// The newest value of a series at or before `x`; none after its end.
fn value_at(series: &Series, x: f64) -> Option<f64> {
    let after = series.points.partition_point(|point| point.0 <= x);
    let is_over = series.points.last()?.0 < x;
    let found = series.points.get(after.checked_sub(1)?)?;
    (!is_over).then_some(found.1)
}

//! A chart as a file of its own: a picture to put into a paper, on a light ground whatever the page's theme.

use std::fmt::Write;

use super::{Chart, drawing};
use crate::words::Html;

/// Where every colour comes from.
const TOKENS: &str = include_str!("../../../../templates/assets/css/tokens.css");
const TITLE_HEIGHT: f64 = 30.0;
const LEGEND_LINE: f64 = 16.0;
/// How much larger than on the page.
const SCALE: f64 = 2.0;
const MOST_LETTERS: usize = 60;

impl Chart {
    /// The SVG file of what the view shows.
    pub fn picture(&self) -> String {
        let shown = self.shown();
        let legend = if shown.series.len() > 1 { &shown.series[..] } else { &[] };
        let rows = legend.iter().fold(0.0, |rows, _| rows + LEGEND_LINE);
        let (width, height) = (drawing::WIDTH, drawing::HEIGHT + TITLE_HEIGHT + rows);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 {} {width} {height}\" width=\"{}\" height=\"{}\">\
             <style>{}</style><rect class=\"ground\" y=\"{}\" width=\"{width}\" height=\"{height}\"/>\
             <text class=\"title\" x=\"12\" y=\"-10\">{}</text>{}",
            -TITLE_HEIGHT,
            width * SCALE,
            height * SCALE,
            style(),
            -TITLE_HEIGHT,
            Html::text(&cut(&self.title)),
            drawing::content(&shown),
        );
        let mut base = drawing::HEIGHT + 8.0;
        for series in legend {
            let _ = write!(
                svg,
                "<path class=\"{}\" d=\"M12 {}h24\"/><text x=\"42\" y=\"{base}\">{}</text>",
                series.classes(),
                base - 4.0,
                Html::text(&cut(&series.name))
            );
            base += LEGEND_LINE;
        }
        svg.push_str("</svg>");
        svg
    }
}

/// What fits on a line.
fn cut(text: &str) -> String {
    text.chars().take(MOST_LETTERS).collect()
}

/// What `components/chart.css` says of a drawing, with the colours of the light theme.
fn style() -> String {
    let mut style = format!(
        ".ground{{fill:{}}}text{{fill:{};font:11px system-ui,sans-serif}}.title{{fill:{};font-size:14px;font-weight:600}}\
         .tick-x{{text-anchor:middle}}.tick-y{{text-anchor:end}}.grid{{stroke:{}}}.axis{{stroke:{}}}\
         .series,.gap{{fill:none;stroke-width:1.8;stroke-linejoin:round;stroke-linecap:round}}.faint{{opacity:.3}}\
         .dash-1{{stroke-dasharray:7 3}}.dash-2{{stroke-dasharray:2 3}}.dash-3{{stroke-dasharray:9 3 2 3}}.dash-4{{stroke-dasharray:4 4}}",
        light("surface"),
        light("muted"),
        light("ink"),
        light("line"),
        light("edge"),
    );
    for colour in 0..super::series::COLOURS {
        let _ = write!(style, ".line-{colour}{{stroke:{}}}", light(&format!("line-{}", colour + 1)));
    }
    style
}

/// The light colour of a token.
fn light(name: &str) -> &'static str {
    let rest = TOKENS.split_once(&format!("--{name}: light-dark(")).map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split_once(',')).map_or("currentColor", |(colour, _)| colour)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Axis, Series};

    #[test]
    fn a_picture_stands_alone() {
        let lines = vec![
            Series::new("<a>", [(0.0, 1.0), (1.0, 2.0)]),
            Series::new("b", [(0.0, 2.0), (1.0, f64::NAN)]),
        ];
        let svg = Chart::new("损失 & more", Axis::Number("step".into()), lines).picture();
        assert!(
            svg.starts_with("<svg xmlns=") && svg.contains("损失 &amp; more") && svg.contains("&lt;a&gt;")
        );
        assert!(!svg.contains("var(") && !svg.contains("currentColor"), "{svg}");
    }
}

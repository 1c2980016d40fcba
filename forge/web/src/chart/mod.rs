//! Charts of measurements, drawn on the server as SVG: axes of numbers, durations and moments, several series, a
//! logarithmic scale, smoothing, marks where values are not finite, and a table of the same values for those
//! who cannot see the drawing. `assets/js/chart.js` adds what needs a pointer or keys.

mod axis;
mod data;
mod drawing;
mod number;
mod picture;
mod scale;
mod series;
mod table;

use std::fmt::Write;

pub use axis::Axis;
pub use number::{float, number};
pub use series::{Gap, Series};

use crate::words::{Html, Words};

/// What of a chart is shown, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct View {
    pub is_log: bool,
    /// Percent, below 100: how much of the smoothed value before is in the next one; 0 draws values as they are.
    pub smoothing: u8,
    /// Only this part of the x axis.
    pub range: Option<(f64, f64)>,
}

/// The addresses of what belongs to a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The data of all charts of the page ([`page_data`]), for the script; it is in the page itself where there
    /// is no such address.
    pub data: Option<String>,
    /// The picture to take away.
    pub svg: Option<String>,
    /// Every value to take away.
    pub csv: Option<String>,
}

/// A chart of one or more series over one x.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    title: String,
    axis: Axis,
    series: Vec<Series>,
    view: View,
    links: Links,
    /// The most points of each series that are drawn, and that are in the data.
    most_points: usize,
    most_data_points: usize,
}

/// The most points of a series that the eye can tell apart.
const MOST_POINTS: usize = 400;
/// The most that the script is given, for zooming.
const MOST_DATA_POINTS: usize = 1_000;

impl Chart {
    pub fn new(title: impl Into<String>, axis: Axis, series: Vec<Series>) -> Self {
        Self {
            title: title.into(),
            axis,
            series,
            view: View::default(),
            links: Links::default(),
            most_points: MOST_POINTS,
            most_data_points: MOST_DATA_POINTS,
        }
    }

    #[must_use]
    pub fn with_view(self, view: View) -> Self {
        Self { view, ..self }
    }

    #[must_use]
    pub fn with_links(self, links: Links) -> Self {
        Self { links, ..self }
    }

    /// With fewer points of each series, in the drawing and in the data, where a page has many charts.
    #[must_use]
    pub fn with_points(self, most_points: usize, most_data_points: usize) -> Self {
        Self { most_points, most_data_points, ..self }
    }

    /// `<figure>` with the drawing, its legend and its table; a sentence when there is nothing to draw.
    pub fn draw(&self, words: Words) -> Html {
        let shown = self.shown();
        let title = Html::text(&self.title);
        if shown.series.is_empty() {
            return Html::trusted(format!(
                "<figure class=\"chart\"><figcaption>{title}</figcaption><p class=\"muted\">{}</p></figure>",
                t!(words, "common-chart-empty")
            ));
        }
        let summary = Html::text(&shown.summary(words));
        let svg = format!("{}{}</svg>", drawing::open(&summary), drawing::content(&shown));
        Html::trusted(format!(
            "<chart-view{}><figure class=\"chart\"><figcaption><span>{title}</span>{}</figcaption>\
             <div class=\"chart-plot\" data-label=\"{}\">{svg}</div>{}{}{}</figure></chart-view>",
            self.attributes(),
            shown.legend(),
            Html::text(&t!(words, "common-chart-plot", title = self.title)),
            shown.gaps(words),
            self.files(words),
            table::table(words, &shown),
        ))
    }

    /// What the view shows: finite values within its range, and the series that have anything there.
    fn shown(&self) -> Self {
        let series = self.series.iter().enumerate().map(|(place, series)| series.within(place, self.view));
        Self { series: series.filter(|series| !series.is_empty()).collect(), ..self.clone() }
    }

    /// What the chart says, in a sentence: each series with its last, lowest and highest value.
    fn summary(&self, words: Words) -> String {
        let parts = self.series.iter().filter(|series| !series.points.is_empty()).map(|series| {
            let (low, high) = series.bounds();
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

    fn legend(&self) -> String {
        if self.series.len() < 2 {
            return String::new();
        }
        let mut markup = String::from("<span class=\"legend\">");
        for series in &self.series {
            let name = match &series.address {
                Some(address) => Html::link(address, &series.name),
                None => Html::text(&series.name),
            };
            let _ = write!(
                markup,
                "<span><svg viewBox=\"0 0 20 8\" aria-hidden=\"true\"><path class=\"{}\" d=\"M1 4h18\"/></svg>{name}</span>",
                series.classes(),
            );
        }
        markup.push_str("</span>");
        markup
    }

    /// Where values are not finite, in words.
    fn gaps(&self, words: Words) -> String {
        let gaps = self.series.iter().flat_map(|series| series.gaps.iter().map(move |gap| (series, gap)));
        let sentences: Vec<String> = gaps
            .take(MOST_SENTENCES)
            .map(|(series, gap)| {
                let sentence = t!(
                    words,
                    "common-chart-gap",
                    name = series.name,
                    count = gap.count,
                    value = number(gap.value),
                    axis = self.axis.label(),
                    place = self.axis.text(gap.from)
                );
                format!("<li>{}</li>", Html::text(&sentence))
            })
            .collect();
        if sentences.is_empty() {
            return String::new();
        }
        format!("<ul class=\"chart-gaps\">{}</ul>", sentences.concat())
    }

    /// The links to what can be taken away, and the buttons that the script shows.
    fn files(&self, words: Words) -> String {
        let mut markup = String::from("<p class=\"chart-files\">");
        let whole = t!(words, "common-chart-whole");
        let _ = write!(
            markup,
            "<button type=\"button\" class=\"link-button\" data-whole hidden>{whole}</button>"
        );
        for (address, name) in [(&self.links.svg, "SVG"), (&self.links.csv, "CSV")] {
            let Some(address) = address else { continue };
            let what = Html::text(&t!(words, "common-chart-file", title = self.title, format = name));
            let _ = write!(
                markup,
                "<a href=\"{}\" data-file=\"{name}\" aria-label=\"{what}\" download>{name}</a>",
                Html::text(address)
            );
            if name == "SVG" {
                let what = Html::text(&t!(words, "common-chart-file", title = self.title, format = "PNG"));
                let _ = write!(
                    markup,
                    "<button type=\"button\" class=\"link-button\" data-picture aria-label=\"{what}\" hidden>PNG</button>"
                );
            }
        }
        markup.push_str("</p>");
        markup
    }

    /// What the script has to know.
    fn attributes(&self) -> String {
        let mut markup =
            format!(" data-title=\"{}\" data-smoothing=\"{}\"", Html::text(&self.title), self.view.smoothing);
        match &self.links.data {
            Some(address) => {
                let _ = write!(markup, " data-source=\"{}\"", Html::text(address));
            }
            None => {
                let _ = write!(markup, " data-values=\"{}\"", Html::text(&self.data()));
            }
        }
        if self.view.is_log {
            markup.push_str(" data-log");
        }
        if let Some((from, to)) = self.view.range {
            let _ = write!(markup, " data-from=\"{from}\" data-to=\"{to}\"");
        }
        markup
    }
}

/// Places where values are not finite that a chart names; all of them are marked.
const MOST_SENTENCES: usize = 5;

/// The data of all charts of a page, by title, as the script reads it.
pub fn page_data(charts: &[Chart]) -> String {
    let parts = charts.iter().map(|chart| format!("{}:{}", serde_json::json!(chart.title), chart.data()));
    format!("{{{}}}", parts.collect::<Vec<_>>().join(","))
}

/// A small line without axes, for a table row. `text` says the same in words.
pub fn sparkline(values: &[f64], text: &str) -> Html {
    drawing::sparkline(values, text)
}

#[cfg(test)]
mod tests;

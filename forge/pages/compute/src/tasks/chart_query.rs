//! How the charts of a task are shown: all of it is in the address, so that a page can be shared.

use axum::extract::FromRequestParts;
use hearth_core::{TaskId, urls};
use http::request::Parts;
use serde::Deserialize;
use url::form_urlencoded::Serializer;

use super::TaskVisit;
use crate::{Failure, Page, chart::View};

/// What the x axis shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum XAxis {
    /// Steps; epochs, times or the order of arrival where a curve has none.
    #[default]
    Step,
    /// Time since the first value of each run.
    Relative,
    /// Time of day, in UTC.
    Wall,
}

/// The scale of the y axis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ScaleChoice {
    /// Logarithmic where a curve spans more than three powers of ten.
    #[default]
    Automatic,
    Linear,
    Logarithmic,
}

/// The query of a page with charts; what is wrong in it counts as absent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ChartQuery {
    attempt: String,
    /// Numbers of tasks, each field with one or several, separated by commas.
    with: Vec<String>,
    x: String,
    scale: String,
    smoothing: String,
    from: String,
    to: String,
    /// One chart of the page.
    pub(crate) name: String,
}

impl<S: Sync> FromRequestParts<S> for ChartQuery {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        Ok(serde_html_form::from_str(parts.uri.query().unwrap_or_default()).unwrap_or_default())
    }
}

impl XAxis {
    pub(crate) const ALL: [Self; 3] = [Self::Step, Self::Relative, Self::Wall];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Relative => "relative",
            Self::Wall => "wall",
        }
    }

    pub(crate) fn word(self, page: &Page) -> &'static str {
        match self {
            Self::Step => t!(page, "tasks-metrics-x-step"),
            Self::Relative => t!(page, "tasks-metrics-x-relative"),
            Self::Wall => t!(page, "tasks-metrics-x-wall"),
        }
    }
}

impl ScaleChoice {
    pub(crate) const ALL: [Self; 3] = [Self::Automatic, Self::Linear, Self::Logarithmic];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Automatic => "auto",
            Self::Linear => "linear",
            Self::Logarithmic => "log",
        }
    }

    pub(crate) fn word(self, page: &Page) -> &'static str {
        match self {
            Self::Automatic => t!(page, "tasks-metrics-scale-auto"),
            Self::Linear => t!(page, "tasks-metrics-scale-linear"),
            Self::Logarithmic => t!(page, "tasks-metrics-scale-log"),
        }
    }
}

impl ChartQuery {
    /// `None`: the newest.
    pub(crate) fn asked_attempt(&self) -> Option<i64> {
        self.attempt.parse().ok()
    }

    pub(crate) fn attempt(&self, visit: &TaskVisit) -> i64 {
        self.asked_attempt().unwrap_or(visit.access.task().attempts)
    }

    /// The tasks to draw over this one.
    pub(crate) fn with(&self) -> Vec<TaskId> {
        let numbers = self.with.iter().flat_map(|field| field.split(','));
        numbers.filter_map(|number| number.trim().parse().ok()).take(hearth_app::metrics::MOST_RUNS).collect()
    }

    pub(crate) fn x(&self) -> XAxis {
        XAxis::ALL.into_iter().find(|axis| axis.name() == self.x).unwrap_or_default()
    }

    pub(crate) fn scale(&self) -> ScaleChoice {
        ScaleChoice::ALL.into_iter().find(|scale| scale.name() == self.scale).unwrap_or_default()
    }

    /// Percent, at most 99.
    pub(crate) fn smoothing(&self) -> u8 {
        self.smoothing.parse::<u8>().unwrap_or(0).min(99)
    }

    /// The part of the x axis that is shown.
    pub(crate) fn range(&self) -> Option<(f64, f64)> {
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        let (from, to) = (number(&self.from)?, number(&self.to)?);
        (from < to).then_some((from, to))
    }

    /// How a chart is shown that spans these positive values, or others.
    pub(crate) fn view(&self, is_wide: bool) -> View {
        let is_log = match self.scale() {
            ScaleChoice::Automatic => is_wide,
            scale => scale == ScaleChoice::Logarithmic,
        };
        View { is_log, smoothing: self.smoothing(), range: self.range() }
    }

    /// The address of the page with everything shown.
    pub(crate) fn whole(&self, task: TaskId, part: &str) -> String {
        Self { from: String::new(), to: String::new(), ..self.clone() }.address(task, part)
    }

    /// The address of a part of the page that shows the chart `name`.
    pub(crate) fn of_chart(&self, task: TaskId, part: &str, name: &str) -> String {
        Self { name: name.to_owned(), ..self.clone() }.address(task, part)
    }

    /// The address of the data of all charts of the page, which is the same however they are shown.
    pub(crate) fn data(&self, task: TaskId, part: &str) -> String {
        let Self { attempt, with, x, .. } = self.clone();
        Self { attempt, with, x, ..Self::default() }.address(task, part)
    }

    /// The address of a page with this query.
    pub(crate) fn address(&self, task: TaskId, part: &str) -> String {
        let with = self.with().iter().map(TaskId::to_string).collect::<Vec<_>>().join(",");
        let smoothing = Some(self.smoothing()).filter(|smoothing| *smoothing > 0);
        let mut query = Serializer::new(String::new());
        for (name, value) in [
            ("attempt", self.attempt.as_str()),
            ("with", &with),
            ("x", Some(self.x()).filter(|x| *x != XAxis::Step).map_or("", XAxis::name)),
            (
                "scale",
                Some(self.scale())
                    .filter(|scale| *scale != ScaleChoice::Automatic)
                    .map_or("", ScaleChoice::name),
            ),
            ("smoothing", &smoothing.map(|smoothing| smoothing.to_string()).unwrap_or_default()),
            ("from", &self.from),
            ("to", &self.to),
            ("name", &self.name),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        let (path, query) = (urls::task_part(task, part), query.finish());
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(text: &str) -> ChartQuery {
        serde_html_form::from_str(text).unwrap_or_default()
    }

    #[test]
    fn an_address_says_all_that_was_chosen() {
        let asked = query("with=12&with=13,12&x=wall&scale=log&smoothing=60&from=1&to=2.5&name=loss");
        assert_eq!(
            asked.address(TaskId(7), "metrics"),
            "/tasks/7/metrics?with=12%2C13%2C12&x=wall&scale=log&smoothing=60&from=1&to=2.5&name=loss"
        );
        assert_eq!(asked.data(TaskId(7), "metrics/data"), "/tasks/7/metrics/data?with=12%2C13%2C12&x=wall");
        assert_eq!(query("").address(TaskId(7), "metrics"), "/tasks/7/metrics");
    }

    #[test]
    fn nonsense_counts_as_absent() {
        let asked = query("with=a,-1&x=up&scale=&smoothing=900&from=5&to=1&attempt=last");
        assert_eq!((asked.x(), asked.scale(), asked.smoothing()), (XAxis::Step, ScaleChoice::Automatic, 0));
        assert_eq!((asked.range(), asked.asked_attempt()), (None, None));
        assert_eq!(query("smoothing=200").smoothing(), 99);
        assert_eq!(query("from=NaN&to=inf").range(), None);
    }
}

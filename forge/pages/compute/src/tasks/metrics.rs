//! `/tasks/{id}/metrics`: what the program measured, as charts drawn here and as tables.

use askama::Template;
use axum::{
    body::Body,
    extract::{Query, State},
    response::{IntoResponse as _, Response},
};
use hearth_app::{
    App, metrics,
    task::{self, Task, TaskFilter},
};
use hearth_core::{Error, Kind, PageRequest, TaskId};
use hearth_http::download;
use http::{HeaderValue, header::CONTENT_TYPE};

use super::{
    AttemptQuery, TaskVisit,
    chart_query::{ChartQuery, ScaleChoice, XAxis},
    curves::{self, Charts, MeasuredRun},
    frame::{Part, TaskFrame, frame},
};
use crate::{Failure, Page, RepositoryHead, chart, respond::html, words::Html};

#[derive(Template)]
#[template(path = "pages/tasks/metrics.html")]
struct Metrics {
    page: Page,
    head: RepositoryHead,
    frame: TaskFrame,
    query: ChartQuery,
    others: Vec<OtherRun>,
    charts: Vec<Html>,
    hidden: usize,
    /// Whether a chart shows less than was measured.
    is_thinned: bool,
    /// Whether there are names without a curve.
    has_more: bool,
    most_curves: usize,
    most_runs: usize,
}

/// A task that can be drawn over this one.
struct OtherRun {
    id: TaskId,
    name: String,
    pill: Html,
    is_chosen: bool,
}

/// The newest tasks that are offered.
const OFFERED: u32 = 30;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    query: ChartQuery,
) -> Result<Response, Failure> {
    let framed = frame(&app, &page, &visit, Part::Metrics, query.asked_attempt()).await?;
    let runs = measured(&app, &page, &visit, &query).await?;
    let Charts { drawn: charts, hidden, is_thinned, has_more } = curves::charts(&page, &runs, &query);
    html(&Metrics {
        charts: charts.iter().map(|chart| chart.draw(page.words())).collect(),
        others: others(&app, &page, &visit, &runs).await?,
        hidden,
        is_thinned,
        has_more,
        most_curves: metrics::MOST_CURVES,
        most_runs: metrics::MOST_RUNS,
        query,
        page,
        head: framed.head,
        frame: framed.frame,
    })
}

/// `/tasks/{id}/metrics/data`: the data of all charts of the page, for the script.
pub(crate) async fn data(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    query: ChartQuery,
) -> Result<Response, Failure> {
    let runs = measured(&app, &page, &visit, &query).await?;
    let Charts { drawn: charts, .. } = curves::charts(&page, &runs, &query);
    let kind = HeaderValue::from_static("application/json");
    Ok(([(CONTENT_TYPE, kind)], chart::page_data(&charts)).into_response())
}

/// `/tasks/{id}/metrics/svg?name=…`: one chart as a picture.
pub(crate) async fn svg(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    query: ChartQuery,
) -> Result<Response, Failure> {
    let runs = measured(&app, &page, &visit, &query).await?;
    if !curves::names(&runs).contains(&query.name.as_str()) {
        return Err(Error::NotFound(Kind::File).into());
    }
    let picture = curves::chart(&page, &runs, &query.name, &query).picture();
    let name = format!("task-{}-{}.svg", visit.access.id(), query.name.replace('/', "-"));
    Ok((download::save(&name, "image/svg+xml"), picture).into_response())
}

/// `/tasks/{id}/metrics/csv`: every point of these runs; with `name`, of one metric.
pub(crate) async fn csv(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    query: ChartQuery,
) -> Result<Response, Failure> {
    let runs = runs(&app, &page, &visit, &query).await?;
    let name = Some(query.name).filter(|name| !name.is_empty());
    let file = match &name {
        Some(name) => format!("task-{}-{}.csv", visit.access.id(), name.replace('/', "-")),
        None => format!("task-{}-metrics.csv", visit.access.id()),
    };
    let body = Body::from_stream(metrics::csv(&app, &runs, name).await?);
    Ok((download::save(&file, "text/csv; charset=utf-8"), body).into_response())
}

/// `/tasks/{id}/metrics/download`: every point, as the program wrote it.
pub(crate) async fn file(
    State(app): State<App>,
    visit: TaskVisit,
    Query(wanted): Query<AttemptQuery>,
) -> Result<Response, Failure> {
    let attempt = wanted.attempt(&visit);
    let path = metrics::file(&app, &visit.access, attempt);
    let path = path.ok_or(Error::NotFound(Kind::File))?;
    Ok(download::file(&path, &format!("task-{}-metrics.jsonl", visit.access.id()), download::BYTES)
        .await
        .map_err(Error::internal)?)
}

async fn runs(
    app: &App,
    page: &Page,
    visit: &TaskVisit,
    query: &ChartQuery,
) -> Result<Vec<metrics::Run>, Error> {
    metrics::runs(app, &page.actor, &visit.access, query.attempt(visit), &query.with()).await
}

async fn measured(
    app: &App,
    page: &Page,
    visit: &TaskVisit,
    query: &ChartQuery,
) -> Result<Vec<MeasuredRun>, Error> {
    curves::measured(app, runs(app, page, visit, query).await?).await
}

/// The tasks that are drawn over this one, then the newest others of the repository.
async fn others(
    app: &App,
    page: &Page,
    visit: &TaskVisit,
    runs: &[MeasuredRun],
) -> Result<Vec<OtherRun>, Error> {
    let request = PageRequest::new(1, OFFERED);
    let newest = task::list(app, visit.access.access(), &TaskFilter::default(), request).await?.items;
    let is_drawn = |task: &Task| runs.iter().any(|run| run.task().id == task.id);
    let other = |task: &Task, is_chosen| OtherRun {
        id: task.id,
        name: task.name.clone(),
        pill: page.task_state(task.state),
        is_chosen,
    };
    let chosen = runs.iter().skip(1).map(|run| other(run.task(), true));
    let offered = newest.iter().filter(|task| task.attempts > 0 && !is_drawn(task));
    Ok(chosen.chain(offered.map(|task| other(task, false))).collect())
}

impl Metrics {
    fn axes(&self) -> Vec<(&'static str, &'static str, bool)> {
        XAxis::ALL.map(|axis| (axis.name(), axis.word(&self.page), axis == self.query.x())).to_vec()
    }

    fn scales(&self) -> Vec<(&'static str, &'static str, bool)> {
        ScaleChoice::ALL
            .map(|scale| (scale.name(), scale.word(&self.page), scale == self.query.scale()))
            .to_vec()
    }

    fn chosen(&self) -> usize {
        self.others.iter().filter(|other| other.is_chosen).count()
    }

    fn is_newest(&self) -> bool {
        self.frame.attempt == self.frame.task.attempts
    }

    /// This page as it is shown.
    fn address(&self) -> String {
        self.query.address(self.frame.task.id, "metrics")
    }

    fn part(&self, part: &str) -> String {
        self.query.data(self.frame.task.id, part)
    }

    fn whole(&self) -> Option<String> {
        self.query.range().map(|_| self.query.whole(self.frame.task.id, "metrics"))
    }
}

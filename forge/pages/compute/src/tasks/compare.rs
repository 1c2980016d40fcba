//! `/tasks/compare?task=1&task=2`: several tasks beside each other.

use std::{collections::BTreeSet, time::Duration};

use askama::Template;
use axum::{extract::State, http::Uri, response::Response};
use hearth_app::{App, comparison, comparison::Compared};
use hearth_core::{
    TaskId,
    urls::{self, RepositoryUrls},
};
use serde::Deserialize;

use super::{
    chart_query::ChartQuery,
    curves::{self, MeasuredRun},
    steps::span,
};
use crate::{
    Failure, Page,
    chart::{Chart, Links, number},
    respond::html,
    words::{self, Html, short_hash},
};

#[derive(Template)]
#[template(path = "pages/tasks/compare.html")]
struct Compare {
    page: Page,
    heads: Vec<Head>,
    sections: Vec<Section>,
    charts: Vec<Html>,
    hidden_charts: usize,
    /// Packages of which every environment has the same version.
    same_packages: usize,
    hidden_packages: usize,
    /// Whether rows that are the same for all tasks are left out.
    is_short: bool,
    long_address: String,
    short_address: String,
}

/// The head of one task's column.
struct Head {
    number: String,
    name: String,
    address: String,
    pill: Html,
    repository: Html,
}

/// A group of rows.
struct Section {
    title: &'static str,
    rows: Vec<Row>,
}

/// One value of every task.
struct Row {
    label: String,
    cells: Vec<Html>,
    /// Whether the tasks differ in it.
    differs: bool,
}

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct CompareQuery {
    task: Vec<String>,
    /// `differences` leaves out what is the same.
    only: String,
}

const MOST_PACKAGES: usize = 100;

pub(crate) async fn get(State(app): State<App>, page: Page, uri: Uri) -> Result<Response, Failure> {
    let asked: CompareQuery = serde_html_form::from_str(uri.query().unwrap_or_default()).unwrap_or_default();
    let mut ids: Vec<TaskId> = Vec::new();
    for id in asked.task.iter().filter_map(|text| text.parse().ok()) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let tasks = comparison::compare(&app, &page.actor, &ids).await?;
    let runs = curves::measured(&app, tasks.iter().map(Compared::run).collect()).await?;
    let is_short = asked.only == "differences";
    let (packages, same_packages, hidden_packages) = packages(&tasks);
    let environment = environment(&page, &tasks).into_iter().chain(packages);
    let mut sections = vec![
        Section { title: t!(page, "tasks-overview-config"), rows: configuration(&page, &tasks) },
        Section { title: t!(page, "repo-tasks-new-parameters"), rows: parameters(&tasks) },
        Section { title: t!(page, "tasks-compare-environment"), rows: environment.collect() },
        Section { title: t!(page, "tasks-overview-result"), rows: results(&page, &tasks, &runs) },
    ];
    if is_short {
        for section in &mut sections {
            section.rows.retain(|row| row.differs);
        }
    }
    let found = curves::charts(&page, &runs, &ChartQuery::default());
    // Data of several repositories has no address of its own.
    let draw = |chart: Chart| chart.with_links(Links::default()).draw(page.words());
    html(&Compare {
        heads: tasks.iter().map(|task| head(&page, task)).collect(),
        sections,
        hidden_charts: found.hidden,
        charts: found.drawn.into_iter().map(draw).collect(),
        same_packages,
        hidden_packages,
        is_short,
        long_address: address(&ids, ""),
        short_address: address(&ids, "differences"),
        page,
    })
}

fn address(ids: &[TaskId], only: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for id in ids {
        query.append_pair("task", &id.to_string());
    }
    if !only.is_empty() {
        query.append_pair("only", only);
    }
    format!("{}?{}", urls::tasks_compare(), query.finish())
}

fn head(page: &Page, task: &Compared) -> Head {
    let (row, repository) = (task.access.task(), task.access.repository());
    let name = format!("{}/{}", repository.owner, repository.name);
    Head {
        number: row.id.to_string(),
        name: row.name.clone(),
        address: urls::task(row.id),
        pill: page.task_state(row.state),
        repository: Html::link(&urls_of(task).tasks(), &name),
    }
}

fn urls_of(task: &Compared) -> RepositoryUrls {
    let repository = task.access.repository();
    RepositoryUrls::new(repository.kind, repository.owner.as_str(), repository.name.as_str())
}

impl Row {
    fn new(label: impl Into<String>, cells: impl Iterator<Item = Html>) -> Self {
        let cells: Vec<Html> = cells.collect();
        let differs = cells.iter().any(|cell| cell.as_str() != cells[0].as_str());
        Self { label: label.into(), cells, differs }
    }

    fn of_texts(label: impl Into<String>, cells: impl Iterator<Item = String>) -> Self {
        Self::new(label, cells.map(|text| Html::text(&text)))
    }
}

fn configuration(page: &Page, tasks: &[Compared]) -> Vec<Row> {
    if tasks.is_empty() {
        return Vec::new();
    }
    let row =
        |label: &str, value: &dyn Fn(&Compared) -> String| Row::of_texts(label, tasks.iter().map(value));
    let commit = |task: &Compared| {
        let id = &task.access.task().commit_id;
        Html::link(&urls_of(task).commit(id), short_hash(id))
    };
    let yes_or_no = |is: bool| if is { t!(page, "tasks-compare-yes") } else { t!(page, "tasks-compare-no") };
    let limit = |task: &Compared| {
        let seconds = task.access.task().time_limit_seconds.and_then(|seconds| u64::try_from(seconds).ok());
        let limit = seconds.map(|seconds| words::duration(page.words(), Duration::from_secs(seconds)));
        limit.unwrap_or_default()
    };
    vec![
        row(t!(page, "tasks-compare-repository"), &|task| {
            let repository = task.access.repository();
            format!("{}/{}", repository.owner, repository.name)
        }),
        Row::new(t!(page, "tasks-overview-code"), tasks.iter().map(commit)),
        row(t!(page, "repo-tasks-new-revision"), &|task| task.access.task().revision.clone()),
        row(t!(page, "tasks-overview-patch"), &|task| yes_or_no(task.access.task().has_patch).to_owned()),
        row(t!(page, "tasks-compare-program"), &|task| task.access.task().program_label.clone()),
        row(t!(page, "tasks-overview-image"), &|task| task.access.task().image_code.clone()),
        row(t!(page, "tasks-overview-spec"), &|task| task.access.task().spec_code.clone()),
        row(t!(page, "repo-tasks-new-nodes"), &|task| task.access.task().node_count.to_string()),
        row(t!(page, "tasks-overview-seed"), &|task| {
            task.access.task().seed.map(|seed| seed.to_string()).unwrap_or_default()
        }),
        row(t!(page, "tasks-overview-network"), &|task| yes_or_no(task.access.task().has_network).to_owned()),
        row(t!(page, "tasks-overview-limit"), &limit),
    ]
}

fn parameters(tasks: &[Compared]) -> Vec<Row> {
    let of = |task: &Compared, name: &str| {
        let mut given = task.texts.program.0.parameters().iter();
        given.find(|parameter| parameter.name == name).map(|found| found.value.clone()).unwrap_or_default()
    };
    let all = tasks.iter().flat_map(|task| task.texts.program.0.parameters());
    let names: BTreeSet<&str> = all.map(|parameter| parameter.name.as_str()).collect();
    names.into_iter().map(|name| Row::of_texts(name, tasks.iter().map(|task| of(task, name)))).collect()
}

fn environment(page: &Page, tasks: &[Compared]) -> Option<Row> {
    let system =
        |task: &Compared| task.environment.as_ref().map(|found| found.system.clone()).unwrap_or_default();
    let is_known = tasks.iter().any(|task| task.environment.is_some());
    is_known.then(|| Row::of_texts(t!(page, "tasks-compare-system"), tasks.iter().map(system)))
}

/// The packages that differ, how many are the same, and how many more differ.
fn packages(tasks: &[Compared]) -> (Vec<Row>, usize, usize) {
    let of = |task: &Compared, name: &str| {
        let environment = task.environment.as_ref();
        environment.and_then(|found| found.packages.get(name)).cloned().unwrap_or_default()
    };
    let all =
        tasks.iter().filter_map(|task| task.environment.as_ref()).flat_map(|found| found.packages.keys());
    let names: BTreeSet<&String> = all.collect();
    let (mut rows, mut same, mut hidden) = (Vec::new(), 0, 0);
    for name in names {
        let row = Row::of_texts(name.as_str(), tasks.iter().map(|task| of(task, name)));
        if !row.differs {
            same += 1;
        } else if rows.len() < MOST_PACKAGES {
            rows.push(row);
        } else {
            hidden += 1;
        }
    }
    (rows, same, hidden)
}

fn results(page: &Page, tasks: &[Compared], runs: &[MeasuredRun]) -> Vec<Row> {
    if tasks.is_empty() {
        return Vec::new();
    }
    let took = |task: &Compared| {
        let task = task.access.task();
        let end = task.ended_at.unwrap_or(page.now);
        task.started_at.map(|start| span(page.words(), start, end)).unwrap_or_default()
    };
    let reason = |task: &Compared| task.access.task().reason.to_string();
    let last = |run: &MeasuredRun, name: &str| run.last(name).map(number).unwrap_or_default();
    let fixed = [
        Row::of_texts(t!(page, "tasks-compare-reason"), tasks.iter().map(reason)),
        Row::of_texts(t!(page, "tasks-overview-took"), tasks.iter().map(took)),
    ];
    let names = curves::names(runs).into_iter();
    let metrics = names.map(|name| Row::of_texts(name, runs.iter().map(|run| last(run, name))));
    fixed.into_iter().chain(metrics).collect()
}

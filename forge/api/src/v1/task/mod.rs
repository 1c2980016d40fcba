//! Computing tasks, in a shape of our own.

mod publish;
mod repository_cache;
mod request;
mod rerun;
mod shape;

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use hearth_app::{
    App, log, metrics, output, queue, record,
    task::{self, TaskAccess, TaskFilter},
};
use hearth_core::{Error, Kind, Page, TaskId, TaskKind, TaskState};
use hearth_http::download;
use serde::Deserialize;

use crate::{
    at::InTasks,
    authenticate::Caller,
    body::{Input, PatchInput},
    error::ApiResult,
    pagination::{Paging, TRUNCATED},
    table::{Table, describe},
};

pub(crate) use repository_cache::RepositoryCache;

pub(crate) fn routes(table: Table) -> Table {
    of_one(of_lists(table))
}

fn of_lists(table: Table) -> Table {
    table
        .post(
            "/repos/{owner}/{repo}/tasks",
            launch,
            describe("Launch a task").request::<request::Launch>().response::<shape::Task>().status(201),
        )
        .get(
            "/repos/{owner}/{repo}/tasks",
            list,
            describe("List the tasks of a repository, newest first")
                .list_response::<shape::Task>()
                .query("state", "only tasks in this state")
                .query("kind", "train or inference")
                .query("q", "a part of the name"),
        )
        .get(
            "/user/tasks",
            list_mine,
            describe("List your tasks, newest first")
                .list_response::<shape::Mine>()
                .query("state", "only tasks in this state; `active`: those that wait or run")
                .query("kind", "train or inference")
                .query("q", "a part of the name"),
        )
        .get(
            "/repos/{owner}/{repo}/tasks/choices",
            choices,
            describe("List the options for a new task")
                .response::<shape::Choices>()
                .query("ref", "the branch, tag or commit whose Python files are offered"),
        )
}

fn of_one(table: Table) -> Table {
    table
        .get(
            "/tasks/{id}",
            show,
            describe("Get a task, its attempts and its position in the queue").response::<shape::Detail>(),
        )
        .patch(
            "/tasks/{id}",
            change,
            describe("Change the spec or priority of a waiting task")
                .request::<request::Change>()
                .response::<shape::Task>(),
        )
        .delete("/tasks/{id}", delete, describe("Delete a task that has ended"))
        .get(
            "/tasks/{id}/timeline",
            timeline,
            describe("List the steps of a task").list_response::<shape::Step>(),
        )
        .get(
            "/tasks/{id}/log",
            read_log,
            describe("Get up to 1 MiB of the log. X-Next-Offset is the offset of the next part")
                .bytes_response()
                .query("offset", "the first byte that is wanted")
                .query("attempt", "the newest when absent")
                .query("node", "of a task of several nodes"),
        )
        .get(
            "/tasks/{id}/metrics",
            read_metrics,
            describe("Get the metrics of a task")
                .response::<Vec<shape::Curve>>()
                .query("attempt", "the newest when absent"),
        )
        .get(
            "/tasks/{id}/outputs",
            outputs,
            describe("List the outputs of a task")
                .list_response::<shape::Output>()
                .query("attempt", "the newest when absent"),
        )
        .get("/tasks/{id}/outputs/{*path}", read_output, describe("Download an output").bytes_response())
        .get("/tasks/{id}/record", read_record, describe("Get the run record, run.json").bytes_response())
        .post("/tasks/{id}/stop", stop, describe("Stop a task").response::<shape::Task>())
        .post(
            "/tasks/{id}/rerun",
            rerun::rerun,
            describe("Run a task again").response::<shape::Task>().status(201).query(
                "code",
                "`pinned` (the default), the commit that it ran; or `newest`, that of its branch",
            ),
        )
        .get(
            "/tasks/{id}/code",
            rerun::code,
            describe("Get the code that a task can run again with, and how the newest differs")
                .response::<rerun::RerunCode>(),
        )
        .post(
            "/tasks/{id}/publish",
            publish::publish,
            describe("Publish the outputs of a task as a model version")
                .request::<publish::Publish>()
                .response::<publish::Published>()
                .status(201),
        )
        .get(
            "/tasks/{id}/lineage",
            publish::edges,
            describe("Get the lineage of a task").response::<Vec<publish::Edge>>(),
        )
}

const NEXT_OFFSET: HeaderName = HeaderName::from_static("x-next-offset");
const TOTAL_BYTES: HeaderName = HeaderName::from_static("x-total-bytes");
const IDEMPOTENCY_KEY: &str = "idempotency-key";
const POINTS: usize = 1_000;

async fn launch(
    State(app): State<App>,
    InTasks(access): InTasks,
    headers: HeaderMap,
    PatchInput(asked): PatchInput<request::Launch>,
) -> ApiResult<(StatusCode, Json<shape::Task>)> {
    let mut new = asked.into_new()?;
    new.request_key = headers.get(IDEMPOTENCY_KEY).and_then(|key| key.to_str().ok()).map(str::to_owned);
    let task = task::launch(&app, &access.write()?, new).await?;
    let texts = task::texts(&app, &task::find(&app, access.actor(), task.id).await?).await?;
    Ok((StatusCode::CREATED, Json(shape::Task::new(&app, &task).with(texts))))
}

#[derive(Deserialize)]
struct TaskListQuery {
    #[serde(default)]
    state: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    q: String,
}

impl TaskListQuery {
    fn filter(self) -> ApiResult<TaskFilter> {
        let unknown = |field| Error::field(field, "unknown-choice");
        let states = match self.state.as_str() {
            "" | "all" => Vec::new(),
            "active" => task::active_states(),
            word => vec![word.to_uppercase().parse::<TaskState>().map_err(|()| unknown("state"))?],
        };
        let kind = match self.kind.as_str() {
            "" => None,
            word => Some(word.parse::<TaskKind>().map_err(|()| unknown("kind"))?),
        };
        let name_part = Some(self.q).filter(|part| !part.is_empty());
        Ok(TaskFilter { kind, states, name_part, ..TaskFilter::default() })
    }
}

async fn list(
    State(app): State<App>,
    InTasks(access): InTasks,
    Query(wanted): Query<TaskListQuery>,
    paging: Paging,
) -> ApiResult<Response> {
    let filter = wanted.filter()?;
    let page = task::list(&app, &access, &filter, paging.request()).await?;
    Ok(paging.answer(&app, &page.map(|task| shape::Task::new(&app, &task))))
}

async fn list_mine(
    State(app): State<App>,
    caller: Caller,
    Query(wanted): Query<TaskListQuery>,
    paging: Paging,
) -> ApiResult<Response> {
    let page = task::page_mine(&app, &caller.0, &wanted.filter()?, paging.request()).await?;
    let (total, mut repositories, mut shown) = (page.total, RepositoryCache::default(), Vec::new());
    for task in page.items {
        if let Some(access) = repositories.find(&app, &caller, task.repository_id).await? {
            shown.push(shape::Mine::new(&app, &task, access.repository()));
        }
    }
    Ok(paging.wrap(&app, total, &shown))
}

#[derive(Deserialize)]
struct AtRevision {
    #[serde(default, rename = "ref")]
    revision: String,
}

async fn choices(
    State(app): State<App>,
    InTasks(access): InTasks,
    Query(at): Query<AtRevision>,
) -> ApiResult<Json<shape::Choices>> {
    Ok(Json(task::choices(&app, &access, &at.revision).await?.into()))
}

/// The task of `{id}`, seen by its caller.
async fn enter(app: &App, Caller(actor): &Caller, id: &str) -> ApiResult<TaskAccess> {
    let id = id.parse::<TaskId>().map_err(|_| Error::NotFound(Kind::Task))?;
    Ok(task::find(app, actor, id).await?)
}

async fn show(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<shape::Detail>> {
    let access = enter(&app, &caller, &id).await?;
    let attempts = task::attempts(&app, &access).await?;
    let place = queue::place(&app, access.task()).await?;
    let texts = task::texts(&app, &access).await?;
    Ok(Json(shape::Detail::new(&app, (&access, texts), attempts, place)))
}

async fn change(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Input(asked): Input<request::Change>,
) -> ApiResult<Json<shape::Task>> {
    let access = enter(&app, &caller, &id).await?;
    let task = queue::change(&app, &access, &asked.into()).await?;
    Ok(Json(shape::Task::new(&app, &task).with(task::texts(&app, &access).await?)))
}

async fn delete(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> ApiResult<StatusCode> {
    task::delete(&app, &enter(&app, &caller, &id).await?).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn timeline(
    State(app): State<App>,
    caller: Caller,
    paging: Paging,
    Path(id): Path<String>,
) -> ApiResult<Response> {
    let access = enter(&app, &caller, &id).await?;
    let request = paging.request();
    let (skipped, most) = (u64::try_from(request.offset()).unwrap_or(u64::MAX), u64::from(request.size()));
    let found = task::history(&app, &access, skipped, most).await?;
    let page = Page { items: found.steps, total: found.total, request };
    Ok(paging.answer(&app, &page.map(shape::Step::from)))
}

/// Which attempt, and which part of it.
#[derive(Deserialize)]
struct Part {
    attempt: Option<i64>,
    #[serde(default)]
    node: u32,
    #[serde(default)]
    offset: u64,
}

async fn read_log(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> ApiResult<Response> {
    let access = enter(&app, &caller, &id).await?;
    let attempt = part.attempt.unwrap_or(access.task().attempts);
    let (bytes, next, total) = if attempt == 0 {
        (Vec::new(), 0, 0)
    } else {
        let piece = log::read(&app, &access, attempt, part.node, part.offset).await?;
        let next = piece.next_offset();
        (piece.bytes, next, piece.total_bytes)
    };
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    let guard = HeaderValue::from_static("nosniff");
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::X_CONTENT_TYPE_OPTIONS, guard),
        (NEXT_OFFSET, next.into()),
        (TOTAL_BYTES, total.into()),
    ];
    Ok((headers, bytes).into_response())
}

async fn read_metrics(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> ApiResult<Response> {
    let access = enter(&app, &caller, &id).await?;
    let attempt = part.attempt.unwrap_or(access.task().attempts);
    let found = metrics::series(&app, &access, attempt, POINTS).await?;
    let curves: Vec<shape::Curve> = found.series.into_iter().map(shape::Curve::from).collect();
    let mut response = Json(curves).into_response();
    if found.has_more {
        response.headers_mut().insert(TRUNCATED, HeaderValue::from_static("true"));
    }
    Ok(response)
}

async fn outputs(
    State(app): State<App>,
    caller: Caller,
    paging: Paging,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> ApiResult<Response> {
    let access = enter(&app, &caller, &id).await?;
    let attempt = part.attempt.unwrap_or(access.task().attempts);
    let (page, _) = output::page(&app, &access, attempt, paging.request()).await?;
    Ok(paging.answer(&app, &page.map(|output| shape::Output::new(&app, output))))
}

async fn read_output(
    State(app): State<App>,
    caller: Caller,
    Path((id, path)): Path<(String, String)>,
    Query(part): Query<Part>,
) -> ApiResult<Response> {
    let access = enter(&app, &caller, &id).await?;
    let attempt = part.attempt.unwrap_or(access.task().attempts);
    let (_, object) = output::find(&app, &access, attempt, &path).await?;
    Ok(download::send(object.open().await?, object.size_bytes(), &path, download::BYTES))
}

async fn read_record(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(part): Query<Part>,
) -> ApiResult<Response> {
    let access = enter(&app, &caller, &id).await?;
    let attempt = part.attempt.unwrap_or(access.task().attempts);
    let path = record::file(&app, &access, attempt, "run.json")?;
    Ok(download::file(&path, "run.json", "application/json").await.map_err(Error::internal)?)
}

async fn stop(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
) -> ApiResult<Json<shape::Task>> {
    let access = enter(&app, &caller, &id).await?;
    let task = task::stop(&app, &access).await?;
    Ok(Json(shape::Task::new(&app, &task).with(task::texts(&app, &access).await?)))
}

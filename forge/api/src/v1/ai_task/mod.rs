//! AiForge's task API: its paths, shapes and codes for Hearth's tasks. [`super::task`] is the cleaner API.

mod act;
mod creation;
mod envelope;
mod export;
mod list;
mod log;
mod metrics;
mod output;
mod request;
mod shape;
mod show;
mod unsupported;
mod words;

use hearth_app::{
    Access, App, Unit, access,
    task::{self, TaskAccess},
};
use hearth_core::{Read, RepositoryKind, TaskId};
use serde::Deserialize;

use self::envelope::{PARAMETER, Refusal};
use crate::{
    authenticate::Caller,
    table::{RouteDescription, Table, describe},
};

const ID: &str = "the number of the task";

fn of_one(summary: &'static str) -> RouteDescription {
    describe(summary).query("id", ID)
}

pub(crate) fn routes(table: Table) -> Table {
    unsupported_routes(results(acts(reads(table))))
}

fn reads(table: Table) -> Table {
    table
        .get(
            "/{owner}/{repo}/ai_task/list",
            list::of_repository,
            listed(describe("AiForge: list the tasks of a repository")),
        )
        .get("/ai_task/my_list", list::mine, listed(describe("AiForge: list your tasks")))
        .get("/ai_task", show::detail, of_one("AiForge: a task").enveloped_response::<shape::Detail>())
        .get(
            "/ai_task/brief",
            show::brief,
            of_one("AiForge: how a task is now").enveloped_response::<shape::Brief>(),
        )
        .get(
            "/ai_task/log",
            log::read,
            of_one("AiForge: lines of the log")
                .enveloped_response::<log::Piece>()
                .query("base_line", "the line from which to go on")
                .query("lines", "how many; 50 when absent")
                .query("order", "`up` before the line, `down` after it")
                .query("node_id", "of a task of several nodes"),
        )
        .get(
            "/ai_task/log/download",
            log::whole,
            of_one("AiForge: the whole log").bytes_response().query("node_id", "of a task of several nodes"),
        )
        .get(
            "/ai_task/resource_usage",
            metrics::resource_usage,
            of_one("AiForge: what a task used").enveloped_response::<metrics::Usage>(),
        )
        .get(
            "/ai_task/loss",
            metrics::loss,
            of_one("AiForge: the loss").enveloped_response::<Vec<metrics::LossPoint>>(),
        )
        .get(
            "/ai_task/node_info",
            show::node_info,
            of_one("AiForge: the nodes of a task").enveloped_response::<Vec<show::Node>>(),
        )
        .get(
            "/ai_task/operation_profile",
            show::operation_profile,
            of_one("AiForge: the steps of a task").enveloped_response::<show::Profile>(),
        )
        .get(
            "/ai_task/creation/required",
            creation::required,
            about_form(
                describe("AiForge: list the options for a new task")
                    .enveloped_response::<creation::Required>(),
            ),
        )
        .get(
            "/{owner}/{repo}/ai_task/creation/required",
            creation::required_in,
            about_form(
                describe("AiForge: list the options for a new task, with branches")
                    .enveloped_response::<creation::Required>(),
            ),
        )
        .get(
            "/ai_task/creation/image_by_spec",
            creation::image_by_spec,
            about_form(
                describe("AiForge: list the images that run on a spec")
                    .enveloped_response::<creation::Images>(),
            )
            .query("spec_id", "the number of the spec"),
        )
}

fn listed(about: RouteDescription) -> RouteDescription {
    about
        .enveloped_response::<shape::List>()
        .query("job_type", "`TRAIN` or `INFERENCE`")
        .query("job_status", "`WAITING`, `RUNNING`, …")
        .query("q", "a part of the name")
        .query("page", "the page, from 1")
        .query("pageSize", "tasks a page, at most 50")
}

fn about_form(about: RouteDescription) -> RouteDescription {
    about.query("job_type", "`TRAIN` or `INFERENCE`").query("compute_source", "`GPU`, `NPU`, …")
}

fn acts(table: Table) -> Table {
    table
        .post(
            "/{owner}/{repo}/ai_task/create",
            act::create,
            describe("AiForge: launch a task")
                .request::<request::Create>()
                .enveloped_response::<shape::Made>(),
        )
        .post(
            "/ai_task/stop",
            act::stop,
            of_one("AiForge: ask a task to end").enveloped_response::<shape::Brief>(),
        )
        .post(
            "/ai_task/restart",
            act::restart,
            of_one("AiForge: run it again").enveloped_response::<shape::Made>(),
        )
        .post("/ai_task/del", act::delete, of_one("AiForge: remove a task").enveloped_response::<()>())
        .post(
            "/ai_task/batch_del",
            act::delete_several,
            describe("AiForge: delete tasks").request::<act::Several>().enveloped_response::<Vec<i64>>(),
        )
}

fn results(table: Table) -> Table {
    table
        .get(
            "/ai_task/output",
            output::list,
            of_one("AiForge: a folder of the outputs")
                .enveloped_response::<output::Listing>()
                .query("parent_dir", "the folder; the root when absent"),
        )
        .get(
            "/ai_task/output/all",
            output::all,
            of_one("AiForge: all outputs")
                .enveloped_response::<output::All>()
                .query("suffix", "ends of names, between `|`"),
        )
        .get(
            "/ai_task/output/download",
            output::one,
            of_one("AiForge: one output")
                .bytes_response()
                .query("file_name", "its name")
                .query("parent_dir", "the folder it lies in"),
        )
        .get(
            "/ai_task/output/download/all",
            output::zip,
            of_one("AiForge: all outputs as a zip").bytes_response(),
        )
        .post(
            "/ai_task/export2aimodel",
            export::model,
            of_one("AiForge: publish outputs as a version of a model")
                .request::<export::Export>()
                .enveloped_response::<export::Exported>(),
        )
}

/// Routes that answer with the code of "not available".
fn unsupported_routes(table: Table) -> Table {
    let not = || of_one("AiForge: not available on this server").enveloped_response::<()>();
    table
        .get("/ai_task/debug_url", unsupported::debug_url, not())
        .get("/ai_task/visualize_url", unsupported::visualize_url, not())
        .get("/ai_task/self_endpoint_url", unsupported::self_endpoint_url, not())
        .get("/ai_task/eval_result", unsupported::eval_result, not())
        .post("/ai_task/export2dataset", unsupported::export_to_dataset, not())
        .post("/ai_task/output/reschedule", unsupported::reschedule, not())
}

/// The task that a call is about: `?id=`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ById {
    id: String,
}

impl ById {
    fn new(id: i64) -> Self {
        Self { id: id.to_string() }
    }
}

async fn enter(app: &App, Caller(actor): &Caller, by: &ById) -> Result<TaskAccess, Refusal> {
    let id = by.id.parse::<TaskId>().map_err(|_| PARAMETER.about("id"))?;
    Ok(task::find(app, actor, id).await?)
}

async fn in_repository(
    app: &App,
    Caller(actor): &Caller,
    owner: &str,
    name: &str,
) -> Result<Access<Read>, Refusal> {
    let kind = RepositoryKind::Code;
    // It may have been renamed: programs keep using the name that they know.
    Ok(access::locate(app, actor, Unit::Tasks, kind, owner, name).await?.into_inner())
}

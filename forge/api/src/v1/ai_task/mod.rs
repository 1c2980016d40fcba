//! AiForge's task API: its paths, shapes and codes for Hearth's tasks. [`super::task`] is the cleaner API.

mod absent;
mod act;
mod ask;
mod creation;
mod envelope;
mod export;
mod list;
mod log;
mod metrics;
mod output;
mod shape;
mod show;
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
    table::{About, Table, does},
};

const ID: &str = "the number of the task";

fn of_one(summary: &'static str) -> About {
    does(summary).query("id", ID)
}

pub(crate) fn routes(table: Table) -> Table {
    absences(results(acts(reads(table))))
}

fn reads(table: Table) -> Table {
    table
        .get(
            "/{owner}/{repo}/ai_task/list",
            list::of_repository,
            listed(does("AiForge: the tasks of a repository")),
        )
        .get("/ai_task/my_list", list::mine, listed(does("AiForge: the tasks of the caller")))
        .get("/ai_task", show::detail, of_one("AiForge: a task").answers::<shape::Detail>())
        .get("/ai_task/brief", show::brief, of_one("AiForge: how a task is now").answers::<shape::Brief>())
        .get(
            "/ai_task/log",
            log::read,
            of_one("AiForge: lines of the log")
                .answers::<log::Piece>()
                .query("base_line", "the line from which to go on")
                .query("lines", "how many; 50 when absent")
                .query("order", "`up` before the line, `down` after it")
                .query("node_id", "of a task of several nodes"),
        )
        .get(
            "/ai_task/log/download",
            log::whole,
            of_one("AiForge: the whole log").gives_bytes().query("node_id", "of a task of several nodes"),
        )
        .get(
            "/ai_task/resource_usage",
            metrics::resource_usage,
            of_one("AiForge: what a task used").answers::<metrics::Usage>(),
        )
        .get("/ai_task/loss", metrics::loss, of_one("AiForge: the loss").answers::<Vec<metrics::LossPoint>>())
        .get(
            "/ai_task/node_info",
            show::node_info,
            of_one("AiForge: the nodes of a task").answers::<Vec<show::Node>>(),
        )
        .get(
            "/ai_task/operation_profile",
            show::operation_profile,
            of_one("AiForge: the steps of a task").answers::<show::Profile>(),
        )
        .get(
            "/ai_task/creation/required",
            creation::required,
            about_form(does("AiForge: what a form can offer").answers::<creation::Required>()),
        )
        .get(
            "/{owner}/{repo}/ai_task/creation/required",
            creation::required_in,
            about_form(does("AiForge: the same with branches").answers::<creation::Required>()),
        )
        .get(
            "/ai_task/creation/image_by_spec",
            creation::image_by_spec,
            about_form(does("AiForge: images that a spec can run").answers::<creation::Images>())
                .query("spec_id", "the number of the spec"),
        )
}

fn listed(about: About) -> About {
    about
        .answers::<shape::List>()
        .query("job_type", "`TRAIN` or `INFERENCE`")
        .query("job_status", "`WAITING`, `RUNNING`, …")
        .query("q", "a part of the name")
        .query("page", "the page, from 1")
        .query("pageSize", "tasks a page, at most 50")
}

fn about_form(about: About) -> About {
    about.query("job_type", "`TRAIN` or `INFERENCE`").query("compute_source", "`GPU`, `NPU`, …")
}

fn acts(table: Table) -> Table {
    table
        .post(
            "/{owner}/{repo}/ai_task/create",
            act::create,
            does("AiForge: launch a task").takes::<ask::Create>().answers::<shape::Made>(),
        )
        .post("/ai_task/stop", act::stop, of_one("AiForge: ask a task to end").answers::<shape::Brief>())
        .post("/ai_task/restart", act::restart, of_one("AiForge: run it again").answers::<shape::Made>())
        .post("/ai_task/del", act::delete, of_one("AiForge: remove a task").answers::<()>())
        .post(
            "/ai_task/batch_del",
            act::delete_several,
            does("AiForge: remove tasks").takes::<act::Several>().answers::<Vec<i64>>(),
        )
}

fn results(table: Table) -> Table {
    table
        .get(
            "/ai_task/output",
            output::list,
            of_one("AiForge: a folder of the outputs")
                .answers::<output::Listing>()
                .query("parent_dir", "the folder; the root when absent"),
        )
        .get(
            "/ai_task/output/all",
            output::all,
            of_one("AiForge: all outputs")
                .answers::<output::All>()
                .query("suffix", "ends of names, between `|`"),
        )
        .get(
            "/ai_task/output/download",
            output::one,
            of_one("AiForge: one output")
                .gives_bytes()
                .query("file_name", "its name")
                .query("parent_dir", "the folder it lies in"),
        )
        .get(
            "/ai_task/output/download/all",
            output::zip,
            of_one("AiForge: all outputs as a zip").gives_bytes(),
        )
        .post(
            "/ai_task/export2aimodel",
            export::model,
            of_one("AiForge: publish outputs as a version of a model")
                .takes::<export::Export>()
                .answers::<export::Exported>(),
        )
}

/// Routes that answer with the code of "not available".
fn absences(table: Table) -> Table {
    let not = || of_one("AiForge: not available on this server").answers::<()>();
    table
        .get("/ai_task/debug_url", absent::debug_url, not())
        .get("/ai_task/visualize_url", absent::visualize_url, not())
        .get("/ai_task/self_endpoint_url", absent::self_endpoint_url, not())
        .get("/ai_task/eval_result", absent::eval_result, not())
        .post("/ai_task/export2dataset", absent::export_to_dataset, not())
        .post("/ai_task/output/reschedule", absent::reschedule, not())
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

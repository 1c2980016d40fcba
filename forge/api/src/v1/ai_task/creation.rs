//! What AiForge's form needs before it can be filled in.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use hearth_app::{
    App, code,
    task::{self, Image, OfferQuery},
};
use hearth_core::{OwnerId, TaskKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    envelope::{Answer, Parameters, Refusal, SPEC, good, number},
    in_repository, shape, words,
};
use crate::authenticate::Caller;

/// What the form is about to make.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct CreationQuery {
    job_type: String,
    compute_source: String,
    spec_id: String,
}

/// Everything that can be chosen.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Required)]
#[expect(clippy::struct_excessive_bools, reason = "AiForge's form reads them by these names")]
pub(super) struct Required {
    /// `all`, `has_internet`, `no_internet`.
    specs: BTreeMap<&'static str, Vec<shape::Specification>>,
    images: Vec<Offered>,
    can_use_all_images: bool,
    branches: Vec<String>,
    default_branch: String,
    /// Tasks that wait for these specifications.
    wait_count: u64,
    not_stop_task_count: u64,
    can_create_more: bool,
    notebook_can_create_more: bool,
    display_job_name: String,
    point_account: Points,
    pay_switch: bool,
    config: Config,
    allowed_worker_num: Vec<u64>,
    is_subscriber: bool,
    /// In MiB; 0: no limit of its own.
    code_size_limit: u64,
    output_size_limit: u64,
    limit_count: u64,
    notebook_limit_count: u64,
}

/// An image of the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Offered)]
pub(super) struct Offered {
    #[serde(rename = "image_id")]
    id: String,
    #[serde(rename = "image_name")]
    name: String,
    #[serde(rename = "image_url")]
    url: String,
}

impl Offered {
    fn new(image: &Image) -> Self {
        Self {
            id: image.id.to_string(),
            name: image.label.clone(),
            url: image.reference.clone().unwrap_or_else(|| image.code.clone()),
        }
    }
}

/// Hearth has no points, so none are ever missing.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = ai_task::Points)]
struct Points {
    account_code: String,
    balance: f64,
    total_earned: f64,
    total_consumed: f64,
}

/// How many data sets and models a task takes: none yet.
#[derive(Debug, Default, Serialize, ToSchema)]
#[schema(as = ai_task::Config)]
struct Config {
    dataset_max_size: u64,
    dataset_max_num: u64,
    model_max_size: u64,
    model_max_num: u64,
}

/// For any repository: without branches.
pub(super) async fn required(
    State(app): State<App>,
    caller: Caller,
    Parameters(query): Parameters<CreationQuery>,
) -> Answer<Required> {
    let owner = caller.0.signed_in()?.id.into();
    Ok(good(form(&app, &caller, owner, &query, Vec::new(), String::new()).await?))
}

/// For one repository: with its branches.
pub(super) async fn required_in(
    State(app): State<App>,
    caller: Caller,
    Path((owner, name)): Path<(String, String)>,
    Parameters(query): Parameters<CreationQuery>,
) -> Answer<Required> {
    let access = in_repository(&app, &caller, &owner, &name).await?;
    let found = code::branches(&app, &access, code::MOST_REFERENCES).await?;
    let names = found.default.into_iter().chain(found.others).map(|(branch, _)| branch.name.to_string());
    let (owner, default) = (access.repository().owner_id, access.repository().default_branch.clone());
    Ok(good(form(&app, &caller, owner, &query, names.collect(), default).await?))
}

async fn form(
    app: &App,
    caller: &Caller,
    owner: OwnerId,
    query: &CreationQuery,
    branches: Vec<String>,
    default_branch: String,
) -> Result<Required, Refusal> {
    let kind = words::kind(&query.job_type)?.unwrap_or(TaskKind::Train);
    let active = task::count_mine_active(app, &caller.0).await?;
    let asked = OfferQuery { kind: Some(kind), ..OfferQuery::default() };
    let offers = task::offers(app, &caller.0, owner, &asked).await?;
    let fitting = || {
        let specs = offers.specs.iter().filter(|choice| choice.fits);
        specs.filter(|choice| {
            query.compute_source.is_empty() || words::of_spec(&choice.spec) == query.compute_source
        })
    };
    let specs: Vec<_> = fitting().map(|choice| shape::Specification::new(&choice.spec)).collect();
    let limit = app.limits().active_tasks;
    Ok(Required {
        wait_count: fitting().map(|choice| choice.waiting).sum(),
        specs: ["all", "has_internet", "no_internet"].into_iter().map(|name| (name, specs.clone())).collect(),
        images: offers.images.iter().map(Offered::new).collect(),
        can_use_all_images: true,
        branches,
        default_branch,
        not_stop_task_count: active,
        can_create_more: active < limit,
        notebook_can_create_more: false,
        display_job_name: format!("{kind}-{}", app.now().as_second()),
        point_account: Points::default(),
        pay_switch: false,
        config: Config::default(),
        allowed_worker_num: (1..=app.limits().task_nodes).collect(),
        is_subscriber: false,
        code_size_limit: 0,
        output_size_limit: app.limits().task_output_bytes >> 20,
        limit_count: limit,
        notebook_limit_count: 0,
    })
}

/// The images that a spec can run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Images)]
pub(super) struct Images {
    images: Vec<Offered>,
    can_use_all_images: bool,
}

pub(super) async fn image_by_spec(
    State(app): State<App>,
    caller: Caller,
    Parameters(query): Parameters<CreationQuery>,
) -> Answer<Images> {
    let owner = caller.0.signed_in()?.id.into();
    let mut asked = OfferQuery { kind: words::kind(&query.job_type)?, ..OfferQuery::default() };
    let wanted: i64 = number(&query.spec_id, "spec_id")?.unwrap_or(0);
    let mut images = Vec::new();
    for image in task::offers(&app, &caller.0, owner, &asked).await?.images {
        asked.image.clone_from(&image.code);
        let specs = task::offers(&app, &caller.0, owner, &asked).await?.specs;
        let found = specs.iter().find(|choice| choice.spec.id == wanted).ok_or(SPEC)?;
        if found.fits {
            images.push(Offered::new(&image));
        }
    }
    Ok(good(Images { images, can_use_all_images: true }))
}

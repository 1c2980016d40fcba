//! AiForge's calls that Hearth does not support: refused as such, for tasks that exist.

use axum::extract::State;
use hearth_app::App;

use super::{
    ById, enter,
    envelope::{Answer, NOT_AVAILABLE, Parameters},
};
use crate::authenticate::Caller;

macro_rules! unsupported {
    ($($name:ident $what:literal;)+) => {$(
        pub(super) async fn $name(
            State(app): State<App>,
            caller: Caller,
            Parameters(by): Parameters<ById>,
        ) -> Answer<()> {
            enter(&app, &caller, &by).await?;
            Err(NOT_AVAILABLE.about($what))
        }
    )+};
}

unsupported! {
    debug_url "tasks have no notebook";
    visualize_url "curves are on the page of the task";
    self_endpoint_url "tasks have no address of their own";
    eval_result "there are no evaluation tasks";
    export_to_dataset "outputs become models only";
    reschedule "outputs are kept here and never fetched again";
}

//! `/-/admin/compute`: the state of engines and the capacity of pools.

use std::time::Duration;

use askama::Template;
use axum::{extract::State, response::Response};
use hearth_app::{
    pool::{self, EngineView, PoolView, Survey},
    queue::{self, Accuracy},
};
use hearth_core::urls;
use hearth_words::engine_state;

use crate::{
    Failure, MenuEntry, Page, Web,
    respond::html,
    words::{self, Html},
};

pub const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "compute",
    icon: || icon!("pool"),
    label: |page| t!(page, "common-admin-pools"),
    address: || urls::admin("compute"),
};

#[derive(Template)]
#[template(path = "pages/admin/compute/overview.html")]
struct Overview {
    page: Page,
    section: &'static str,
    survey: Survey,
    /// Predicted against actual waiting times.
    waits: Vec<Accuracy>,
}

impl Overview {
    /// A duration in readable form.
    fn span(&self, of: &Duration) -> String {
        words::duration(self.page.words(), *of)
    }

    /// What is wrong with an engine, and what to do about it.
    fn sentence(&self, engine: &EngineView) -> String {
        let words = self.page.words();
        let sentence = engine_state::sentence(words, engine.state);
        match engine_state::next_step(words, engine.state) {
            Some(next) => t!(words, "admin-compute-overview-engine-state", sentence = sentence, next = next),
            None => sentence,
        }
    }

    /// Why the tasks of a pool do not start although Hearth submits them.
    fn shut_out(&self, view: &PoolView) -> Option<Html> {
        let task = view.shut_out?;
        let queue = Html::code(view.pool.local_queue.as_deref().unwrap_or_default());
        let task = Html::link(&urls::task(task), &format!("#{task}"));
        Some(rich!(self.page, "admin-compute-overview-shut-out-why", queue = queue, task = task))
    }

    /// Used, reserved and free capacity, as a bar with its figures.
    fn bar(&self, view: &PoolView) -> Html {
        let total = view.whole_count();
        let text = if view.counts_cards() {
            t!(self.page, "admin-compute-overview-cards", used = view.used_count(), total = total)
        } else {
            t!(self.page, "admin-compute-overview-cpus", used = view.used_count(), total = total)
        };
        self.page.capacity(view.used_count(), view.reserved_count(), total, text)
    }
}

pub(crate) async fn get(State(web): State<Web>, page: Page) -> Result<Response, Failure> {
    let survey = pool::survey(web.app(), &page.actor).await?;
    let waits = queue::accuracy(web.app(), &page.actor).await?;
    html(&Overview { page, section: MENU_ENTRY.name, survey, waits })
}

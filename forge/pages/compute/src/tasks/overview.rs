//! `/tasks/{id}`: what was requested, and the result.

use std::{ops::RangeInclusive, time::Duration};

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    App, metrics,
    output::{self, Total},
    queue::{self, Eta, Free, Need, QueuePlace},
    record, task,
    task::{History, TaskEvent, TaskTexts},
};
use hearth_core::{
    Reason, TaskId, TaskState,
    urls::{self, Revision},
};
use serde::Deserialize;

use super::{
    TaskVisit, curves,
    frame::{self, Part, TaskFrame, frame},
    reason_icon,
    steps::{clock, span},
    tail::{self, Tail},
};
use crate::{
    Failure, Page, RepositoryHead,
    chart::number,
    respond::html,
    words::{self, Html, short_hash},
};

#[derive(Template)]
#[template(path = "pages/tasks/overview.html")]
struct Overview {
    page: Page,
    head: RepositoryHead,
    frame: TaskFrame,
    texts: TaskTexts,
    history: Vec<Line>,
    /// The steps before and after those of the history.
    earlier: Option<Html>,
    later: Option<Html>,
    /// Name, last, least and greatest value.
    curves: Vec<(String, String, String, String)>,
    /// How many curves only the metrics page shows.
    hidden: usize,
    chart: Option<Html>,
    outputs: u64,
    outputs_bytes: u64,
    took: Html,
    /// The end of the log, where it says what happens or what went wrong.
    tail: Option<Tail>,
    /// What is missing from the record.
    missing: Vec<String>,
    exit_code: Option<i64>,
    machine: String,
    /// The size of the unpushed changes, if there are any.
    patch: Option<String>,
}

/// One line of the history.
struct Line {
    icon: Html,
    kind: &'static str,
    sentence: Html,
    detail: Option<String>,
}

/// Which attempt, and where the shown part of its history ends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TimelineQuery {
    attempt: Option<i64>,
    before: String,
}

/// Steps of the history that are shown at once.
const STEPS: u64 = 50;
const MOST_CURVES: usize = 12;
const POINTS: usize = 200;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: TaskVisit,
    Query(asked): Query<TimelineQuery>,
) -> Result<Response, Failure> {
    let framed = frame(&app, &page, &visit, Part::Overview, asked.attempt).await?;
    let (head, frame) = (framed.head, framed.frame);
    let attempt = frame.attempt;
    let (mut curves, mut outputs, mut missing) = (Vec::new(), Total::default(), Vec::new());
    if attempt > 0 {
        curves = metrics::series(&app, &visit.access, attempt, POINTS).await?.series;
        outputs = output::total(&app, &visit.access, attempt).await?;
        missing = record::missing_pins(&app, &visit.access, attempt).await?;
    }
    let history = task::history_before(&app, &visit.access, asked.before.parse().ok(), STEPS).await?;
    let main = curves.iter().find(|curve| curve.name.contains("loss")).or(curves.first());
    let chart = main.map(|curve| curves::single(&page, curve).draw(page.words()));
    let shown = frame.attempts.iter().find(|found| found.number == attempt);
    html(&Overview {
        earlier: earlier(&page, &frame, &history),
        later: later(&page, &frame, &history),
        history: history.steps.iter().map(|event| line(&page, event)).collect(),
        hidden: curves.len().saturating_sub(MOST_CURVES),
        chart,
        curves: curves
            .iter()
            .take(MOST_CURVES)
            .map(|curve| (curve.name.clone(), number(curve.last), number(curve.least), number(curve.most)))
            .collect(),
        outputs_bytes: outputs.size_bytes,
        outputs: outputs.count,
        took: frame
            .task
            .started_at
            .map(|start| match frame.task.ended_at {
                Some(end) => Html::text(&span(page.words(), start, end)),
                None => clock(start, page.now),
            })
            .unwrap_or_default(),
        tail: tail::read(&app, &page, &visit, &frame).await?,
        missing,
        exit_code: shown.and_then(|attempt| attempt.exit_code),
        // Until the attempt starts, the machine is only planned.
        machine: shown
            .filter(|attempt| attempt.started_at.is_some() || attempt.ended_at.is_some())
            .map(|attempt| format!("{}/{}", attempt.engine, attempt.machine))
            .unwrap_or_default(),
        texts: task::texts(&app, &visit.access).await?,
        patch: task::patch(&app, &visit.access).await?.map(|patch| patch_size(&page, &patch)),
        page,
        head,
        frame,
    })
}

/// A link to the steps before those that are shown.
fn earlier(page: &Page, frame: &TaskFrame, history: &History) -> Option<Html> {
    let count = history.skipped;
    (count > 0).then(|| history_link(frame, count, &t!(page, "tasks-overview-earlier", count = count)))
}

/// A link to the steps after them.
fn later(page: &Page, frame: &TaskFrame, history: &History) -> Option<Html> {
    let count = history.total.saturating_sub(history.end());
    let end = history.end().saturating_add(STEPS);
    (count > 0).then(|| history_link(frame, end, &t!(page, "tasks-overview-later", count = count)))
}

fn history_link(frame: &TaskFrame, before: u64, text: &str) -> Html {
    let address = format!("{}?attempt={}&before={before}#history", frame.address(), frame.attempt);
    Html::link(&address, text)
}

fn line(page: &Page, event: &TaskEvent) -> Line {
    // The program's end and the task's have one reason.
    let said = match (event.state, event.reason) {
        (TaskState::Succeeded, Reason::RunFinished) => t!(page, "common-state-succeeded").to_owned(),
        (_, reason) => frame::sentence(page, reason, &event.data.0),
    };
    let kind = match event.state {
        TaskState::Succeeded => "good",
        TaskState::Failed | TaskState::CreatedFailed => "bad",
        TaskState::Running | TaskState::Stopping => "running",
        TaskState::Stopped | TaskState::Unknown => "still",
        _ => "waiting",
    };
    let sentence = rich!(
        page,
        "tasks-overview-step",
        sentence = said,
        code = Html::code(event.reason.as_str()),
        source = source_word(page, &event.source),
        time = page.time(event.created_at)
    );
    Line { icon: reason_icon::draw(event.reason), kind, sentence, detail: frame::detail(&event.data.0) }
}

/// What reported a step, in words; a part of another version by its raw name.
fn source_word(page: &Page, source: &str) -> String {
    page.words().find(&format!("tasks-overview-source-{source}")).unwrap_or_else(|| source.to_owned())
}

/// How many files unpushed changes touch, and how many lines they add and remove.
fn patch_size(page: &Page, patch: &str) -> String {
    let (mut files, mut added, mut removed) = (0, 0, 0);
    for line in patch.lines() {
        match line.as_bytes() {
            [b'd', b'i', b'f', b'f', b' ', ..] => files += 1,
            [b'+', b'+', b'+', b' ', ..] | [b'-', b'-', b'-', b' ', ..] => {}
            [b'+', ..] => added += 1,
            [b'-', ..] => removed += 1,
            _ => {}
        }
    }
    t!(page, "tasks-overview-patch-help", files = files, added = added, removed = removed)
}

impl Overview {
    fn commit(&self) -> &str {
        short_hash(&self.frame.task.commit_id)
    }

    /// The address of the unpushed changes, once there is a record.
    fn patch_address(&self) -> Option<String> {
        let files = urls::task_part(self.frame.task.id, "files");
        (self.frame.attempt > 0)
            .then(|| format!("{files}?attempt={}&show=code.patch#shown", self.frame.attempt))
    }

    fn source_of(&self, file: &str) -> String {
        let commit = Revision::Commit(self.frame.task.commit_id.clone());
        self.head.urls.source(&commit, file)
    }

    fn resources(&self) -> String {
        let task = &self.frame.task;
        let memory = words::bytes(u64::try_from(task.memory_bytes).unwrap_or(0));
        match &task.accelerator {
            Some(card) if task.cards > 0 => {
                t!(
                    self.page,
                    "tasks-overview-cards",
                    cards = task.cards,
                    card = card,
                    cpus = task.cpus,
                    memory = memory
                )
            }
            _ => t!(self.page, "tasks-overview-cpus", cpus = task.cpus, memory = memory),
        }
    }

    fn time_limit(&self) -> Option<String> {
        let seconds = u64::try_from(self.frame.task.time_limit_seconds?).ok()?;
        Some(words::duration(self.page.words(), Duration::from_secs(seconds)))
    }

    fn parent(&self) -> Option<Html> {
        self.frame.task.parent_id.map(|TaskId(id)| Html::link(&urls::task(TaskId(id)), &format!("#{id}")))
    }

    fn need(&self, place: &QueuePlace) -> String {
        let Need { cpus, memory_bytes, cards, accelerator, card_memory_bytes, nodes } = &place.need;
        let mut parts = Vec::new();
        if *nodes > 1 {
            parts.push(t!(self.page, "tasks-overview-nodes", count = *nodes));
        }
        parts.push(amounts(&self.page, *cpus, *memory_bytes, *cards));
        parts.extend(accelerator.clone());
        if *cards > 0 && *card_memory_bytes > 0 {
            let memory = words::bytes(*card_memory_bytes);
            parts.push(t!(self.page, "tasks-overview-queue-card-memory", memory = memory));
        }
        parts.join(" · ")
    }

    fn free(&self, place: &QueuePlace) -> Option<String> {
        let Free { cpus, memory_bytes, cards, all_cards, machines } = place.free.as_ref()?;
        let room = amounts(&self.page, *cpus, *memory_bytes, *cards);
        Some(if *machines > 1 && place.need.cards > 0 {
            t!(
                self.page,
                "tasks-overview-queue-free-cards",
                room = room,
                cards = *all_cards,
                machines = *machines
            )
        } else {
            room
        })
    }

    /// The allowed priorities; `None` where the priority may not be changed.
    fn priorities(&self) -> Option<RangeInclusive<i64>> {
        let allowed = queue::priorities(self.page.is_admin(), self.frame.task.priority);
        Some(allowed).filter(|allowed| self.frame.can_change && !allowed.is_empty())
    }

    /// When it will probably start.
    fn eta(&self, place: &QueuePlace) -> String {
        eta(&self.page, place.eta)
    }
}

/// A wait that nobody notices.
const AT_ONCE: Duration = Duration::from_secs(1);

/// A time span in which four out of five tasks start.
pub(crate) fn eta(page: &Page, eta: Option<Eta>) -> String {
    let Some(Eta { low, high }) = eta else { return t!(page, "tasks-overview-queue-eta-unknown").to_owned() };
    let span = |time| words::duration(page.words(), time);
    if low < AT_ONCE {
        return t!(page, "tasks-overview-queue-eta-within", high = span(high));
    }
    t!(page, "tasks-overview-queue-eta-span", low = span(low), high = span(high))
}

fn amounts(page: &Page, cpus: u32, memory_bytes: u64, cards: u32) -> String {
    let memory = words::bytes(memory_bytes);
    if cards == 0 {
        t!(page, "tasks-overview-cpus", cpus = cpus, memory = memory)
    } else {
        t!(page, "tasks-overview-queue-amounts", cards = cards, cpus = cpus, memory = memory)
    }
}

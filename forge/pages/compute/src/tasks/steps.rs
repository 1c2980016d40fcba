//! The row of steps above a task: how long each took, and where it failed.

use hearth_app::task::{Attempt, Steps, Task};
use hearth_core::{Reason, TaskState, Timestamp};

use crate::{
    Page,
    words::{self, Html, Words},
};

/// One step, from left to right.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// `is-good`, `is-bad`, `is-running`, `is-waiting` or empty.
    pub(crate) class: &'static str,
    pub(crate) icon: Html,
    pub(crate) name: &'static str,
    pub(crate) time: Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    Queue,
    Prepare,
    /// Only of a task whose packages are installed.
    Packages,
    Run,
    Collect,
}

/// The steps of one attempt.
pub(crate) fn steps(page: &Page, task: &Task, told: &Steps, attempt: Option<&Attempt>) -> Vec<Step> {
    let is_last = attempt.is_none_or(|attempt| attempt.number == task.attempts);
    let (state, reason, end) = match attempt {
        Some(attempt) if !is_last => (attempt.state, attempt.reason, attempt.ended_at),
        _ => (task.state, task.reason, task.ended_at),
    };
    let starts = starts(task, told, attempt);
    let failed = is_bad(state).then(|| failed_phase(reason, &starts));
    let mut steps: Vec<Step> = starts
        .iter()
        .enumerate()
        .map(|(place, (phase, start))| {
            let name = phase.name(page);
            let next = starts[place + 1..].iter().find_map(|(_, start)| *start).or(end);
            let time = match (start, next) {
                (Some(start), Some(next)) => Html::text(&span(page.words(), *start, next)),
                (Some(start), None) if !state.is_terminal() => clock(*start, page.now),
                _ => Html::default(),
            };
            let (class, icon) = if failed == Some(*phase) {
                ("is-bad", icon!("state-bad"))
            } else {
                match (start, next) {
                    (Some(_), Some(_)) => ("is-good", icon!("state-good")),
                    (Some(_), None) => ("is-running", icon!("state-running")),
                    (None, _) if state.is_terminal() => ("", icon!("state-stopped")),
                    (None, _) => ("is-waiting", icon!("state-waiting")),
                }
            };
            Step { class, icon, name, time }
        })
        .collect();
    steps.push(last(page, state, starts[0].1, end));
    steps
}

fn last(page: &Page, state: TaskState, start: Option<Timestamp>, end: Option<Timestamp>) -> Step {
    let time = match (start, end) {
        (Some(start), Some(end)) => {
            Html::text(&t!(page, "tasks-step-total", time = span(page.words(), start, end)))
        }
        _ => Html::default(),
    };
    let (class, icon, name) = match state {
        TaskState::Succeeded => ("is-good", icon!("state-good"), t!(page, "common-state-succeeded")),
        TaskState::Failed => ("is-bad", icon!("state-bad"), t!(page, "common-state-failed")),
        TaskState::CreatedFailed => ("is-bad", icon!("state-bad"), t!(page, "common-state-created-failed")),
        TaskState::Stopped => ("", icon!("state-stopped"), t!(page, "common-state-stopped")),
        _ => ("is-waiting", icon!("state-waiting"), t!(page, "tasks-step-end")),
    };
    Step { class, icon, name, time }
}

/// When each phase began, according to the timeline.
fn starts(task: &Task, told: &Steps, attempt: Option<&Attempt>) -> Vec<(Phase, Option<Timestamp>)> {
    let number = attempt.map_or(0, |attempt| attempt.number);
    let mut of_attempt = told.of_attempt.iter();
    let packages = told.of_attempt.iter().find(|event| event.reason == Reason::StagePackages);
    let queued =
        if number <= 1 { Some(task.created_at) } else { told.before.as_ref().map(|event| event.created_at) };
    let run = of_attempt.find(|event| event.reason == Reason::RunStarted);
    // Searched after the start of the run.
    let collect = of_attempt.find(|event| matches!(event.reason, Reason::RunFinished | Reason::StageOutputs));
    let phases = [
        (Phase::Queue, queued),
        (Phase::Prepare, attempt.map(|attempt| attempt.created_at)),
        (Phase::Packages, packages.map(|event| event.created_at)),
        (Phase::Run, run.map(|event| event.created_at)),
        (Phase::Collect, collect.map(|event| event.created_at)),
    ];
    phases.into_iter().filter(|(phase, start)| *phase != Phase::Packages || start.is_some()).collect()
}

impl Phase {
    fn name(self, page: &Page) -> &'static str {
        match self {
            Self::Queue => t!(page, "tasks-step-queue"),
            Self::Prepare => t!(page, "tasks-step-prepare"),
            Self::Packages => t!(page, "tasks-step-packages"),
            Self::Run => t!(page, "tasks-step-run"),
            Self::Collect => t!(page, "tasks-step-collect"),
        }
    }
}

fn is_bad(state: TaskState) -> bool {
    matches!(state, TaskState::Failed | TaskState::CreatedFailed)
}

/// The phase that a reason belongs to; otherwise the last phase that began.
fn failed_phase(reason: Reason, starts: &[(Phase, Option<Timestamp>)]) -> Phase {
    match reason {
        Reason::RunExitNonzero
        | Reason::RunModuleMissing
        | Reason::RunSignal
        | Reason::RunOutOfMemory
        | Reason::RunDeviceError
        | Reason::LimitTime => Phase::Run,
        Reason::RunNoBootFile
        | Reason::SandboxRefused
        | Reason::SandboxNoNetwork
        | Reason::StageCode
        | Reason::StageDataset
        | Reason::StageModel
        | Reason::ImageMissing
        | Reason::ImagePullFailed => Phase::Prepare,
        Reason::PackagesFailed if starts.iter().any(|(phase, _)| *phase == Phase::Packages) => {
            Phase::Packages
        }
        Reason::LimitOutput | Reason::OutputsNoRoom => Phase::Collect,
        _ => starts.iter().rev().find(|(_, start)| start.is_some()).map_or(Phase::Queue, |(phase, _)| *phase),
    }
}

/// The time since a moment, counting on while the page is open: `0:42`, `1:02:03`.
pub(crate) fn clock(since: Timestamp, now: Timestamp) -> Html {
    let elapsed = u64::try_from(now.since(since).as_millis()).unwrap_or(0);
    let (hours, minutes, seconds) = (elapsed / 3_600_000, elapsed / 60_000 % 60, elapsed / 1000 % 60);
    let text = match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    };
    Html::trusted(format!("<live-clock data-elapsed=\"{elapsed}\">{text}</live-clock>"))
}

/// The time between two moments.
pub(crate) fn span(words: Words, from: Timestamp, to: Timestamp) -> String {
    words::duration(words, to.since(from))
}

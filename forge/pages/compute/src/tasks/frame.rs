//! What is shown above every part of a task: its name and state, the actions, the steps, the tabs.

use std::collections::BTreeMap;

use hearth_app::{
    App, image, output,
    queue::{self, QueuePlace},
    task::{self, Attempt, Steps, Task, TaskAccess},
};
use hearth_core::{
    Error, Kind, Reason, TaskState,
    urls::{self, RepositoryUrls},
};
use hearth_words::reason;

use super::{
    TaskVisit,
    steps::{self, Step},
};
use crate::{Page, RepositoryHead, RepositoryVisit, repo, words::Html};

/// Images offered for a module that was missing.
const MOST_IMAGES: usize = 5;

/// A part of a task's page, which is a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Overview,
    Log,
    Metrics,
    Resources,
    Outputs,
    Files,
    Lineage,
}

/// The actions above a task that has ended, one of which is the main one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MainAction {
    RunAgain,
    RunChanged,
    Publish,
}

/// Why a task is in its state.
#[derive(Clone, Debug)]
pub(crate) struct StateNotice {
    /// `bad`, `warn` or `info`, as `components/notice.html` has them.
    pub(crate) kind: &'static str,
    pub(crate) sentence: String,
    pub(crate) next: Option<String>,
    /// The message of the machine or the cluster, verbatim.
    pub(crate) detail: Option<String>,
    pub(crate) code: &'static str,
    /// What a failed import lacked.
    pub(crate) missing_module: Option<MissingModule>,
}

/// A module that the program could not import.
#[derive(Clone, Debug)]
pub(crate) struct MissingModule {
    pub(crate) name: String,
    /// The images that have it: their label, and the form that runs the task again in them.
    pub(crate) images: Vec<(String, String)>,
}

/// The field `frame` of every template below `layout/task.html`.
pub(crate) struct TaskFrame {
    pub(crate) task: Task,
    pub(crate) part: Part,
    /// The attempt that is shown; 0 before the first one.
    pub(crate) attempt: i64,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) steps: Vec<Step>,
    pub(crate) place: Option<QueuePlace>,
    pub(crate) state_notice: Option<StateNotice>,
    pub(crate) can_change: bool,
    /// Whether there is something to publish, and the viewer may.
    pub(crate) can_publish: bool,
}

/// The frame, and the repository header of its layout.
pub(crate) struct Framed {
    pub(crate) head: RepositoryHead,
    pub(crate) frame: TaskFrame,
}

/// Reads what surrounds a part. `attempt` is the requested one; `None`: the newest.
pub(crate) async fn frame(
    app: &App,
    page: &Page,
    visit: &TaskVisit,
    part: Part,
    attempt: Option<i64>,
) -> Result<Framed, Error> {
    let access = &visit.access;
    let task = access.task().clone();
    let attempt = attempt.unwrap_or(task.attempts);
    let told = task::steps(app, access, attempt).await?;
    let attempts = task::attempts(app, access).await?;
    let shown = attempts.iter().find(|found| found.number == attempt);
    if shown.is_none() && attempt != 0 {
        return Err(Error::NotFound(Kind::Task));
    }
    let place = match task.state {
        TaskState::Waiting => queue::place(app, &task).await?,
        _ => None,
    };
    let head = RepositoryVisit::of(access.access().clone()).head(app, &repo::tasks::SECTION).await?;
    let mut notice = state_notice(page, &task, &told, place.as_ref());
    if let Some(missing) = notice.as_mut().and_then(|notice| notice.missing_module.as_mut())
        && page.is_signed_in()
    {
        missing.images = images_with(app, page, &head.urls, &task, &missing.name).await?;
    }
    let can_change = access.can_change();
    let can_publish = can_change && task.state.is_terminal() && has_outputs(app, access).await?;
    let frame = TaskFrame {
        steps: steps::steps(page, &task, &told, shown),
        state_notice: notice,
        can_change,
        can_publish,
        part,
        attempt,
        attempts,
        place,
        task,
    };
    Ok(Framed { head, frame })
}

/// Whether the newest attempt, which is the one that can be published, left anything.
async fn has_outputs(app: &App, access: &TaskAccess) -> Result<bool, Error> {
    let attempt = access.task().attempts;
    Ok(attempt > 0 && output::has_any(app, access, attempt).await?)
}

/// The images that have a module, and where to run the task again in them.
async fn images_with(
    app: &App,
    page: &Page,
    urls: &RepositoryUrls,
    task: &Task,
    module: &str,
) -> Result<Vec<(String, String)>, Error> {
    let found = image::with_module(app, &page.actor, module).await?;
    let others = found.into_iter().filter(|image| image.code != task.image_code);
    let link = |image: image::Image| (image.label, urls.task_clone_in(task.id, &image.code));
    Ok(others.take(MOST_IMAGES).map(link).collect())
}

/// What happened and, in a task on several nodes, on which one.
pub(super) fn sentence(page: &Page, reason: Reason, facts: &BTreeMap<String, String>) -> String {
    let said = reason::sentence(page.words(), reason, facts);
    match facts.get("node") {
        Some(node) => t!(page, "tasks-frame-of-node", node = node, sentence = said),
        None => said,
    }
}

/// The message of the machine or the cluster, verbatim.
pub(super) fn detail(facts: &BTreeMap<String, String>) -> Option<String> {
    facts.get("detail").filter(|detail| !detail.trim().is_empty()).cloned()
}

/// Whether a task that ended so would end so again unchanged.
fn would_fail_again(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::PackagesFailed
            | Reason::RunExitNonzero
            | Reason::RunModuleMissing
            | Reason::RunSignal
            | Reason::RunOutOfMemory
            | Reason::RunNoBootFile
            | Reason::LimitTime
            | Reason::LimitOutput
            | Reason::LimitDisk
    )
}

/// Whether the reason holds up a task that a machine or a cluster has already accepted.
fn is_held_up(reason: Reason) -> bool {
    matches!(
        reason,
        Reason::QueueNoCard
            | Reason::QueueUnschedulable
            | Reason::QueueCluster
            | Reason::QueueClusterRefused
            | Reason::QueueClusterClosed
            | Reason::Preempted
            | Reason::ImagePulling
            | Reason::ImagePullFailed
    )
}

/// The notice below the steps: while the task waits, and when it did not succeed.
fn state_notice(page: &Page, task: &Task, told: &Steps, place: Option<&QueuePlace>) -> Option<StateNotice> {
    let (kind, code) = match task.state {
        TaskState::Failed | TaskState::CreatedFailed => ("bad", task.reason),
        TaskState::Stopped | TaskState::Unknown => ("warn", task.reason),
        TaskState::Waiting => ("info", place.map_or(task.reason, |place| place.reason)),
        TaskState::Creating if is_held_up(task.reason) => ("info", task.reason),
        _ => return None,
    };
    let mut newest = told.newest.iter();
    // The facts of how a program ended are in the event of its end.
    let facts = newest
        .clone()
        .find(|event| event.reason == code && !event.data.0.is_empty())
        .or_else(|| newest.find(|event| event.reason == Reason::RunFinished));
    let facts = match place {
        Some(place) => place.facts.clone(),
        None => facts.map(|event| event.data.0.clone()).unwrap_or_default(),
    };
    let words = page.words();
    let module = facts.get("module").filter(|_| code == Reason::RunModuleMissing);
    Some(StateNotice {
        kind,
        sentence: sentence(page, code, &facts),
        next: reason::next_step(words, code),
        detail: detail(&facts),
        code: code.as_str(),
        missing_module: module.map(|name| MissingModule { name: name.clone(), images: Vec::new() }),
    })
}

impl TaskFrame {
    pub(crate) fn is_live(&self) -> bool {
        !self.task.state.is_terminal()
    }

    pub(crate) fn can_stop(&self) -> bool {
        self.can_change && self.is_live() && self.task.stop_requested_at.is_none()
    }

    /// Whether `path` is that of the form for publishing, which has the main button itself.
    pub(crate) fn is_publishing(&self, path: &str) -> bool {
        path.starts_with(&self.link("publish"))
    }

    /// Whether most people do this next. On the form for publishing, the main action is its own button.
    pub(crate) fn is_main(&self, action: MainAction, path: &str) -> bool {
        let main = match self.task.state {
            TaskState::Succeeded => MainAction::Publish,
            _ if would_fail_again(self.task.reason) => MainAction::RunChanged,
            _ => MainAction::RunAgain,
        };
        main == action && !self.is_publishing(path)
    }

    /// Where the frame of an open page is taken from: the same page, so that its parts share one answer; for
    /// the log a lighter one, because the log brings its rows itself.
    pub(crate) fn head_source(&self) -> String {
        let part = if self.part == Part::Log { Part::Overview } else { self.part };
        self.part_address(part.name())
    }

    pub(crate) fn address(&self) -> String {
        urls::task(self.task.id)
    }

    /// The address of a part of this task, for the attempt that is shown.
    pub(crate) fn part_address(&self, part: &str) -> String {
        self.attempt_address(part, self.attempt)
    }

    fn attempt_address(&self, part: &str, attempt: i64) -> String {
        let base = if part.is_empty() { self.address() } else { urls::task_part(self.task.id, part) };
        if attempt == self.task.attempts { base } else { format!("{base}?attempt={attempt}") }
    }

    /// This part for every attempt: its number, its address, whether it is shown.
    pub(crate) fn attempt_links(&self) -> Vec<(String, String, bool)> {
        let link = |attempt: &Attempt| {
            let address = self.attempt_address(self.part.name(), attempt.number);
            (attempt.number.to_string(), address, attempt.number == self.attempt)
        };
        self.attempts.iter().map(link).collect()
    }

    /// An address below this task that is the same for every attempt.
    pub(crate) fn link(&self, part: &str) -> String {
        urls::task_part(self.task.id, part)
    }

    /// The address of the form for a task like this one.
    pub(crate) fn clone_address(&self, urls: &RepositoryUrls) -> String {
        urls.task_clone(self.task.id)
    }

    pub(crate) fn number(&self) -> String {
        self.task.id.to_string()
    }

    pub(crate) fn is(&self, part: Part) -> bool {
        self.part == part
    }

    /// `train` or `inference`, in words.
    pub(crate) fn kind(&self, page: &Page) -> &'static str {
        super::kind(page, self.task.kind)
    }

    /// The sentence under the title: who, when, on what.
    pub(crate) fn sentence(&self, page: &Page) -> Html {
        let person = page.person(self.task.creator.as_str());
        rich!(page, "tasks-frame-launched", person = person, time = page.time(self.task.created_at))
    }
}

impl Part {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Log => "log",
            Self::Metrics => "metrics",
            Self::Resources => "resources",
            Self::Outputs => "outputs",
            Self::Files => "files",
            Self::Lineage => "lineage",
        }
    }
}

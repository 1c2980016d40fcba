//! Whether a check has passed: a function of the two tasks, without reading anything.

use hearth_core::{MetricDemand, StatusState, TaskState};
use hearth_store::task_value::TaskMetric;

use super::Trained;

/// What came of training a head again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody has trained it yet.
    NotRun,
    Running,
    /// The task failed or was stopped.
    NotSucceeded,
    /// The head was trained; there is nothing yet to compare its metric with.
    NoBase,
    /// The head was trained; the base still is.
    BaseRunning,
    /// The task did not measure what is compared.
    NoMetric,
    /// The metric is worse than on the base by more than is allowed.
    Worse,
    Passed,
}

impl Verdict {
    /// As the status of a commit; `None`: nothing is reported yet.
    #[must_use]
    pub const fn state(self) -> Option<StatusState> {
        match self {
            Self::NotRun => None,
            Self::Running | Self::NoBase | Self::BaseRunning => Some(StatusState::Pending),
            Self::NotSucceeded | Self::NoMetric | Self::Worse => Some(StatusState::Failure),
            Self::Passed => Some(StatusState::Success),
        }
    }
}

/// The verdict for a head, given its newest run and the run on the base that it is compared with.
pub(super) fn judge(
    demand: Option<&MetricDemand>,
    head: Option<&Trained>,
    base: Option<&Trained>,
) -> Verdict {
    let Some(head) = head else { return Verdict::NotRun };
    if !head.state.is_terminal() {
        return Verdict::Running;
    }
    if head.state != TaskState::Succeeded {
        return Verdict::NotSucceeded;
    }
    let Some(demand) = demand else { return Verdict::Passed };
    let Some(measured) = find(head, &demand.name) else { return Verdict::NoMetric };
    match base {
        None => Verdict::NoBase,
        Some(base) if !base.state.is_terminal() => Verdict::BaseRunning,
        Some(base) if base.state != TaskState::Succeeded => Verdict::NoBase,
        Some(base) => match find(base, &demand.name) {
            Some(known) if demand.is_too_bad(known.last, measured.last) => Verdict::Worse,
            // What the base does not measure cannot be worse than there.
            Some(_) | None => Verdict::Passed,
        },
    }
}

fn find<'a>(trained: &'a Trained, name: &str) -> Option<&'a TaskMetric> {
    trained.metrics.iter().find(|metric| metric.name == name)
}

#[cfg(test)]
mod tests {
    use hearth_core::{Allowance, Better, TaskId};

    use super::*;

    fn trained(state: TaskState, loss: Option<f64>) -> Trained {
        let metric = |value| TaskMetric {
            task_id: TaskId(1),
            name: "loss".into(),
            last: value,
            least: value,
            most: value,
        };
        Trained {
            task: TaskId(1),
            name: "run".into(),
            state,
            commit: String::new(),
            metrics: loss.map(metric).into_iter().collect(),
        }
    }

    fn verdict(head: Option<&Trained>, base: Option<&Trained>) -> Verdict {
        let demand =
            MetricDemand { name: "loss".into(), better: Better::Lower, allowance: Allowance::default() };
        judge(Some(&demand), head, base)
    }

    #[test]
    fn only_a_head_that_was_trained_and_is_no_worse_passes() {
        let done = |loss| trained(TaskState::Succeeded, Some(loss));
        let (running, failed) = (trained(TaskState::Running, None), trained(TaskState::Failed, Some(0.0)));
        let base = done(0.5);
        assert_eq!(verdict(None, Some(&base)), Verdict::NotRun);
        assert_eq!(verdict(Some(&running), Some(&base)), Verdict::Running);
        for state in [TaskState::Failed, TaskState::Stopped, TaskState::CreatedFailed] {
            assert_eq!(verdict(Some(&trained(state, Some(0.0))), Some(&base)), Verdict::NotSucceeded);
        }
        assert_eq!(verdict(Some(&done(0.4)), None), Verdict::NoBase);
        assert_eq!(verdict(Some(&done(0.4)), Some(&failed)), Verdict::NoBase);
        assert_eq!(verdict(Some(&done(0.4)), Some(&running)), Verdict::BaseRunning);
        assert_eq!(verdict(Some(&done(0.6)), Some(&base)), Verdict::Worse);
        assert_eq!(verdict(Some(&done(0.5)), Some(&base)), Verdict::Passed);
    }

    #[test]
    fn what_the_head_leaves_out_fails_and_what_the_base_leaves_out_does_not() {
        let (silent, done) = (trained(TaskState::Succeeded, None), trained(TaskState::Succeeded, Some(0.5)));
        assert_eq!(verdict(Some(&silent), Some(&done)), Verdict::NoMetric);
        assert_eq!(verdict(Some(&done), Some(&silent)), Verdict::Passed);
        assert_eq!(judge(None, Some(&silent), None), Verdict::Passed, "it only has to succeed");
    }
}

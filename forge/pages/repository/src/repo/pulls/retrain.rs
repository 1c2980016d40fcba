//! What a rule asks to be trained again: the comparison on the tab of checks, and the button that starts it.

use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_app::{
    App,
    pull_request::PullRequest,
    retraining::{self, BasePlace, Comparison, Side, Trained, Verdict},
};
use hearth_core::{Better, BranchRuleId, Error, Kind, MetricDemand, Permission, Unit, urls};
use serde::Deserialize;

use super::{AtPull, check_state};
use crate::{
    Failure, Flash, Form, Page,
    chart::number,
    repo::RepositoryVisit,
    respond::see_other_with,
    words::{Html, short_hash},
};

/// One comparison, to be drawn.
#[expect(clippy::struct_excessive_bools, reason = "each decides about another part of the page")]
pub(crate) struct RetrainView {
    pub(crate) rule: BranchRuleId,
    pub(crate) context: String,
    /// None: nothing was reported.
    pub(crate) state: Option<Html>,
    pub(crate) sentence: &'static str,
    /// Whether a run of it is on the way.
    pub(crate) is_running: bool,
    /// What is demanded of the metric; none: nothing.
    pub(crate) demand: Option<String>,
    pub(crate) head: Option<RunView>,
    pub(crate) base: Option<RunView>,
    /// Where on the base branch that run is.
    pub(crate) base_place: &'static str,
    pub(crate) metrics: Vec<MetricView>,
    /// The two tasks beside each other.
    pub(crate) comparison: Option<String>,
    pub(crate) head_commit: String,
    pub(crate) base_commit: String,
    pub(crate) can_train_head: bool,
    pub(crate) can_train_base: bool,
    /// The head's code is from outside: whoever starts it is warned.
    pub(crate) is_from_fork: bool,
}

/// A task, and what it trains.
pub(crate) struct RunView {
    pub(crate) task: Html,
    pub(crate) state: Html,
    pub(crate) commit: Html,
}

/// One metric of both sides.
pub(crate) struct MetricView {
    pub(crate) name: String,
    pub(crate) base: String,
    pub(crate) head: String,
    pub(crate) difference: String,
    /// Whether that is better or worse; empty where the rule does not say.
    pub(crate) judgement: &'static str,
    pub(crate) is_demanded: bool,
}

impl RetrainView {
    pub(super) async fn read_all(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        pull: &PullRequest,
    ) -> Result<Vec<Self>, Failure> {
        let compared = retraining::compare(app, &visit.access, pull.number).await?;
        Ok(compared.iter().map(|one| Self::of(page, visit, pull, one)).collect())
    }

    fn of(page: &Page, visit: &RepositoryVisit, pull: &PullRequest, one: &Comparison) -> Self {
        let can_train = pull.is_open() && visit.access.can_in(Unit::Tasks, Permission::Write);
        let run = |trained: &Trained| RunView {
            task: Html::link(&urls::task(trained.task), &format!("{} #{}", trained.name, trained.task)),
            state: page.task_state(trained.state),
            commit: Html::link(&visit.urls.commit(&trained.commit), short_hash(&trained.commit)),
        };
        Self {
            rule: one.rule,
            context: one.retraining.context(),
            state: one.verdict.state().map(|state| check_state::pill(page, state)),
            sentence: sentence(page, one.verdict),
            is_running: matches!(one.verdict, Verdict::Running | Verdict::BaseRunning),
            demand: one.retraining.metric.as_ref().map(|metric| demand(page, metric)),
            head: one.head.as_ref().map(run),
            base: one.base.as_ref().map(run),
            base_place: match one.base_place {
                BasePlace::MergeBase => t!(page, "repo-pulls-checks-retrain-merge-base"),
                BasePlace::Newest => t!(page, "repo-pulls-checks-retrain-newest"),
            },
            metrics: metrics(page, one),
            comparison: one.head.as_ref().zip(one.base.as_ref()).map(|(head, base)| beside(base, head)),
            head_commit: pull.head_id.clone(),
            base_commit: one.base_commit.clone(),
            can_train_head: can_train && !one.is_running(),
            can_train_base: can_train && one.retraining.metric.is_some() && one.lacks_base(),
            is_from_fork: pull.is_from_fork(),
        }
    }
}

fn beside(base: &Trained, head: &Trained) -> String {
    format!("{}?task={}&task={}", urls::tasks_compare(), base.task, head.task)
}

fn sentence(page: &Page, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::NotRun => t!(page, "repo-pulls-checks-retrain-not-run"),
        Verdict::Running => t!(page, "repo-pulls-checks-retrain-running"),
        Verdict::NotSucceeded => t!(page, "repo-pulls-checks-retrain-failed"),
        Verdict::NoBase => t!(page, "repo-pulls-checks-retrain-no-base"),
        Verdict::BaseRunning => t!(page, "repo-pulls-checks-retrain-base-running"),
        Verdict::NoMetric => t!(page, "repo-pulls-checks-retrain-no-metric"),
        Verdict::Worse => t!(page, "repo-pulls-checks-retrain-worse"),
        Verdict::Passed => t!(page, "repo-pulls-checks-retrain-passed"),
    }
}

fn demand(page: &Page, metric: &MetricDemand) -> String {
    let (name, amount) = (metric.name.as_str(), number(f64::from(metric.allowance)));
    match metric.better {
        Better::Higher => {
            t!(page, "repo-pulls-checks-retrain-higher", name = name, amount = amount)
        }
        Better::Lower => {
            t!(page, "repo-pulls-checks-retrain-lower", name = name, amount = amount)
        }
    }
}

/// The metrics of both sides by name, the demanded one first.
fn metrics(page: &Page, one: &Comparison) -> Vec<MetricView> {
    let values = |trained: Option<&Trained>| -> Vec<(String, f64)> {
        let metrics = trained.map(|trained| trained.metrics.as_slice()).unwrap_or_default();
        metrics.iter().map(|metric| (metric.name.clone(), metric.last)).collect()
    };
    let (base, head) = (values(one.base.as_ref()), values(one.head.as_ref()));
    let mut names: Vec<&String> = base.iter().chain(&head).map(|(name, _)| name).collect();
    let demand = one.retraining.metric.as_ref();
    let is_demanded = |name: &str| demand.is_some_and(|demand| demand.name == name);
    names.sort_by_key(|name| (!is_demanded(name), *name));
    names.dedup();
    let find = |side: &[(String, f64)], wanted: &str| {
        side.iter().find(|(name, _)| name == wanted).map(|(_, value)| *value)
    };
    let row = |name: &String| {
        let (base, head) = (find(&base, name), find(&head, name));
        let worse = demand.filter(|demand| demand.name == *name).and_then(|demand| {
            let (base, head) = (base?, head?);
            Some(demand.worse_by(base, head))
        });
        let judgement = match worse {
            Some(worse) if worse > 0.0 => t!(page, "repo-pulls-checks-retrain-is-worse"),
            Some(worse) if worse < 0.0 => t!(page, "repo-pulls-checks-retrain-is-better"),
            Some(_) => t!(page, "repo-pulls-checks-retrain-is-same"),
            None => "",
        };
        MetricView {
            name: name.clone(),
            base: base.map(number).unwrap_or_default(),
            head: head.map(number).unwrap_or_default(),
            difference: base.zip(head).map(|(base, head)| signed(head - base)).unwrap_or_default(),
            judgement,
            is_demanded: is_demanded(name),
        }
    };
    names.into_iter().map(row).collect()
}

fn signed(difference: f64) -> String {
    if difference > 0.0 { format!("+{}", number(difference)) } else { number(difference) }
}

/// The button's form. It names the commit that was seen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RetrainForm {
    rule: String,
    /// `head` or `base`.
    side: String,
    commit: String,
}

pub(crate) async fn post(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<RetrainForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let rule = form.rule.parse::<BranchRuleId>().map_err(|_| Error::NotFound(Kind::BranchRule))?;
    let side = match form.side.as_str() {
        "head" => Side::Head,
        "base" => Side::Base,
        _ => return Err(Error::field("side", "unknown-choice").into()),
    };
    let task = retraining::launch(&app, &visit.access, number, rule, (side, &form.commit)).await?;
    let checks = visit.urls.pull_part(number, "checks");
    Ok(see_other_with(&checks, Flash::new("flash-task-started", task.id.to_string())))
}

#[cfg(test)]
mod tests {
    use super::signed;

    #[test]
    fn a_difference_says_its_direction() {
        assert_eq!(signed(0.25), "+0.25");
        assert_eq!(signed(-0.25), "-0.25");
        assert_eq!(signed(0.0), "0");
    }
}

//! The part of a rule's form about what has to be trained again.

use hearth_app::{Access, App, branch_rule::BranchRule, retraining};
use hearth_core::{Administer, Allowance, Better, Error, FieldErrors, MetricDemand, Retraining, TaskId};

use super::form::RuleForm;

/// The fields of a rule as it is.
pub(super) fn pairs(retraining: Option<&Retraining>) -> Vec<(String, String)> {
    let Some(asked) = retraining else { return Vec::new() };
    let mut pairs =
        vec![("retrain_name", asked.name.clone()), ("retrain_automatic", asked.starts_by_itself.to_string())];
    if let Some(metric) = &asked.metric {
        pairs.push(("retrain_metric", metric.name.clone()));
        pairs.push(("retrain_better", metric.better.to_string()));
        pairs.push(("retrain_allowance", f64::from(metric.allowance).to_string()));
    }
    pairs.into_iter().map(|(field, value)| (field.to_owned(), value)).collect()
}

/// What the task of a rule is, in one line: its program, its image and its spec.
pub(super) fn definition(rule: Option<&BranchRule>) -> Option<String> {
    let asked = rule?.settings.retraining.as_ref()?;
    let task = &asked.definition;
    Some(format!("{} · {} · {}", task.program.label(), task.image, task.spec))
}

/// What was typed; without a name nothing is asked for. Without a task, the definition that the rule has is kept.
pub(super) async fn read(
    form: &RuleForm,
    app: &App,
    access: &Access<Administer>,
    known: Option<&BranchRule>,
    mistakes: &mut FieldErrors,
) -> Result<Option<Retraining>, Error> {
    let name = form.text("retrain_name").trim();
    if name.is_empty() {
        if !form.text("retrain_task").trim().is_empty() || !form.text("retrain_metric").trim().is_empty() {
            mistakes.add("retrain_name", "required");
        }
        return Ok(None);
    }
    let kept = known.and_then(|rule| rule.settings.retraining.as_ref()).map(|asked| &asked.definition);
    let definition = match (form.text("retrain_task").trim().trim_start_matches('#'), kept) {
        ("", Some(kept)) => Some(kept.clone()),
        ("", None) => {
            mistakes.add("retrain_task", "required");
            None
        }
        (number, _) => match mistakes.take("retrain_task", number.parse::<TaskId>(), |_| "not-a-number") {
            Some(task) => {
                mistakes.absorb(retraining::definition_of(app, access, "retrain_task", task).await)?
            }
            None => None,
        },
    };
    let metric = metric(form, mistakes);
    Ok(definition.map(|definition| Retraining {
        name: name.to_owned(),
        definition,
        metric,
        starts_by_itself: form.is_on("retrain_automatic"),
    }))
}

fn metric(form: &RuleForm, mistakes: &mut FieldErrors) -> Option<MetricDemand> {
    let name = form.text("retrain_metric").trim();
    if name.is_empty() {
        return None;
    }
    let better = form.text("retrain_better").parse::<Better>();
    let better = mistakes.take("retrain_better", better, |()| "unknown-choice");
    let allowance = match form.text("retrain_allowance").trim() {
        "" => Some(Allowance::default()),
        text => {
            let amount = text.parse::<f64>().ok().and_then(|amount| Allowance::try_from(amount).ok());
            mistakes.take("retrain_allowance", amount.ok_or(()), |()| "amount")
        }
    };
    Some(MetricDemand { name: name.to_owned(), better: better?, allowance: allowance? })
}

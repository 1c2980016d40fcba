//! What a rule for a branch asks to be trained again on the head of a pull request, and how its metric is judged.

use serde::{Deserialize, Serialize};

use crate::{Program, TaskKind};

/// A task without its code: what "run again" keeps of one. The code is what is judged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskDefinition {
    /// `None` means train.
    #[serde(default)]
    pub kind: Option<TaskKind>,
    pub program: Program,
    /// An image's code.
    pub image: String,
    /// A spec's code.
    pub spec: String,
    /// The number of machines that it runs on at once.
    pub nodes: u32,
    /// `None` means the most that the site allows.
    pub time_limit_seconds: Option<u64>,
    pub network: bool,
    pub skip_requirements: bool,
    pub seed: Option<i64>,
}

text_enum! {
    /// In which direction a metric is better.
    pub enum Better {
        Higher = "higher",
        Lower = "lower",
    }
}

/// By how much a metric may be worse, in its own unit: finite, and not below zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Allowance(f64);

/// It is never NaN, so it always equals itself.
impl Eq for Allowance {}

/// No number, infinite, or below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an allowance is a finite number that is not below zero")]
pub struct BadAllowance;

impl TryFrom<f64> for Allowance {
    type Error = BadAllowance;

    fn try_from(amount: f64) -> Result<Self, BadAllowance> {
        if amount.is_finite() && amount >= 0.0 { Ok(Self(amount)) } else { Err(BadAllowance) }
    }
}

impl From<Allowance> for f64 {
    fn from(allowance: Allowance) -> Self {
        allowance.0
    }
}

/// The metric that is compared with that of the base branch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MetricDemand {
    pub name: String,
    pub better: Better,
    #[serde(default)]
    pub allowance: Allowance,
}

impl MetricDemand {
    /// By how much the head's value is worse than the base's; below zero if it is better.
    #[must_use]
    pub fn worse_by(&self, base: f64, head: f64) -> f64 {
        match self.better {
            Better::Higher => base - head,
            Better::Lower => head - base,
        }
    }

    /// Whether the head's value is worse than is allowed. What cannot be compared is.
    #[must_use]
    pub fn is_too_bad(&self, base: f64, head: f64) -> bool {
        let worse = self.worse_by(base, head);
        worse.is_nan() || worse > self.allowance.0
    }
}

/// What has to be trained again before a merge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retraining {
    /// What its check is called.
    pub name: String,
    pub definition: TaskDefinition,
    /// `None`: the task only has to succeed.
    #[serde(default)]
    pub metric: Option<MetricDemand>,
    /// Whether it starts by itself on what people with write access push to this repository.
    #[serde(default)]
    pub starts_by_itself: bool,
}

impl Retraining {
    /// What the contexts of these checks begin with; nobody else reports under it.
    pub const PREFIX: &'static str = "retrain/";
    /// The longest name, in characters.
    pub const LONGEST_NAME: usize = 50;

    /// The context of its check.
    #[must_use]
    pub fn context(&self) -> String {
        format!("{}{}", Self::PREFIX, self.name)
    }

    /// Letters of any script, digits, `-`, `_` and `.`.
    #[must_use]
    pub fn has_valid_name(&self) -> bool {
        let is_fine = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
        !self.name.is_empty()
            && self.name.chars().count() <= Self::LONGEST_NAME
            && self.name.chars().all(is_fine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn demand(better: Better, allowance: f64) -> MetricDemand {
        let allowance = Allowance::try_from(allowance).expect("a good one");
        MetricDemand { name: "accuracy".into(), better, allowance }
    }

    #[test]
    fn a_metric_may_be_worse_by_what_is_allowed_and_better_by_anything() {
        let higher = demand(Better::Higher, 0.25);
        assert!(!higher.is_too_bad(1.0, 0.75) && higher.is_too_bad(1.0, 0.5) && !higher.is_too_bad(1.0, 9.0));
        let lower = demand(Better::Lower, 0.0);
        assert!(!lower.is_too_bad(1.0, 1.0) && lower.is_too_bad(1.0, 1.5) && !lower.is_too_bad(1.0, -9.0));
        assert!(lower.is_too_bad(1.0, f64::NAN) && higher.is_too_bad(f64::INFINITY, f64::INFINITY));
    }

    #[test]
    fn an_allowance_is_a_plain_amount() {
        for bad in [-0.1, f64::NAN, f64::INFINITY] {
            assert_eq!(Allowance::try_from(bad), Err(BadAllowance), "{bad}");
        }
        assert!(serde_json::from_str::<Allowance>("-1").is_err());
        assert_eq!(serde_json::to_string(&demand(Better::Lower, 0.5).allowance).expect("JSON"), "0.5");
    }

    #[test]
    fn a_name_can_stand_in_a_context() {
        let named = |name: &str| Retraining {
            name: name.into(),
            definition: TaskDefinition::default(),
            metric: None,
            starts_by_itself: false,
        };
        assert_eq!(named("小模型-1.0").context(), "retrain/小模型-1.0");
        assert!(named("小模型-1.0").has_valid_name());
        for bad in ["", "a b", "a/b", "*", &"x".repeat(51)] {
            assert!(!named(bad).has_valid_name(), "{bad:?}");
        }
    }
}

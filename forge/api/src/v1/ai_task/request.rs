//! What AiForge's form sends, and its conversion to a task.

use hearth_app::task::{NewTask, Offers, Parameter, Program};
use hearth_core::TaskId;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    envelope::{IMAGE, NO_DATASET, NO_MODEL, NOT_AVAILABLE, PARAMETER, Refusal, SPEC},
    words,
};

/// The supported fields of AiForge's form. Others are accepted and ignored.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ai_task::Create)]
pub(super) struct Create {
    /// `TRAIN` or `INFERENCE`.
    #[serde(default)]
    job_type: String,
    #[serde(default)]
    display_job_name: String,
    /// The id of a spec, from `creation/required`.
    #[serde(default)]
    spec_id: i64,
    /// `GPU`, `NPU`, …: if given, it must match the spec.
    #[serde(default)]
    compute_source: String,
    /// Nodes; 0 and 1 are one.
    #[serde(default)]
    work_server_number: i64,
    /// The default branch when empty.
    #[serde(default)]
    branch_name: String,
    #[serde(default)]
    boot_file: String,
    /// The id of an image, from `creation/required`; the first image when this and the address are empty.
    #[serde(default)]
    #[schema(value_type = String)]
    image_id: Value,
    /// Without an image id: the image with this address or code.
    #[serde(default)]
    image_url: String,
    #[serde(default)]
    dataset_uuid_str: String,
    #[serde(default)]
    pretrain_model_id_str: String,
    /// `{"parameter":[{"label":…,"value":…}]}` as a string.
    #[serde(default)]
    params: String,
    #[serde(default)]
    description: String,
    /// 0: any, 1: without, 2: with.
    #[serde(default)]
    has_internet: i64,
    /// In hours, up to 24; -1 and 0: none.
    #[serde(default)]
    time_limit: i64,
    #[serde(default)]
    is_continue: bool,
    /// The task that this one is derived from.
    #[serde(default)]
    source_cloudbrain_id: i64,
}

/// The run parameters, parsed from their string.
#[derive(Deserialize)]
struct Parameters {
    #[serde(default)]
    parameter: Vec<Labelled>,
}

#[derive(Deserialize)]
struct Labelled {
    label: String,
    /// Numbers and booleans are written unchanged.
    value: Value,
}

const HOUR: u64 = 3600;

impl Create {
    pub(super) fn into_new(self, offers: &Offers) -> Result<NewTask, Refusal> {
        let kind = words::kind(&self.job_type)?;
        if kind.is_none() {
            return Err(PARAMETER.about("job_type"));
        }
        if self.display_job_name.trim().is_empty() {
            return Err(PARAMETER.about("display_job_name"));
        }
        self.check_inputs()?;
        let time_limit_seconds = self.seconds()?;
        Ok(NewTask {
            kind,
            spec: self.spec(offers)?,
            image: self.image(offers)?,
            nodes: self.nodes()?,
            network: self.has_internet == 2,
            time_limit_seconds,
            parent: Some(self.source_cloudbrain_id).filter(|id| *id > 0).map(TaskId),
            name: self.display_job_name,
            description: self.description,
            revision: self.branch_name,
            program: Program::script(self.boot_file, parameters(&self.params)?),
            ..NewTask::default()
        })
    }

    /// Refuses inputs that would otherwise be ignored silently.
    fn check_inputs(&self) -> Result<(), Refusal> {
        if !self.dataset_uuid_str.trim().is_empty() {
            return Err(NO_DATASET.about("tasks take no data sets on this server yet"));
        }
        if !self.pretrain_model_id_str.trim().is_empty() {
            return Err(NO_MODEL.about("tasks take no models on this server yet"));
        }
        if self.is_continue {
            return Err(NOT_AVAILABLE.about("is_continue"));
        }
        if !(0..=2).contains(&self.has_internet) {
            return Err(PARAMETER.about("has_internet"));
        }
        Ok(())
    }

    fn seconds(&self) -> Result<Option<u64>, Refusal> {
        match self.time_limit {
            -1 | 0 => Ok(None),
            hours @ 1..=24 => Ok(Some(hours.unsigned_abs() * HOUR)),
            _ => Err(PARAMETER.about("time_limit")),
        }
    }

    fn nodes(&self) -> Result<u32, Refusal> {
        let count = u32::try_from(self.work_server_number.max(1));
        count.map_err(|_| PARAMETER.about("work_server_number"))
    }

    fn spec(&self, offers: &Offers) -> Result<String, Refusal> {
        let found = offers.specs.iter().find(|choice| choice.spec.id == self.spec_id).ok_or(SPEC)?;
        if !self.compute_source.is_empty() && self.compute_source != words::of_spec(&found.spec) {
            return Err(SPEC.about("compute_source is not that of the specification"));
        }
        Ok(found.spec.code.clone())
    }

    fn image(&self, offers: &Offers) -> Result<String, Refusal> {
        let id = match &self.image_id {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        };
        if id.is_empty() && self.image_url.is_empty() {
            return Ok(String::new());
        }
        let wanted = if id.is_empty() { self.image_url.trim() } else { &id };
        let found = offers.images.iter().find(|image| {
            image.id.to_string() == wanted
                || image.code == wanted
                || image.reference.as_deref() == Some(wanted)
        });
        Ok(found.ok_or(IMAGE)?.code.clone())
    }
}

fn parameters(text: &str) -> Result<Vec<Parameter>, Refusal> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let read: Parameters = serde_json::from_str(text).map_err(|_| PARAMETER.about("params"))?;
    let named = read.parameter.into_iter().map(|given| Parameter {
        name: given.label,
        value: match given.value {
            Value::String(text) => text,
            Value::Null => String::new(),
            other => other.to_string(),
        },
    });
    Ok(named.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_a_text_in_a_text() {
        let read = parameters(r#"{"parameter":[{"label":"lr","value":"0.1"},{"label":"epochs","value":3}]}"#);
        let read = read.expect("readable");
        assert_eq!(read[0], Parameter { name: "lr".into(), value: "0.1".into() });
        assert_eq!(read[1].value, "3");
        assert!(parameters("").expect("none").is_empty());
        assert!(matches!(parameters("lr=0.1"), Err(Refusal::Code(9001, _))));
    }

    #[test]
    fn hours_become_seconds() {
        let asked = |hours| Create { time_limit: hours, ..serde_json::from_str("{}").expect("empty") };
        assert_eq!(asked(2).seconds().expect("two hours"), Some(7_200));
        assert_eq!(asked(-1).seconds().expect("none"), None);
        assert!(asked(25).seconds().is_err());
    }
}

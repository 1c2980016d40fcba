//! `/-/admin/compute/accelerators/{code}`: one kind of cards; and the form for a new one.

use askama::Template;
use axum::response::Response;
use hearth_app::{
    Actor, App, Effect,
    accelerator::{self, Fields, Mount, Toleration},
};
use hearth_core::{FieldErrors, Result};
use serde::Deserialize;

use super::{
    row::{Row, Shown},
    status,
    text::{FormParser, filled, is_ticked, lines, pairs_text, tick},
};
use crate::{Failure, Mistakes, Page, respond::html_with};

#[derive(Template)]
#[template(path = "pages/admin/compute/accelerator.html")]
pub(crate) struct Accelerator {
    page: Page,
    section: &'static str,
    /// None: the form is for a new one.
    code: Option<String>,
    form: AcceleratorForm,
    mistakes: Mistakes,
    effect: Option<Effect>,
}

impl Accelerator {
    fn families() -> Vec<(&'static str, &'static str)> {
        super::families(false)
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AcceleratorForm {
    code: String,
    vendor: String,
    label: String,
    resource_name: String,
    family: String,
    model_label: String,
    memory_label: String,
    runtime_class: String,
    /// Lines of `key`, `key=value` or `key=value:effect`, as `kubectl taint` has them.
    tolerations: String,
    /// Lines of `NAME=value`.
    environment: String,
    /// Lines of a path, with `:ro` where it is read only.
    mounts: String,
    probe_command: String,
    is_enabled: String,
}

impl AcceleratorForm {
    fn of(kind: Fields) -> Self {
        let tolerations: Vec<String> = kind.tolerations.iter().map(toleration_text).collect();
        let mounts: Vec<String> = kind.mounts.iter().map(mount_text).collect();
        Self {
            code: kind.code,
            vendor: kind.vendor,
            label: kind.label,
            resource_name: kind.resource_name,
            family: kind.family,
            model_label: kind.model_label.unwrap_or_default(),
            memory_label: kind.memory_label.unwrap_or_default(),
            runtime_class: kind.runtime_class.unwrap_or_default(),
            tolerations: tolerations.join("\n"),
            environment: pairs_text(&kind.environment),
            mounts: mounts.join("\n"),
            probe_command: kind.probe_command.join(" "),
            is_enabled: tick(kind.is_enabled),
        }
    }

    fn is_enabled(&self) -> bool {
        is_ticked(&self.is_enabled)
    }
}

fn toleration(line: &str) -> Toleration {
    let (taint, effect) = match line.rsplit_once(':') {
        Some((taint, effect)) => (taint, Some(effect)),
        None => (line, None),
    };
    let (key, value) = match taint.split_once('=') {
        Some((key, value)) => (key, Some(value)),
        None => (taint, None),
    };
    let owned = |text: Option<&str>| text.map(str::to_owned);
    Toleration { key: key.to_owned(), value: owned(value), effect: owned(effect) }
}

fn toleration_text(toleration: &Toleration) -> String {
    let value = toleration.value.as_ref().map(|value| format!("={value}")).unwrap_or_default();
    let effect = toleration.effect.as_ref().map(|effect| format!(":{effect}")).unwrap_or_default();
    format!("{}{value}{effect}", toleration.key)
}

fn mount(line: &str) -> Mount {
    let (path, read_only) = line.strip_suffix(":ro").map_or((line, false), |path| (path, true));
    Mount { path: path.to_owned(), read_only }
}

fn mount_text(mount: &Mount) -> String {
    format!("{}{}", mount.path, if mount.read_only { ":ro" } else { "" })
}

impl Row for Accelerator {
    const SECTION: &'static str = "accelerators";

    type Form = AcceleratorForm;
    type Fields = Fields;

    fn blank() -> AcceleratorForm {
        AcceleratorForm { is_enabled: tick(true), ..AcceleratorForm::default() }
    }

    fn read(form: &AcceleratorForm) -> (Fields, FieldErrors) {
        let mut parser = FormParser::default();
        let fields = Fields {
            code: form.code.clone(),
            vendor: form.vendor.clone(),
            label: form.label.clone(),
            resource_name: form.resource_name.clone(),
            family: form.family.clone(),
            model_label: filled(&form.model_label),
            memory_label: filled(&form.memory_label),
            runtime_class: filled(&form.runtime_class),
            tolerations: lines(&form.tolerations).map(toleration).collect(),
            environment: parser.pairs("environment", &form.environment),
            mounts: lines(&form.mounts).map(mount).collect(),
            probe_command: form.probe_command.split_whitespace().map(str::to_owned).collect(),
            is_enabled: form.is_enabled(),
        };
        parser.finish(fields)
    }

    async fn find(app: &App, actor: &Actor, code: &str) -> Result<AcceleratorForm> {
        Ok(AcceleratorForm::of(Fields::of(&accelerator::find(app, actor, code).await?)))
    }

    async fn check(app: &App, actor: &Actor, fields: &Fields) -> Result<()> {
        accelerator::check(app, actor, fields)
    }

    async fn make(app: &App, actor: &Actor, fields: &Fields) -> Result<String> {
        Ok(accelerator::make(app, actor, fields).await?.code)
    }

    async fn preview(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<Effect> {
        accelerator::preview(app, actor, code, fields).await
    }

    async fn change(app: &App, actor: &Actor, code: &str, fields: &Fields) -> Result<()> {
        accelerator::change(app, actor, code, fields).await.map(drop)
    }

    async fn show(
        _: &App,
        page: Page,
        code: Option<String>,
        shown: Shown<AcceleratorForm>,
    ) -> Result<Response, Failure> {
        let Shown { form, mistakes, effect } = shown;
        let drawn = Self { page, section: Self::SECTION, code, form, mistakes, effect };
        html_with(status(&drawn.mistakes), &drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_of_cards_is_read_as_it_is_written() {
        let written = AcceleratorForm {
            code: "vastai".into(),
            model_label: "vastaitech.com/product".into(),
            tolerations: "gpu=h200:NoSchedule\nnvidia.com/gpu\na=b".into(),
            environment: "A=1\nB=x=y".into(),
            mounts: "/usr/local/dcmi:ro\n/dev/davinci0".into(),
            probe_command: "npu-smi info -t".into(),
            is_enabled: tick(true),
            ..AcceleratorForm::default()
        };
        let (fields, mistakes) = Accelerator::read(&written);
        assert!(mistakes.is_empty());
        assert_eq!((fields.mounts[0].read_only, fields.mounts[1].read_only), (true, false));
        assert_eq!(fields.tolerations[0].effect.as_deref(), Some("NoSchedule"));
        assert_eq!(fields.tolerations[1].value, None);
        assert_eq!(fields.runtime_class, None);
        let again = AcceleratorForm::of(fields.clone());
        assert_eq!(again.tolerations, written.tolerations);
        assert_eq!(Accelerator::read(&again).0, fields);
    }
}

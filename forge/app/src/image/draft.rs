//! What an administrator types about an image and its variants.

use hearth_core::Result;
use hearth_store::{image::Image, image_variant::ImageVariant};
use serde::Deserialize;

use super::registry::Reference;
use crate::{
    accelerator::FAMILIES,
    draft::{Reading, is_ticked, tick},
};

/// A form about an image; every field is text, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Draft {
    pub code: String,
    pub label: String,
    pub framework: String,
    pub framework_version: String,
    pub python_version: String,
    pub is_enabled: String,
}

impl Draft {
    /// The form of an image that is there.
    pub fn of(image: &Image) -> Self {
        Self {
            code: image.code.clone(),
            label: image.label.clone(),
            framework: image.framework.clone(),
            framework_version: image.framework_version.clone(),
            python_version: image.python_version.clone(),
            is_enabled: tick(image.is_enabled),
        }
    }

    pub fn is_enabled(&self) -> bool {
        is_ticked(&self.is_enabled)
    }

    pub(super) fn read(&self, base: Image) -> Result<Image> {
        let mut reading = Reading::default();
        let image = Image {
            code: reading.code("code", &self.code),
            label: reading.required_line("label", &self.label),
            framework: reading.required_line("framework", &self.framework),
            framework_version: reading.line("framework_version", &self.framework_version),
            python_version: reading.line("python_version", &self.python_version),
            is_enabled: self.is_enabled(),
            ..base
        };
        reading.0.into_result()?;
        Ok(image)
    }
}

/// A form about one variant of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct VariantDraft {
    pub family: String,
    pub toolkit: String,
    pub reference: String,
}

impl VariantDraft {
    pub(super) fn read(&self, base: ImageVariant) -> Result<ImageVariant> {
        let mut reading = Reading::default();
        if !FAMILIES.contains(&self.family.as_str()) {
            reading.0.add("family", "unknown-choice");
        }
        let reference = reading.required_line("reference", &self.reference);
        if !reference.is_empty() && reference.parse::<Reference>().is_err() {
            reading.0.add("reference", "image-reference");
        }
        let variant = ImageVariant {
            family: self.family.clone(),
            toolkit: reading.line("toolkit", &self.toolkit),
            // A digest belongs to the reference that it was asked of.
            digest: base.digest.filter(|_| base.reference == reference),
            reference,
            ..base
        };
        reading.0.into_result()?;
        Ok(variant)
    }
}

//! The fields of images and variants that an administrator sets.

use hearth_core::Result;
use hearth_store::{image::Image, image_variant::ImageVariant};

use super::registry::Reference;
use crate::{accelerator::FAMILIES, fields::Checks};

/// The fields of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    pub code: String,
    pub label: String,
    pub framework: String,
    pub framework_version: String,
    pub python_version: String,
    pub is_enabled: bool,
}

impl Fields {
    /// The fields of an existing image.
    pub fn of(image: &Image) -> Self {
        Self {
            code: image.code.clone(),
            label: image.label.clone(),
            framework: image.framework.clone(),
            framework_version: image.framework_version.clone(),
            python_version: image.python_version.clone(),
            is_enabled: image.is_enabled,
        }
    }

    pub(super) fn check(&self, base: Image) -> Result<Image> {
        let mut checks = Checks::default();
        let image = Image {
            code: checks.code("code", &self.code),
            label: checks.required_line("label", &self.label),
            framework: checks.required_line("framework", &self.framework),
            framework_version: checks.line("framework_version", &self.framework_version),
            python_version: checks.line("python_version", &self.python_version),
            is_enabled: self.is_enabled,
            ..base
        };
        checks.0.into_result()?;
        Ok(image)
    }
}

/// The fields of one variant of an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VariantFields {
    pub family: String,
    pub toolkit: String,
    pub reference: String,
}

impl VariantFields {
    pub(super) fn check(&self, base: ImageVariant) -> Result<ImageVariant> {
        let mut checks = Checks::default();
        if !FAMILIES.contains(&self.family.as_str()) {
            checks.0.add("family", "unknown-choice");
        }
        let reference = checks.required_line("reference", &self.reference);
        if !reference.is_empty() && reference.parse::<Reference>().is_err() {
            checks.0.add("reference", "image-reference");
        }
        let variant = ImageVariant {
            family: self.family.clone(),
            toolkit: checks.line("toolkit", &self.toolkit),
            // A digest is valid only for the reference it was resolved from.
            digest: base.digest.filter(|_| base.reference == reference),
            reference,
            ..base
        };
        checks.0.into_result()?;
        Ok(variant)
    }
}

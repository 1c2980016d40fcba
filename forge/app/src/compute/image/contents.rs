//! What an image holds, found by asking its interpreter, and which images have a module.

use std::{path::Path, process::Stdio, time::Duration};

use hearth_core::{Error, Kind, Result, Scope, Timestamp};
use hearth_store::{
    Json,
    image::{self as row, Image},
    image_contents::{self, ImageContents, Package},
    image_variant::{self as variant_row, ImageVariant},
};
use tokio::io::AsyncReadExt as _;

use crate::{Actor, App};

/// Reading the metadata of many packages from a slow disk takes a while.
const PATIENCE: Duration = Duration::from_mins(2);
const LARGEST_ANSWER: u64 = 4 << 20;
const MOST_PACKAGES: usize = 2_000;
const MOST_MODULES: usize = 50;
const LONGEST_NAME: usize = 100;

/// Lists packages and their top-level modules without importing any of them.
const QUESTION: &str = "\
import json
from importlib import metadata
packages = {}
for found in metadata.distributions():
    try:
        name, version = found.metadata['Name'], found.version
        modules = (found.read_text('top_level.txt') or '').split()
        if not modules:
            parts = {str(path).split('/')[0] for path in found.files or []}
            modules = [part.split('.')[0] for part in parts if part.endswith('.py') or '.' not in part]
    except Exception:
        continue
    if name and version and name not in packages:
        packages[name] = {'name': name, 'version': version,
            'modules': sorted({m for m in modules if m.isidentifier() and not m.startswith('__')})}
print(json.dumps(sorted(packages.values(), key=lambda package: package['name'].lower())))
";

/// An image as its users see it.
#[derive(Clone, Debug)]
pub struct Description {
    pub image: Image,
    /// The enabled variants for families of cards.
    pub variants: Vec<ImageVariant>,
    /// `None` if no interpreter could be asked, as in images that only run on clusters.
    pub contents: Option<Contents>,
}

/// What an image holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// By name.
    pub packages: Vec<Package>,
    pub observed_at: Timestamp,
}

/// The images that tasks can be launched with, for whoever is signed in.
pub async fn descriptions(app: &App, actor: &Actor) -> Result<Vec<Description>> {
    may_look(actor)?;
    let mut reader = app.store().read().await?;
    let images = row::list_usable(&mut reader).await?;
    let variants = variant_row::list(&mut reader).await?;
    let contents = image_contents::list(&mut reader).await?;
    Ok(images.into_iter().map(|image| join(image, &variants, &contents)).collect())
}

/// One of [`descriptions`], by its code.
pub async fn describe(app: &App, actor: &Actor, code: &str) -> Result<Description> {
    let mut all = descriptions(app, actor).await?.into_iter();
    all.find(|found| found.image.code == code).ok_or(Error::NotFound(Kind::Image))
}

/// The images that have a module, or a package of this name.
pub async fn with_module(app: &App, actor: &Actor, module: &str) -> Result<Vec<Image>> {
    let all = descriptions(app, actor).await?.into_iter();
    Ok(all.filter(|found| found.has_module(module)).map(|found| found.image).collect())
}

fn may_look(actor: &Actor) -> Result<()> {
    actor.signed_in()?;
    actor.require(Scope::ReadTask)
}

fn join(image: Image, variants: &[ImageVariant], contents: &[ImageContents]) -> Description {
    let own = |variant: &&ImageVariant| variant.image_id == image.id && variant.is_enabled;
    let found = contents.iter().find(|contents| contents.image_id == image.id);
    Description {
        variants: variants.iter().filter(own).cloned().collect(),
        contents: found
            .map(|found| Contents { packages: found.packages.0.clone(), observed_at: found.observed_at }),
        image,
    }
}

impl Description {
    /// Whether a program in this image can import a module, as far as it is known.
    fn has_module(&self, module: &str) -> bool {
        let top = module.split('.').next().unwrap_or_default();
        let mut packages = self.contents.iter().flat_map(|contents| &contents.packages);
        packages.any(|package| package.has_module(top))
    }
}

/// Asks the interpreters of this machine what they can import, and stores it. One that does not answer keeps
/// what was known of it.
pub async fn observe(app: &App) -> Result<()> {
    let images = row::list(&mut app.store().read().await?).await?;
    for image in images.into_iter().filter(|image| image.is_available) {
        let Some(interpreter) = &image.interpreter else { continue };
        let Some(packages) = ask(Path::new(interpreter)).await else {
            tracing::warn!(interpreter, "this interpreter does not say which packages it has");
            continue;
        };
        let contents = ImageContents { image_id: image.id, packages: Json(packages), observed_at: app.now() };
        let mut operation = app.begin().await?;
        image_contents::put(&mut operation, &contents).await?;
        operation.commit().await?;
    }
    Ok(())
}

async fn ask(interpreter: &Path) -> Option<Vec<Package>> {
    let mut command = tokio::process::Command::new(interpreter);
    command.args(["-I", "-c", QUESTION]).current_dir("/").kill_on_drop(true);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    let mut answer = Vec::new();
    let mut output = child.stdout.take()?.take(LARGEST_ANSWER);
    tokio::time::timeout(PATIENCE, output.read_to_end(&mut answer)).await.ok()?.ok()?;
    let packages: Vec<Package> = serde_json::from_slice(&answer).ok()?;
    Some(packages.into_iter().filter(is_usual).take(MOST_PACKAGES).collect())
}

fn is_usual(package: &Package) -> bool {
    let is_short = |text: &String| text.len() <= LONGEST_NAME;
    is_short(&package.name)
        && is_short(&package.version)
        && package.modules.len() <= MOST_MODULES
        && package.modules.iter().all(is_short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_interpreter_says_which_packages_and_modules_it_has() {
        let Some(packages) = ask(Path::new("/usr/bin/python3")).await else { return };
        assert!(packages.is_sorted_by_key(|package| package.name.to_lowercase()), "{packages:?}");
        assert!(packages.iter().all(is_usual));
    }

    #[tokio::test]
    async fn something_else_says_nothing() {
        assert_eq!(ask(Path::new("/bin/true")).await, None);
        assert_eq!(ask(Path::new("/no/such/python")).await, None);
    }
}

//! Images: the interpreters of this machine, discovered at start, and the container images that an
//! administrator adds for clusters.

mod administration;
mod contents;
mod fields;
mod matrix;
pub mod registry;
mod shipped;
pub mod smoke;

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use hearth_core::Result;
use hearth_store::image::{self as row, NewImage};
use serde::Deserialize;

pub use administration::{
    Entry, catalogue, change, check, delete_variant, effect, find, make, preview, put_variant,
    resolve_variant,
};
pub use contents::{Contents, Description, describe, descriptions, observe, with_module};
pub use fields::{Fields, VariantFields};
pub use hearth_store::{image::Image, image_contents::Package, image_variant::ImageVariant};
pub use matrix::{CPU, Cell, Check, Matrix, Row, matrix};

use crate::App;

/// Where the system's own interpreter may be.
const SYSTEM: [&str; 3] = ["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"];
/// Timeout for probing an interpreter: one with many packages takes a while.
const PATIENCE: Duration = Duration::from_secs(20);
/// Determines versions without importing any package.
const QUESTION: &str = "\
import json, platform
from importlib import metadata
found = {}
for name in ('torch', 'tensorflow', 'paddlepaddle', 'mindspore', 'jax', 'scikit-learn', 'numpy'):
    try:
        found[name] = metadata.version(name)
    except Exception:
        pass
print(json.dumps({'python': platform.python_version(), 'found': list(found.items())}))
";

/// The answer of an interpreter.
#[derive(Debug, Deserialize)]
struct Answer {
    python: String,
    /// Frameworks and their versions, in the order of [`QUESTION`].
    found: Vec<(String, String)>,
}

/// All images, including disabled and missing ones: for administrators.
pub async fn list(app: &App) -> Result<Vec<Image>> {
    Ok(row::list(&mut app.store().read().await?).await?)
}

/// Inserts common frameworks unless they exist: without references, and disabled.
pub async fn insert_shipped(app: &App) -> Result<()> {
    let mut operation = app.begin().await?;
    for new in shipped::rows(app.now()) {
        row::insert_if_new(&mut operation, &new).await?;
    }
    operation.commit().await?;
    Ok(())
}

/// Discovers the interpreters of this machine (the system's and the configured ones) and stores them. Missing
/// ones are no longer offered, and none are where all tasks run on clusters. What an administrator added is
/// kept.
pub async fn discover(app: &App, configured: &[PathBuf]) -> Result<()> {
    let system = SYSTEM.iter().map(PathBuf::from).find(|path| path.exists());
    let is_wanted = app.engines().iter().any(|engine| engine.has_interpreters());
    let mut images: Vec<NewImage> = Vec::new();
    for path in configured.iter().cloned().chain(system).filter(|_| is_wanted) {
        if images.iter().any(|image| image.interpreter.as_deref() == path.to_str()) {
            continue;
        }
        let Some(mut image) = ask(app, &path).await else {
            tracing::warn!(path = %path.display(), "this interpreter does not answer and is not offered");
            continue;
        };
        let base = image.code.clone();
        for number in 2.. {
            if !images.iter().any(|other| other.code == image.code) {
                break;
            }
            image.code = format!("{base}-{number}");
        }
        images.push(image);
    }
    let mut operation = app.begin().await?;
    row::forget_local(&mut operation).await?;
    for image in &images {
        row::note(&mut operation, image).await?;
    }
    operation.commit().await?;
    Ok(())
}

async fn ask(app: &App, path: &Path) -> Option<NewImage> {
    let interpreter = path.to_str()?.to_owned();
    let mut command = tokio::process::Command::new(path);
    command.args(["-I", "-c", QUESTION]).stdin(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, command.output()).await.ok()?.ok()?;
    let answer: Answer = serde_json::from_slice(&output.stdout).ok()?;
    let short = two_parts(&answer.python);
    let frameworks: Vec<String> =
        answer.found.iter().map(|(name, version)| format!("{name} {}", two_parts(version))).collect();
    let label = [format!("Python {short}")].into_iter().chain(frameworks).collect::<Vec<_>>().join(" + ");
    let main = answer.found.into_iter().find(|(name, _)| !matches!(name.as_str(), "numpy" | "scikit-learn"));
    let (code, framework, framework_version) = match main {
        Some((name, version)) => (format!("{name}-{}-python-{short}", two_parts(&version)), name, version),
        None => (format!("python-{short}"), "python".to_owned(), answer.python.clone()),
    };
    Some(NewImage {
        code,
        label,
        framework,
        framework_version,
        python_version: answer.python,
        interpreter: Some(interpreter),
        reference: None,
        digest: None,
        created_at: app.now(),
    })
}

/// Shortens `3.11.2` to `3.11` for display.
fn two_parts(version: &str) -> String {
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

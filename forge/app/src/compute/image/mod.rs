//! Images: the interpreters of this machine, found at start; on a cluster, what an administrator names.

mod administration;
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
pub use fields::{Fields, VariantFields};
pub use hearth_store::{image::Image, image_variant::ImageVariant};
pub use matrix::{CPU, Cell, Check, Matrix, Row, matrix};

use crate::App;

/// Where the system's own interpreter lies.
const SYSTEM: [&str; 3] = ["/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"];
/// Asking an interpreter that imports much takes a while.
const PATIENCE: Duration = Duration::from_secs(20);
/// Asks for versions without importing anything.
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

/// What an interpreter says of itself.
#[derive(Debug, Deserialize)]
struct Answer {
    python: String,
    /// Frameworks in the order of the question.
    found: Vec<(String, String)>,
}

/// All images, also those that are switched off or gone: for administrators.
pub async fn list(app: &App) -> Result<Vec<Image>> {
    Ok(row::list(&mut app.store().read().await?).await?)
}

/// Writes the frameworks that people ask for, unless they are there: without references, and switched off.
pub async fn ship(app: &App) -> Result<()> {
    let mut operation = app.begin().await?;
    for new in shipped::rows(app.now()) {
        row::insert_if_new(&mut operation, &new).await?;
    }
    operation.commit().await?;
    Ok(())
}

/// Finds the interpreters of this machine (the system's and the configured ones) and notes them. What is gone is no longer
/// offered, and nothing is where every task runs in a cluster; what an administrator wrote stays.
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

/// `3.11.2` is `3.11` to people.
fn two_parts(version: &str) -> String {
    version.split('.').take(2).collect::<Vec<_>>().join(".")
}

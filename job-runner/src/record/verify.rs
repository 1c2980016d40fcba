use std::path::Path;

use serde::Serialize;

use super::{LARGEST_LIST, RunDocument, sums};
use crate::{Result, bounded, error::At};

/// The result of verifying a sealed record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// The number of unchanged files.
    pub intact: usize,
    pub faults: Vec<(String, Fault)>,
}

impl Verdict {
    pub fn is_good(&self) -> bool {
        self.faults.is_empty() && self.intact > 0
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Listed, but gone.
    Missing,
    /// The content changed after sealing.
    Changed,
    /// Present, but never sealed.
    Extra,
    /// `run.json` has another hash than the checksum file.
    Contradicts,
    /// There is no checksum file, so the record was never sealed.
    NotSealed,
}

/// Compares a record with its own checksums, and its outputs with `run.json`.
pub fn verify(directory: &Path) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    let path = directory.join(sums::FILE);
    let text = match bounded::text(&path, LARGEST_LIST) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            verdict.faults.push((sums::FILE.to_owned(), Fault::NotSealed));
            return Ok(verdict);
        }
        other => other.at(path)?,
    };
    let sealed = sums::from_text(&text);
    let present = sums::of_directory(directory)?;
    for (path, hash) in &sealed {
        match present.get(path) {
            None => verdict.faults.push((path.clone(), Fault::Missing)),
            Some(now) if now != hash => verdict.faults.push((path.clone(), Fault::Changed)),
            Some(_) => verdict.intact += 1,
        }
    }
    for path in present.keys().filter(|path| !sealed.contains_key(*path)) {
        verdict.faults.push((path.clone(), Fault::Extra));
    }
    if let Ok(Some(document)) = super::read_json::<RunDocument>(&directory.join("run.json")) {
        for output in document.outputs.files {
            let path = format!("outputs/{}", output.path);
            if sealed.get(&path) != Some(&output.sha256) {
                verdict.faults.push((path, Fault::Contradicts));
            }
        }
    }
    Ok(verdict)
}

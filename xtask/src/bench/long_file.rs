//! The first view of a file of ten thousand lines. Each request is for another file, of which nothing is known yet.

use std::fs;

use super::git;
use super::sample::{extension, source};
use super::subject::{REPOSITORY, Subject};
use super::table::{Table, ms};
use crate::Outcome;

const LINES: u32 = 10_000;
const FILES: u32 = 20;

/// Pushes the files to a branch of their own and opens each of them once.
pub(super) fn pages(subject: &Subject, table: &mut Table) -> Outcome {
    let name = |index| format!("long_{index}.{}", extension(index));
    let folder = tempfile::tempdir().map_err(|e| format!("no temporary folder: {e}"))?;
    for index in 0..FILES {
        let (name, text) = (name(index), source(index, LINES, 0));
        fs::write(folder.path().join(&name), text).map_err(|e| format!("cannot write {name}: {e}"))?;
    }
    git::push_folder(subject, folder.path(), "long")?;
    let mut visitor = subject.visitor();
    let before = subject.cpu()?;
    let mut most_bytes = 0;
    for index in 0..FILES {
        let page = visitor.page(&format!("/{REPOSITORY}/src/branch/long/{}", name(index)))?;
        most_bytes = most_bytes.max(page.body.len());
    }
    let each = (subject.cpu()?.saturating_sub(before)) / FILES;
    table.figure("first view of a file of 10,000 lines, server CPU", ms(each), "ms");
    let kilobytes = u32::try_from(most_bytes / 1000).map_err(|_| "a very large page".to_owned())?;
    table.figure("first view of a file of 10,000 lines, HTML", f64::from(kilobytes), "KB");
    Ok(())
}

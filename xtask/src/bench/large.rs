//! Pages of what is large: a repository of 100,000 files, a folder of 5,000, and 10,000 issues.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::load::{self, Row};
use super::review::{Hosted, LARGE};
use super::review_sample;
use super::subject::Subject;
use super::table::{Table, ms};
use crate::Outcome;

/// Issues among which words are searched.
const ISSUES: u32 = 10_000;

/// Pages of the repository that [`super::review::merges`] has made, and of a long folder.
pub(super) fn folders(subject: &Subject, folder: &Path, limit: Duration, table: &mut Table) -> Outcome {
    let home = Row::of("home of 100,000 files", format!("/bench/{LARGE}"));
    table.page(load::row(subject, &home, limit)?);
    let hosted = Hosted::create(subject, "folder", review_sample::wide_folder(folder)?)?;
    hosted.push(&["main"])?;
    let address = format!("/{}/src/branch/main/samples", hosted.name);
    let (before, started) = (subject.cpu()?, Instant::now());
    subject.visitor().page(&address)?;
    let took = started.elapsed();
    // The commits of the entries may still be looked for: that is work for this page too.
    sleep(Duration::from_secs(2));
    let cpu = subject.cpu()?.saturating_sub(before);
    table.figure("folder of 5,000 files right after its push", ms(took), "ms");
    table.figure("folder of 5,000 files right after its push, server CPU", ms(cpu), "ms");
    table.page(load::row(subject, &Row::of("folder of 5,000 files", address), limit)?);
    Ok(())
}

/// A search for words in so many issues, beside the list of all of them.
pub(super) fn issues(subject: &Subject, limit: Duration, table: &mut Table) -> Outcome {
    let repository = subject.create("issues")?;
    subject.open_issues_of(&repository, ISSUES)?;
    let address = format!("/{repository}/issues");
    let list = load::row(subject, &Row::of("list of 10,000 issues", address.clone()), limit)?;
    let searched = format!("{address}?q=Step+{}", ISSUES - 1);
    let search = load::row(subject, &Row::of("search of 10,000 issues", searched), limit)?;
    let times = search.cpu.as_secs_f64() / list.cpu.as_secs_f64();
    table.page(list);
    table.page(search);
    table.figure("search of 10,000 issues against their list, CPU", times, "times");
    Ok(())
}

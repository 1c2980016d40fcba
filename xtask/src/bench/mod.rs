//! `cargo xtask bench`: speed and memory use of the release binary, and how they compare.
//! The method is written down in `docs/performance.md`.

mod client;
mod compare;
mod figures;
mod git;
mod kubernetes;
mod large;
mod load;
mod log;
mod long_file;
mod many_clones;
mod peer;
mod review;
mod review_sample;
mod sample;
mod siege;
mod subject;
mod table;
mod usage;

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::Outcome;
use crate::program::{cargo, find, run, target};
use crate::report::say;
use sample::Sample;
use subject::Subject;
use table::Table;

/// The options of `cargo xtask bench`.
pub(crate) struct Options {
    repository: Option<PathBuf>,
    binary: Option<PathBuf>,
    /// Another binary of Hearth to compare with.
    against: Option<PathBuf>,
    limit: Duration,
    issues: u32,
    part: Part,
}

/// The parts to measure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    /// Pages and git.
    Forge,
    /// Pages and pushes while other clients stall and request decompression bombs.
    Siege,
    Kubernetes,
}

impl Options {
    pub(crate) fn parse(words: &[String]) -> Outcome<Self> {
        let mut options = Self {
            repository: None,
            binary: None,
            against: None,
            limit: Duration::from_secs(3),
            issues: 1000,
            part: Part::All,
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("{word} needs a value"))?;
            let number = || value.parse::<u32>().map_err(|_| format!("{word} needs a number, not {value:?}"));
            match word.as_str() {
                "--repository" => options.repository = Some(PathBuf::from(value)),
                "--binary" => options.binary = Some(PathBuf::from(value)),
                "--against" => options.against = Some(PathBuf::from(value)),
                "--seconds" => options.limit = Duration::from_secs(u64::from(number()?.min(60))),
                "--issues" => options.issues = number()?.min(10_000),
                "--part" => {
                    options.part = match value.as_str() {
                        "forge" => Part::Forge,
                        "siege" => Part::Siege,
                        "kubernetes" => Part::Kubernetes,
                        _ => return Err(format!("--part is forge, siege or kubernetes, not {value:?}")),
                    };
                }
                other => return Err(format!("bench knows no option {other:?}")),
            }
        }
        Ok(options)
    }
}

/// Measures Hearth, and also Gitea if there is a `gitea` on the path.
pub(crate) fn measure(options: &Options) -> Outcome {
    let binary = if let Some(binary) = &options.binary {
        binary.clone()
    } else {
        run(cargo().args(["build", "--release", "--package", "hearth"]))?;
        target().join("release").join("hearth")
    };
    let is_asked = |part| options.part == Part::All || options.part == part;
    if is_asked(Part::Forge) {
        forge(&binary, options)?;
    }
    if is_asked(Part::Siege) {
        say(&siege::measure(&binary)?);
    }
    if is_asked(Part::Kubernetes) {
        say(&kubernetes::measure(&binary)?);
    }
    Ok(())
}

fn forge(binary: &Path, options: &Options) -> Outcome {
    let folder = target().join("bench");
    std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let sample = match &options.repository {
        Some(path) => Sample::of(path)?,
        None => Sample::of(&sample::generate(&folder)?)?,
    };
    say(&sample.describe());
    if let Some(other) = &options.against {
        say(&compare::measure(binary, other, &sample, options)?);
        return Ok(());
    }
    let mut tables = Vec::new();
    tables.push(one(Subject::hearth(binary, &folder)?, &sample, options, &folder)?);
    if let Some(gitea) = find("gitea") {
        tables.push(one(Subject::gitea(&gitea, &folder)?, &sample, options, &folder)?);
    }
    for table in &tables {
        say(&table.print());
    }
    if let [hearth, gitea] = &tables[..] {
        say(&table::beside(hearth, gitea));
    }
    Ok(())
}

/// Everything about one server, in the order of a typical day; repositories are made in the folder.
fn one(mut subject: Subject, sample: &Sample, options: &Options, folder: &Path) -> Outcome<Table> {
    let mut table = Table::new(subject.name());
    say(&format!("\n=== {}", subject.name()));
    subject.begin()?;
    git::first_push(&subject, sample, &mut table)?;
    subject.open_issues(options.issues, &mut table)?;
    subject.restart(&mut table)?;
    table.figure("memory, idle (resident)", subject.memory("VmRSS")?, "MB");
    load::pages(&subject, sample, options.limit, &mut table)?;
    table.figure("memory after the pages (resident)", subject.memory("VmRSS")?, "MB");
    git::clones(&subject, sample, &mut table)?;
    git::pushes(&subject, sample, &mut table)?;
    long_file::pages(&subject, &mut table)?;
    if subject.is_hearth() {
        log::pages(&mut subject, &mut table)?;
    }
    table.figure("memory after everything (resident)", subject.memory("VmRSS")?, "MB");
    table.figure("memory at its highest", subject.memory("VmHWM")?, "MB");
    review::merges(&subject, folder, &mut table)?;
    large::folders(&subject, folder, options.limit, &mut table)?;
    many_clones::measure(&subject, folder, &mut table)?;
    if subject.is_hearth() {
        review::pages(&subject, folder, &mut table)?;
        large::issues(&subject, options.limit, &mut table)?;
    }
    table.figure("memory at its highest, with what is large", subject.memory("VmHWM")?, "MB");
    subject.end();
    Ok(table)
}

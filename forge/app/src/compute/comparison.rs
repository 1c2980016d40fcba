//! Several tasks beside each other: what they ran, in which environment, and what they measured.

use std::{collections::BTreeMap, io};

use hearth_core::{Error, Result, TaskId};
use hearth_runner::bounded;

use crate::{
    Actor, App,
    metrics::Run,
    record,
    task::{self, TaskAccess, TaskTexts},
};

/// One of the compared tasks, and the values of its newest attempt.
#[derive(Clone, Debug)]
pub struct Compared {
    pub access: TaskAccess,
    pub texts: TaskTexts,
    /// Names and versions of what its program could import; `None` if that was not recorded.
    pub environment: Option<Environment>,
}

/// What a program could import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// The interpreter and the system.
    pub system: String,
    /// Versions by package.
    pub packages: BTreeMap<String, String>,
}

const LARGEST_LOCK: u64 = 2 << 20;

/// The tasks with these ids, in their order. Fails with the first one that the actor may not see.
pub async fn compare(app: &App, actor: &Actor, ids: &[TaskId]) -> Result<Vec<Compared>> {
    if ids.len() as u64 > app.limits().compared_tasks {
        return Err(Error::TooLarge(app.limits().tasks_compared()));
    }
    let mut compared = Vec::with_capacity(ids.len());
    for id in ids {
        compared.push(look(app, task::find(app, actor, *id).await?).await?);
    }
    Ok(compared)
}

async fn look(app: &App, access: TaskAccess) -> Result<Compared> {
    let attempt = access.task().attempts;
    let texts = task::texts(app, &access).await?;
    let mut environment = None;
    if attempt > 0 {
        let path = record::folder(app, access.id(), attempt).join("env.lock");
        let lock = record::blocking(move || match bounded::text(&path, LARGEST_LOCK) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        });
        environment = lock.await?.map(|text| Environment::of(&text));
    }
    Ok(Compared { access, texts, environment })
}

impl Compared {
    /// The attempt whose curves are compared: the newest.
    pub fn run(&self) -> Run {
        Run { task: self.access.clone(), attempt: self.access.task().attempts }
    }
}

impl Environment {
    /// Reads an `env.lock`: a comment with the interpreter, then `name==version` lines.
    fn of(lock: &str) -> Self {
        let system = lock.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default().to_owned();
        let packages = lock.lines().filter_map(|line| line.split_once("=="));
        Self { system, packages: packages.map(|(name, version)| (name.into(), version.into())).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_read_as_versions_by_package() {
        let read = Environment::of("# CPython 3.11.2 Linux\nnumpy==2.1.0\nodd line\ntorch==2.8.0\n");
        assert_eq!(read.system, "CPython 3.11.2 Linux");
        assert_eq!(
            read.packages.into_iter().collect::<Vec<_>>(),
            [("numpy".to_owned(), "2.1.0".to_owned()), ("torch".to_owned(), "2.8.0".to_owned())]
        );
    }
}

//! Checks stored data: that everything the database refers to exists and, if thorough, that it is unchanged.

use std::collections::HashSet;

use hearth_app::{
    App,
    blobs::{BlobId, Condition},
};
use hearth_core::{Error, RepositoryId, Result, TaskId, chain};
use hearth_git::{RepositoryStore, StorageId};
use hearth_store::{
    blob::{self, ReferencedBlob},
    repository, task,
};

use super::Finding::{self, Bad, Good};

/// How many problems of each kind are named; the others are counted.
const MOST_NAMED: usize = 20;
const AT_ONCE: u32 = 500;

/// Checks everything. A thorough check reads every byte.
pub(super) async fn examine(app: &App, is_thorough: bool) -> Vec<(String, Finding)> {
    let mut findings = Vec::new();
    if is_thorough {
        findings.push(("database file", database(app).await));
    }
    findings.push(("repositories", or_error(repositories(app, is_thorough).await)));
    findings.push(("large files", or_error(objects(app, is_thorough).await)));
    findings.push(("task folders", or_error(task_folders(app).await)));
    findings.into_iter().map(|(part, finding)| (part.to_owned(), finding)).collect()
}

fn or_error(finding: Result<Finding>) -> Finding {
    finding.unwrap_or_else(|error| Bad(chain(&error)))
}

/// Names the problems, or says how much was checked.
fn told(troubles: Vec<String>, looked_at: usize) -> Finding {
    let count = troubles.len();
    if count == 0 {
        return Good(format!("{looked_at} checked"));
    }
    let mut named: Vec<String> = troubles.into_iter().take(MOST_NAMED).collect();
    if count > MOST_NAMED {
        named.push(format!("and {} more", count - MOST_NAMED));
    }
    Bad(named.join("\n        "))
}

async fn database(app: &App) -> Finding {
    match app.store().check_integrity(true).await {
        Ok(faults) => told(faults, 1),
        Err(error) => Bad(chain(&error)),
    }
}

async fn repositories(app: &App, is_thorough: bool) -> Result<Finding> {
    let (mut troubles, mut known, mut after) = (Vec::new(), HashSet::new(), RepositoryId(0));
    loop {
        let some = repository::list_ids_after(&mut app.store().read().await?, after, AT_ONCE).await?;
        let Some(last) = some.last() else { break };
        after = *last;
        for id in some {
            known.insert(StorageId::from(id.0));
            for trouble in repository_troubles(app, id, is_thorough).await? {
                troubles.push(format!("{}: {trouble}", name_of(app, id).await?));
            }
        }
    }
    for id in app.git().list().await.map_err(Error::internal)? {
        if !known.contains(&id) {
            troubles.push(format!("{} is not in the database", app.git().path(&id).display()));
        }
    }
    Ok(told(troubles, known.len()))
}

async fn repository_troubles(app: &App, id: RepositoryId, is_thorough: bool) -> Result<Vec<String>> {
    let git: &RepositoryStore = app.git();
    let repository = match git.open(&StorageId::from(id.0)).await {
        Ok(repository) => repository,
        // A repository that is being created has its row first.
        Err(hearth_git::Error::RepositoryNotFound)
            if repository::find(&mut app.store().read().await?, id).await?.is_none() =>
        {
            return Ok(Vec::new());
        }
        Err(hearth_git::Error::RepositoryNotFound) => {
            return Ok(vec![format!("its folder {} is missing", git.path(&StorageId::from(id.0)).display())]);
        }
        Err(error) => return Ok(vec![chain(&error)]),
    };
    if !is_thorough {
        return Ok(Vec::new());
    }
    let complaints = match repository.fsck().await {
        Ok(complaints) => complaints,
        Err(error) => vec![chain(&error)],
    };
    Ok(complaints.into_iter().filter(|line| !line.starts_with("notice:")).collect())
}

async fn name_of(app: &App, id: RepositoryId) -> Result<String> {
    let row = repository::find(&mut app.store().read().await?, id).await?;
    Ok(row.map_or_else(|| format!("repository {id}"), |row| format!("{}/{} ({id})", row.owner, row.name)))
}

async fn objects(app: &App, is_thorough: bool) -> Result<Finding> {
    let (mut troubles, mut looked_at, mut after) = (Vec::new(), 0, String::new());
    loop {
        let some = blob::list_referenced_after(&mut app.store().read().await?, &after, AT_ONCE).await?;
        let Some(last) = some.last() else { break };
        after.clone_from(&last.sha256);
        looked_at += some.len();
        let known: Vec<(BlobId, ReferencedBlob)> = some
            .into_iter()
            .filter_map(|referenced| Some((BlobId::parse(&referenced.sha256)?, referenced)))
            .collect();
        let sizes = app.blobs().sizes(known.iter().map(|(id, _)| id.clone()).collect()).await?;
        for ((id, referenced), found) in known.into_iter().zip(sizes) {
            let trouble = match found {
                None => "is missing",
                Some(found) if i64::try_from(found).ok() != Some(referenced.size_bytes) => {
                    "has the wrong size"
                }
                Some(_) if is_thorough && app.blobs().examine(&id, 0).await? != Condition::Sound => {
                    "is corrupted"
                }
                Some(_) => continue,
            };
            let holder = blob::find_holder(&mut app.store().read().await?, &referenced.sha256).await?;
            let holder = match holder {
                Some(id) => name_of(app, id).await?,
                None => "no repository".to_owned(),
            };
            troubles.push(format!("{} of {holder} {trouble}", referenced.sha256));
        }
    }
    Ok(told(troubles, looked_at))
}

async fn task_folders(app: &App) -> Result<Finding> {
    let (mut troubles, mut looked_at, mut after) = (Vec::new(), 0, TaskId(0));
    let folder = app.tasks_directory();
    loop {
        let some = task::list_recorded_after(&mut app.store().read().await?, after, AT_ONCE).await?;
        let Some(last) = some.last() else { break };
        after = *last;
        looked_at += some.len();
        for id in some {
            let path = folder.join(id.to_string());
            if !path.is_dir() {
                troubles.push(format!("task {id}: its folder {} is missing", path.display()));
            }
        }
    }
    let names = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let found: Vec<TaskId> = names.filter_map(|name| name.to_str()?.parse().ok().map(TaskId)).collect();
    let existing: HashSet<TaskId> =
        task::filter_existing(&mut app.store().read().await?, &found).await?.into_iter().collect();
    for id in found.into_iter().filter(|id| !existing.contains(id)) {
        let path = folder.join(id.to_string());
        troubles.push(format!("{} is not in the database", path.display()));
    }
    Ok(told(troubles, looked_at))
}

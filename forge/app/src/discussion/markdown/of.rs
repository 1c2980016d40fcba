//! Texts of a repository, rendered with links to the people, issues and commits that exist.

use std::sync::Arc;

use hearth_core::{
    Read, Result,
    urls::{RepositoryUrls, Revision},
};
use hearth_git::StorageId;
use hearth_store::{repository::Repository, thread, user};

use super::{Base, Known, Links, References, draw};
use crate::{Access, App, GitResult as _, thread::reference};

/// Texts of threads and comments, in order, rendered for the actor: what they may know of other repositories
/// differs.
pub async fn comments(app: &App, access: &Access<Read>, texts: &[&str]) -> Result<Vec<Arc<str>>> {
    let repository = access.repository();
    let mut all = References::default();
    let each: Vec<References> = texts.iter().map(|text| References::of(text)).collect();
    for references in &each {
        all.add(references);
    }
    let foreign = std::mem::take(&mut all.foreign);
    let mut known = look_up(app, repository, all).await?;
    known.foreign = reference::readable(app, access.actor(), foreign).await?;
    let base = Base { revision: Revision::Branch(repository.default_branch.clone()), folder: String::new() };
    let mut drawn = Vec::with_capacity(texts.len());
    for (text, references) in texts.iter().zip(&each) {
        let links = Links {
            repository: Some(urls(repository)),
            base: Some(base.clone()),
            is_file: false,
            known: known.only(references),
        };
        drawn.push(draw((*text).into(), links).await);
    }
    Ok(drawn)
}

/// A file whose relative links lead to the same revision. `path` is the file's own path.
pub async fn file(
    app: &App,
    repository: &Repository,
    revision: Revision,
    path: &str,
    text: &str,
) -> Result<Arc<str>> {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let links = Links {
        repository: Some(urls(repository)),
        base: Some(Base { revision, folder }),
        is_file: true,
        known: look_up(app, repository, References::of(text)).await?,
    };
    Ok(draw(text.into(), links).await)
}

fn urls(repository: &Repository) -> RepositoryUrls {
    RepositoryUrls::new(repository.kind, repository.owner.as_str(), repository.name.as_str())
}

async fn look_up(app: &App, repository: &Repository, references: References) -> Result<Known> {
    let mut known = Known::default();
    if references.is_empty() {
        return Ok(known);
    }
    {
        let mut reader = app.store().read().await?;
        let names: Vec<String> = references.people.into_iter().collect();
        if !names.is_empty() {
            let found = user::find_names(&mut reader, &names).await?;
            known.people = found.into_iter().map(|name| (name.key(), name)).collect();
        }
        let numbers: Vec<i64> = references.issues.into_iter().collect();
        if !numbers.is_empty() {
            let found = thread::find_numbers(&mut reader, repository.id, &numbers).await?;
            known.issues = found.into_iter().map(|(_, number)| number.0).collect();
        }
    }
    if !references.commits.is_empty() && !repository.is_empty {
        let git = app.git().open(&StorageId::from(repository.id.0)).await.map_git()?;
        let ids = references.commits;
        known.commits = git
            .run(move |git| {
                let found = |id: String| git.resolve_commit(&id).ok().map(|whole| (id, whole.to_string()));
                Ok(ids.into_iter().filter_map(found).collect())
            })
            .await
            .map_git()?;
    }
    Ok(known)
}

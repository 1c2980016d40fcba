//! Texts of a repository, rendered with links to what exists and the reader may see.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use hearth_core::{
    Language, Read, RepositoryKind, Result, TaskId,
    urls::{RepositoryUrls, Revision},
};
use hearth_git::StorageId;
use hearth_store::{
    Ask,
    model_version::{self, NamedVersion, VersionName},
    repository::Repository,
    task, user,
};

use super::{Base, Known, KnownTask, Links, ModelMention, References, draw};
use crate::{Access, Actor, App, GitResult as _, Unit, access, repository::viewer, thread::reference};

/// Texts of threads and comments, in order, rendered for the actor: what they may know of other repositories
/// differs.
pub async fn comments(
    app: &App,
    access: &Access<Read>,
    language: Language,
    texts: &[&str],
) -> Result<Vec<Arc<str>>> {
    let repository = access.repository();
    let root = app.urls().root();
    let mut all = References::default();
    let each: Vec<References> = texts.iter().map(|text| References::of(root, text)).collect();
    for references in &each {
        all.add(references);
    }
    let known = look_up(app, access, all).await?;
    let base = Base { revision: Revision::Branch(repository.default_branch.clone()), folder: String::new() };
    let mut drawn = Vec::with_capacity(texts.len());
    for (text, references) in texts.iter().zip(&each) {
        let links = Links {
            repository: Some(urls(repository)),
            base: Some(base.clone()),
            is_file: false,
            known: known.only(references),
            language,
            root: root.to_owned(),
        };
        drawn.push(draw(app, (*text).into(), links).await);
    }
    Ok(drawn)
}

fn urls(repository: &Repository) -> RepositoryUrls {
    RepositoryUrls::new(repository.kind, repository.owner.as_str(), repository.name.as_str())
}

async fn look_up(app: &App, access: &Access<Read>, references: References) -> Result<Known> {
    let (repository, actor) = (access.repository(), access.actor());
    let mut known =
        Known { foreign: reference::readable(app, actor, references.foreign).await?, ..Known::default() };
    {
        let mut reader = app.store().read().await?;
        let names: Vec<String> = references.people.into_iter().collect();
        if !names.is_empty() {
            let found = user::find_names(&mut reader, &names).await?;
            known.people = found.into_iter().map(|name| (name.key(), name)).collect();
        }
        let numbers: Vec<i64> = references.threads.into_iter().collect();
        known.threads = reference::in_repository(&mut reader, access, &numbers).await?;
        let teams = reference::teams(&mut reader, actor, references.teams.iter()).await?;
        known.teams = teams.into_keys().collect();
        known.tasks = tasks(&mut reader, actor, references.tasks).await?;
        known.models = models(&mut reader, access, references.models).await?;
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

async fn tasks(
    ask: &mut impl Ask,
    actor: &Actor,
    ids: BTreeSet<TaskId>,
) -> Result<BTreeMap<TaskId, KnownTask>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let ids: Vec<TaskId> = ids.into_iter().collect();
    let found = task::find_visible(ask, &ids, viewer(actor)).await?;
    Ok(found.into_iter().map(|task| (task.id, KnownTask { name: task.name, state: task.state })).collect())
}

/// The versions that exist of models whose files the actor may see, with the addresses of those files.
async fn models(
    ask: &mut impl Ask,
    access: &Access<Read>,
    mentions: BTreeSet<ModelMention>,
) -> Result<BTreeMap<ModelMention, String>> {
    let actor = access.actor();
    if mentions.is_empty() || actor.require(access::read_scope(Unit::Code)).is_err() {
        return Ok(BTreeMap::new());
    }
    let name = |mention: &ModelMention| VersionName {
        owner: mention.owner.clone().unwrap_or_else(|| access.repository().owner.key()),
        model: mention.name.clone(),
        version: mention.version.clone(),
    };
    let names: Vec<VersionName> = mentions.iter().map(name).collect();
    let found = model_version::find_named(ask, &names, viewer(actor)).await?;
    let addresses: BTreeMap<VersionName, String> = found.into_iter().map(address).collect();
    let known = |(mention, name): (ModelMention, VersionName)| {
        let address = addresses.get(&name)?;
        Some((mention, address.clone()))
    };
    Ok(mentions.into_iter().zip(names).filter_map(known).collect())
}

/// The address of the files of a version, by the name that texts have for it.
fn address(NamedVersion { owner, model, version }: NamedVersion) -> (VersionName, String) {
    let urls = RepositoryUrls::new(RepositoryKind::Model, owner.as_str(), model.as_str());
    let address = urls.source(&Revision::Tag(version.clone()), "");
    (VersionName { owner: owner.key(), model: model.key(), version }, address)
}

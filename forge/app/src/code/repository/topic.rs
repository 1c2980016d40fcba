//! The words that describe a repository and under which it is found.

use hearth_core::{
    Administer, Error, FieldErrors, Kind, Page, PageRequest, Read, Result, Scope,
    event::{RepositoryEvent, Subject},
};
use hearth_store::{repository as repository_row, topic as row};

pub use hearth_store::topic::CountedTopic;

use super::viewer;
use crate::{Access, Actor, App};

const LONGEST: usize = 35;

/// The topics by name.
pub async fn list(app: &App, access: &Access<Read>) -> Result<Vec<String>> {
    Ok(row::list(&mut app.store().read().await?, access.repository().id).await?)
}

/// The topics with `text` in them of the repositories that the actor may see, those of most repositories first.
pub async fn search(
    app: &App,
    actor: &Actor,
    text: &str,
    request: PageRequest,
) -> Result<Page<CountedTopic>> {
    actor.require(Scope::ReadRepository)?;
    let (viewer, text) = (viewer(actor), text.trim());
    let mut reader = app.store().read().await?;
    let found = row::search(&mut reader, viewer, text, request).await?;
    Ok(Page::of(found, request, row::count(&mut reader, viewer, text)).await?)
}

/// Replaces all topics.
pub async fn set(app: &App, access: &Access<Administer>, topics: &[String]) -> Result<()> {
    let mut checked = topics.iter().map(|topic| check(topic)).collect::<Result<Vec<_>>>()?;
    change(app, access, |known| {
        known.clear();
        known.append(&mut checked);
    })
    .await
}

/// Adds a topic.
pub async fn add(app: &App, access: &Access<Administer>, topic: &str) -> Result<()> {
    let topic = check(topic)?;
    change(app, access, |known| known.push(topic)).await
}

/// Removes a topic; one that is not there is gone already.
pub async fn remove(app: &App, access: &Access<Administer>, topic: &str) -> Result<()> {
    let topic = topic.to_lowercase();
    change(app, access, |known| known.retain(|kept| *kept != topic)).await
}

async fn change(app: &App, access: &Access<Administer>, edit: impl FnOnce(&mut Vec<String>)) -> Result<()> {
    let id = access.repository().id;
    let mut operation = app.begin().await?;
    let found = repository_row::lock(&mut operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    let before = row::list(&mut operation, id).await?;
    let mut after = before.clone();
    edit(&mut after);
    after.sort();
    after.dedup();
    if after.len() as u64 > app.limits().topics {
        return Err(Error::TooLarge(app.limits().topics_of_repository()));
    }
    if after != before {
        row::set(&mut operation, id, &after).await?;
        let edited =
            RepositoryEvent::Edited { visibility: found.visibility, default_branch: found.default_branch };
        operation.record_in(access, Subject::Repository(id), edited).await?;
    }
    operation.commit().await
}

/// A word of small letters, digits, hyphens and dots that begins with a letter or a digit.
fn check(topic: &str) -> Result<String> {
    let topic = topic.trim().to_lowercase();
    let mut errors = FieldErrors::default();
    if topic.is_empty() {
        errors.add("topic", "required");
    } else if topic.chars().count() > LONGEST {
        errors.add("topic", "too-long");
    } else if !topic.starts_with(char::is_alphanumeric)
        || !topic.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '.'))
    {
        errors.add("topic", "characters");
    }
    errors.into_result()?;
    Ok(topic)
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_topic_is_one_word_in_small_letters() {
        assert_eq!(check(" TestTopic1 ").expect("a word"), "testtopic1");
        assert_eq!(check("模型").expect("a word"), "模型");
        for wrong in ["", "two words", "-x", "a,b", "x".repeat(36).as_str()] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}

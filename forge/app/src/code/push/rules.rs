use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use hearth_core::{Error, Language, Result, Write};
use hearth_git::{
    BranchName, Push, PushGate, PushId, PushRules, PushTicket, RefUpdate, TagName, UpdateKind, Verdict,
};
use hearth_store::repository;
use hearth_words::{Words, bytes, t};

use super::{
    Recorded, ReferenceUpdate,
    answer::{self, SHOWN},
    record::record,
};
use crate::{Access, App, GitResult as _};

/// Who pushes where: the proof that they may, and, from verdict to record, the marker that references are
/// changing.
pub struct Pusher {
    access: Access<Write>,
    language: Language,
    reference_update: Mutex<Option<ReferenceUpdate>>,
}

impl Pusher {
    fn words(&self) -> Words {
        Words::of(self.language)
    }

    fn set_reference_update(&self, reference_update: Option<ReferenceUpdate>) -> Option<ReferenceUpdate> {
        std::mem::replace(
            &mut self.reference_update.lock().unwrap_or_else(PoisonError::into_inner),
            reference_update,
        )
    }
}

/// Hearth's rules for pushes.
#[derive(Clone)]
pub struct Rules(App);

/// The gate through which git asks whether to accept a push.
pub type Gate = PushGate<Rules>;

/// Opens the gate on a socket in the data folder.
pub fn listen(app: &App, socket: &Path) -> Result<Gate> {
    PushGate::listen(socket, Rules(app.clone())).map_git()
}

/// Registers a push. Replies are in the language of the pusher's account, else in the one that their git asks
/// for (`asked`).
pub fn admit(
    app: &App,
    gate: &Gate,
    access: Access<Write>,
    asked: Option<Language>,
    repository: &hearth_git::Repository,
) -> PushTicket {
    let id = PushId::from_random(app.random().bytes());
    let language = access.actor().user().and_then(|user| user.language).or(asked).unwrap_or_default();
    gate.admit(repository, id, Pusher { access, language, reference_update: Mutex::default() })
}

impl PushRules for Rules {
    type Pusher = Pusher;

    async fn check(&self, pusher: &Pusher, push: &Push) -> Verdict {
        let words = pusher.words();
        let default = &pusher.access.repository().default_branch;
        let refused: Vec<_> =
            push.updates.iter().filter_map(|update| refusal(words, update, default)).take(SHOWN).collect();
        if !refused.is_empty() {
            return Verdict::Reject(refused);
        }
        let limit = self.0.limits().push();
        match push.size_bytes().await {
            Ok(size) if size > limit.most => Verdict::Reject(vec![t!(
                words,
                "push-refused-too-large",
                size = bytes(size),
                limit = bytes(limit.most),
                key = limit.key
            )]),
            Ok(_) => {
                pusher.set_reference_update(Some(
                    self.0.reference_updates().begin(pusher.access.repository().id),
                ));
                Verdict::Accept(Vec::new())
            }
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a push cannot be checked");
                Verdict::Reject(vec![t!(words, "push-refused-unchecked").to_owned()])
            }
        }
    }

    async fn recorded(&self, pusher: &Pusher, push: &Push) -> Vec<String> {
        let access = &pusher.access;
        match self.record(access, push).await {
            Ok(recorded) => {
                if let Some(reference_update) = pusher.set_reference_update(None) {
                    reference_update.recorded();
                }
                answer::lines(&self.0, pusher.words(), access.repository(), &recorded)
            }
            Err(error) => {
                tracing::error!(
                    repo.id = %access.repository().id,
                    error = &error as &dyn std::error::Error,
                    "a push was not recorded; reconciliation will record it"
                );
                vec![t!(pusher.words(), "push-recorded-later").to_owned()]
            }
        }
    }
}

impl Rules {
    async fn record(&self, access: &Access<Write>, push: &Push) -> Result<Recorded> {
        // It may have been renamed since the push began.
        let id = access.repository().id;
        let row = repository::find(&mut self.0.store().read().await?, id).await?;
        let row = row.ok_or(Error::NotFound(hearth_core::Kind::Repository))?;
        record(&self.0, &row, access.actor().user_id(), &push.updates).await
    }
}

/// Whether this update is forbidden to everybody, however it is made: the default branch cannot be deleted.
pub(crate) fn is_protected(update: &RefUpdate, default: &str) -> bool {
    let is_default = update.name.branch().is_some_and(|branch| branch.as_str() == default);
    is_default && update.kind() == UpdateKind::Delete
}

/// Why this update is refused; `None` if it is allowed.
fn refusal(words: Words, update: &RefUpdate, default: &str) -> Option<String> {
    let name = update.name.as_str();
    let is_known =
        [BranchName::PREFIX, TagName::PREFIX, "refs/notes/"].iter().any(|start| name.starts_with(start));
    if !is_known {
        return Some(t!(words, "push-refused-namespace", name = name));
    }
    is_protected(update, default).then(|| t!(words, "push-refused-default-branch", name = name))
}

#[cfg(test)]
mod tests {
    use hearth_git::{ObjectId, RefName};

    use super::*;

    const ENGLISH: Words = Words::of(Language::En);

    fn update(name: &str, new: Option<ObjectId>) -> RefUpdate {
        RefUpdate { name: RefName::new(name).expect("a good name"), old: Some(ObjectId::EMPTY_TREE), new }
    }

    #[test]
    fn the_default_branch_is_not_deleted() {
        assert!(refusal(ENGLISH, &update("refs/heads/main", None), "main").is_some());
        assert!(refusal(ENGLISH, &update("refs/heads/main", Some(ObjectId::ZERO)), "main").is_none());
        assert!(refusal(ENGLISH, &update("refs/heads/other", None), "main").is_none());
        assert!(refusal(ENGLISH, &update("refs/tags/main", None), "main").is_none());
    }

    #[test]
    fn other_namespaces_are_not_written() {
        for name in ["refs/changes/1/head", "refs/remotes/origin/main"] {
            assert!(refusal(ENGLISH, &update(name, Some(ObjectId::ZERO)), "main").is_some(), "{name}");
        }
    }
}

use std::{
    collections::BTreeSet,
    path::Path,
    sync::{Mutex, PoisonError},
};

use hearth_core::{Action, Error, Language, Result, Unit};
use hearth_git::{
    BranchName, Push, PushGate, PushId, PushRules, PushTicket, RefUpdate, TagName, UpdateKind, Verdict,
};
use hearth_store::user;
use hearth_words::{Words, bytes, t};

use super::{
    ReferenceUpdate,
    answer::{self, SHOWN},
    record::record_allowed,
};
use crate::{
    Access, App, GitResult as _, access,
    branch_rule::{self, Allowed, Breach, Objects, Refused, Way},
};

/// Who pushes where: the proof that they may, and, from verdict to record, the marker that references are
/// changing, and what the rules of branches said.
pub struct Pusher {
    access: Access<hearth_core::Push>,
    language: Language,
    accepted: Mutex<Option<Accepted>>,
}

/// A push whose references may be moving.
struct Accepted {
    reference_update: ReferenceUpdate,
    allowed: Allowed,
}

impl Pusher {
    fn words(&self) -> Words {
        Words::of(self.language)
    }

    fn set_accepted(&self, accepted: Option<Accepted>) -> Option<Accepted> {
        std::mem::replace(&mut self.accepted.lock().unwrap_or_else(PoisonError::into_inner), accepted)
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
    access: Access<hearth_core::Push>,
    asked: Option<Language>,
    repository: &hearth_git::Repository,
) -> PushTicket {
    let id = PushId::from_random(app.random().bytes());
    let language = access.actor().user().and_then(|user| user.language).or(asked).unwrap_or_default();
    gate.admit(repository, id, Pusher { access, language, accepted: Mutex::default() })
}

impl PushRules for Rules {
    type Pusher = Pusher;

    async fn check(&self, pusher: &Pusher, push: &Push) -> Verdict {
        let (app, words) = (&self.0, pusher.words());
        let access = &match enter_again(app, &pusher.access).await {
            Ok(access) => access,
            Err(Error::NotFound(_) | Error::Forbidden(_)) => {
                return Verdict::Reject(vec![t!(words, "push-refused-access").to_owned()]);
            }
            Err(error) => return unchecked(words, &error),
        };
        let default = &access.repository().default_branch;
        let refused: Vec<_> =
            push.updates.iter().filter_map(|update| refusal(words, update, default)).take(SHOWN).collect();
        if !refused.is_empty() {
            return Verdict::Reject(refused);
        }
        let limit = app.limits().push();
        match push.size_bytes().await {
            Ok(size) if size > limit.most => {
                return Verdict::Reject(vec![t!(
                    words,
                    "push-refused-too-large",
                    size = bytes(size),
                    limit = bytes(limit.most),
                    key = limit.key
                )]);
            }
            Ok(_) => {}
            Err(error) => return unchecked(words, &error),
        }
        let judged = branch_rule::judge(app, access, Way::Push, Objects::Pushed(push), &push.updates).await;
        let (refused, allowed) = match judged {
            Ok(judged) => judged,
            Err(error) => return unchecked(words, &error),
        };
        if !refused.is_empty() {
            let refused = refused.iter().take(SHOWN).map(|refused| rule_refusal(words, refused));
            return Verdict::Reject(refused.collect());
        }
        let bypassed: BTreeSet<_> = allowed.bypassed.iter().map(|bypassed| &bypassed.pattern).collect();
        let lines = bypassed.into_iter().take(SHOWN);
        let lines = lines.map(|pattern| t!(words, "push-rule-bypassed", pattern = pattern)).collect();
        let reference_update = app.reference_updates().begin(access.repository().id);
        pusher.set_accepted(Some(Accepted { reference_update, allowed }));
        Verdict::Accept(lines)
    }

    async fn recorded(&self, pusher: &Pusher, push: &Push) -> Vec<String> {
        let access = &pusher.access;
        let accepted = pusher.set_accepted(None);
        let allowed = accepted.as_ref().map(|accepted| accepted.allowed.clone()).unwrap_or_default();
        match record_allowed(&self.0, access, &push.updates, &allowed).await {
            Ok(recorded) => {
                if let Some(accepted) = accepted {
                    accepted.reference_update.recorded();
                }
                answer::lines(&self.0, pusher.words(), access.repository(), &recorded).await
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

/// The proof that they may push, asked for again: what they sent may have taken long, and meanwhile they may have lost their
/// access, or the repository was archived.
async fn enter_again(app: &App, access: &Access<hearth_core::Push>) -> Result<Access<hearth_core::Push>> {
    if let Some(id) = access.actor().user_id() {
        let person = user::find(&mut app.store().read().await?, id).await?;
        person.filter(|person| !person.is_blocked).ok_or(Error::Forbidden(Action::SignInBlocked))?;
    }
    access::open_by_id(app, access.actor(), Unit::Code, access.repository().id).await?.push()
}

/// The push could not be checked, so it is not accepted.
fn unchecked(words: Words, error: &(dyn std::error::Error + 'static)) -> Verdict {
    tracing::error!(error, "a push cannot be checked");
    Verdict::Reject(vec![t!(words, "push-refused-unchecked").to_owned()])
}

/// Whether this update is forbidden to everybody, however it is made: the default branch cannot be deleted.
pub(crate) fn is_protected(update: &RefUpdate, default: &str) -> bool {
    let is_default = update.name.branch().is_some_and(|branch| branch.as_str() == default);
    is_default && update.kind() == UpdateKind::Delete
}

/// Why this update is refused; `None` if it is allowed.
fn refusal(words: Words, update: &RefUpdate, default: &str) -> Option<String> {
    let name = update.name.as_str();
    // What has no good name, such as a branch `HEAD`, is no branch to any rule. What is there already may be deleted.
    let is_removed_branch_or_tag = update.new.is_none()
        && [BranchName::PREFIX, TagName::PREFIX].iter().any(|start| name.starts_with(start));
    let is_known = update.name.branch().is_some()
        || update.name.tag().is_some()
        || name.starts_with("refs/notes/")
        || is_removed_branch_or_tag;
    if !is_known {
        return Some(t!(words, "push-refused-namespace", name = name));
    }
    is_protected(update, default).then(|| t!(words, "push-refused-default-branch", name = name))
}

/// Why a rule refuses an update.
fn rule_refusal(words: Words, refused: &Refused) -> String {
    let (name, pattern) = (refused.ref_name.as_str(), refused.pattern.as_str());
    match refused.breach {
        Breach::Push | Breach::Merge => t!(words, "push-refused-rule-push", name = name, pattern = pattern),
        Breach::Create => t!(words, "push-refused-rule-create", name = name, pattern = pattern),
        Breach::ForcePush => t!(words, "push-refused-rule-force", name = name, pattern = pattern),
        Breach::Delete => t!(words, "push-refused-rule-delete", name = name, pattern = pattern),
        Breach::Merged => t!(words, "push-refused-rule-linear", name = name, pattern = pattern),
        Breach::Unsigned => t!(words, "push-refused-rule-unsigned", name = name, pattern = pattern),
        Breach::TooMany => t!(words, "push-refused-rule-too-many", name = name, pattern = pattern),
    }
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
        for name in ["refs/changes/1/head", "refs/remotes/origin/main", "refs/heads/HEAD", "refs/tags/@"] {
            assert!(refusal(ENGLISH, &update(name, Some(ObjectId::ZERO)), "main").is_some(), "{name}");
        }
    }
}

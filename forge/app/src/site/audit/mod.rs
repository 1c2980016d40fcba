//! The audit log: who changed which rights, credentials and settings, from where, with the state before and
//! after. An entry is written in the transaction of its change, so that neither exists without the other.
//!
//! Administrators of the site read all of it. Everybody reads what concerns their own account.

mod event;

use hearth_core::{Error, Event, Page, PageRequest, Result, Scope, Timestamp, UserId, event::Subject};
use hearth_store::{
    audit_entry::{self, NewAuditEntry},
    user,
};
use serde::Serialize;

pub(crate) use event::repository_path;
pub use hearth_store::audit_entry::AuditEntry;

use crate::{Actor, App, Operation};

/// The kinds of things that are audited.
pub const KINDS: &[&str] = &[
    "accelerator",
    "branch_rule",
    "collaborator",
    "deploy_key",
    "email",
    "gpg_key",
    "image",
    "invitation",
    "invite",
    "issue",
    "job",
    "member",
    "organization",
    "password",
    "pool",
    "quota",
    "repository",
    "scene",
    "session",
    "setting",
    "spec",
    "ssh_key",
    "team",
    "token",
    "user",
    "variant",
];

/// How many entries an export reads from the database at once.
const BATCH: u32 = 500;

/// A change to one thing.
pub(crate) struct Fact<'a, T> {
    /// One of [`KINDS`].
    pub(crate) kind: &'static str,
    pub(crate) subject: &'a str,
    /// `made`, `changed`, `deleted`, …
    pub(crate) action: &'static str,
    pub(crate) before: Option<&'a T>,
    pub(crate) after: Option<&'a T>,
}

/// Writes the audit entry.
pub(crate) async fn note<T: Serialize>(
    operation: &mut Operation,
    actor: &Actor,
    fact: Fact<'_, T>,
) -> Result<()> {
    note_by(operation, actor.user_id(), fact).await
}

/// The same. `by`: who changed it; none: the operator.
pub(crate) async fn note_by<T: Serialize>(
    operation: &mut Operation,
    by: Option<UserId>,
    fact: Fact<'_, T>,
) -> Result<()> {
    insert(operation, by, None, fact).await
}

/// Writes the audit entry of a change to somebody's account, which they read in their own security log too.
/// `by`: who changed it; none: the operator.
pub(crate) async fn note_of_account<T: Serialize>(
    operation: &mut Operation,
    by: Option<UserId>,
    account: UserId,
    fact: Fact<'_, T>,
) -> Result<()> {
    insert(operation, by, Some(account), fact).await
}

async fn insert<T: Serialize>(
    operation: &mut Operation,
    actor_id: Option<UserId>,
    account_id: Option<UserId>,
    fact: Fact<'_, T>,
) -> Result<()> {
    let value = |thing: Option<&T>| thing.map(serde_json::to_value).transpose().map_err(Error::internal);
    let entry = NewAuditEntry {
        actor_id,
        action: fact.action.to_owned(),
        subject_kind: fact.kind.to_owned(),
        subject: fact.subject.to_owned(),
        account_id,
        address: operation.client().map(|client| client.to_string()),
        before: value(fact.before)?,
        after: value(fact.after)?,
        created_at: operation.now(),
    };
    Ok(audit_entry::insert(operation, &entry).await?)
}

/// Writes the audit entry and commits it together with the change.
pub(crate) async fn save<T: Serialize>(
    mut operation: Operation,
    actor: &Actor,
    fact: Fact<'_, T>,
) -> Result<()> {
    note(&mut operation, actor, fact).await?;
    operation.commit().await
}

/// Writes the audit entry that an event stands for, if it stands for one.
pub(crate) async fn note_event(
    operation: &mut Operation,
    actor: Option<UserId>,
    subject: Subject,
    happened: &Event,
) -> Result<()> {
    let Some(named) = event::subject_of(operation, subject, happened).await? else { return Ok(()) };
    let (kind, action) = happened.kind().split_once('.').unwrap_or((happened.kind(), ""));
    let account_id = match subject {
        Subject::Account(id) => Some(id),
        _ => None,
    };
    let entry = NewAuditEntry {
        actor_id: actor,
        action: action.to_owned(),
        subject_kind: kind.to_owned(),
        subject: named,
        account_id,
        address: operation.client().map(|client| client.to_string()),
        before: None,
        after: Some(happened.data()),
        created_at: operation.now(),
    };
    Ok(audit_entry::insert(operation, &entry).await?)
}

/// Which entries an administrator asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One of [`KINDS`].
    pub kind: Option<String>,
    pub subject: Option<String>,
    /// The account's name.
    pub actor: Option<String>,
    pub since: Option<Timestamp>,
    /// Before this time.
    pub until: Option<Timestamp>,
}

/// The store's filter; none: nobody has the actor's name, so nothing matches.
async fn narrowed(app: &App, filter: &Filter) -> Result<Option<audit_entry::Filter>> {
    let actor = match &filter.actor {
        None => None,
        Some(name) => match user::find_by_name(&mut app.store().read().await?, name).await? {
            Some(user) => Some(user.id),
            None => return Ok(None),
        },
    };
    Ok(Some(audit_entry::Filter {
        subject_kind: filter.kind.clone(),
        subject: filter.subject.clone(),
        actor,
        account: None,
        since: filter.since,
        until: filter.until,
    }))
}

/// Newest first, for administrators.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<AuditEntry>> {
    actor.administrator(Scope::ReadAdmin)?;
    match narrowed(app, filter).await? {
        Some(filter) => page(app, &filter, request).await,
        None => Ok(Page { items: Vec::new(), total: 0, request }),
    }
}

/// What happened to the actor's own account, newest first: sign-ins, passwords, tokens, keys, rights.
pub async fn list_own(app: &App, actor: &Actor, request: PageRequest) -> Result<Page<AuditEntry>> {
    actor.require(Scope::ReadUser)?;
    let account = Some(actor.signed_in()?.id);
    page(app, &audit_entry::Filter { account, ..audit_entry::Filter::default() }, request).await
}

async fn page(app: &App, filter: &audit_entry::Filter, request: PageRequest) -> Result<Page<AuditEntry>> {
    let mut reader = app.store().read().await?;
    let items = audit_entry::list(&mut reader, filter, request).await?;
    Ok(Page::of(items, request, audit_entry::count(&mut reader, filter)).await?)
}

/// Reads matching entries part by part, newest first, at most `limits.audit_export_entries` in all.
pub struct Export {
    app: App,
    /// None: nothing matches.
    filter: Option<audit_entry::Filter>,
    before: Option<i64>,
    remaining: u64,
}

/// Begins an export, for administrators.
pub async fn export(app: &App, actor: &Actor, filter: &Filter) -> Result<Export> {
    actor.administrator(Scope::ReadAdmin)?;
    let filter = narrowed(app, filter).await?;
    Ok(Export { app: app.clone(), filter, before: None, remaining: app.limits().audit_export_entries })
}

impl Export {
    /// The next entries; empty at the end. Holds no connection between two parts.
    pub async fn next_part(&mut self) -> Result<Vec<AuditEntry>> {
        let most = u32::try_from(self.remaining).unwrap_or(BATCH).min(BATCH);
        let Some(filter) = self.filter.as_ref().filter(|_| most > 0) else { return Ok(Vec::new()) };
        let mut reader = self.app.store().read().await?;
        let part = audit_entry::list_before(&mut reader, filter, self.before, most).await?;
        self.before = part.last().map(|entry| entry.id);
        self.remaining = if part.is_empty() { 0 } else { self.remaining - part.len() as u64 };
        Ok(part)
    }
}

//! The audit log: every change that an administrator makes, with the state before and after. An entry is
//! written in the transaction of its change, so that neither exists without the other.

use hearth_core::{Error, Page, PageRequest, Result, Scope};
use hearth_store::audit_entry::{self, NewAuditEntry};
use serde::Serialize;

pub use hearth_store::audit_entry::{AuditEntry, Filter};

use crate::{Actor, App, Operation};

/// The kinds of things that are audited.
pub const KINDS: &[&str] =
    &["accelerator", "image", "job", "pool", "quota", "scene", "session", "spec", "user", "variant"];

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
    app: &App,
    actor: &Actor,
    fact: Fact<'_, T>,
) -> Result<()> {
    let value = |thing: Option<&T>| thing.map(serde_json::to_value).transpose().map_err(Error::internal);
    let entry = NewAuditEntry {
        actor_id: actor.user_id(),
        action: fact.action,
        subject_kind: fact.kind,
        subject: fact.subject.to_owned(),
        before: value(fact.before)?,
        after: value(fact.after)?,
        created_at: app.now(),
    };
    Ok(audit_entry::insert(operation, &entry).await?)
}

/// Writes the audit entry and commits it together with the change.
pub(crate) async fn save<T: Serialize>(
    mut operation: Operation,
    app: &App,
    actor: &Actor,
    fact: Fact<'_, T>,
) -> Result<()> {
    note(&mut operation, app, actor, fact).await?;
    operation.commit().await
}

/// Newest first.
pub async fn list(
    app: &App,
    actor: &Actor,
    filter: &Filter,
    request: PageRequest,
) -> Result<Page<AuditEntry>> {
    actor.administrator(Scope::ReadAdmin)?;
    let mut reader = app.store().read().await?;
    let items = audit_entry::list(&mut reader, filter, request).await?;
    Ok(Page::of(items, request, audit_entry::count(&mut reader, filter)).await?)
}

//! `/-/admin/audit`: every change by an administrator, with what was there before and after.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::audit::{self, AuditEntry, Filter};
use hearth_core::{PageRequest, urls};
use serde::Deserialize;
use serde_json::Value;

use crate::{Failure, MenuEntry, Page, Web, respond::html, words::Html};

pub(crate) const MENU_ENTRY: MenuEntry = MenuEntry {
    name: "audit",
    icon: || icon!("history"),
    label: |page| t!(page, "common-admin-audit"),
    address: || urls::admin("audit"),
};

#[derive(Template)]
#[template(path = "pages/admin/audit.html")]
struct Audit {
    page: Page,
    section: &'static str,
    kind: String,
    subject: String,
    entries: Vec<AuditEntry>,
    total: u64,
    /// Pagination links.
    pages: Html,
}

/// A changed field.
struct Difference {
    name: String,
    before: String,
    after: String,
}

impl Audit {
    fn kinds(&self) -> Vec<(String, String)> {
        let all = (String::new(), t!(self.page, "admin-audit-every-kind").to_owned());
        let kinds = audit::KINDS.iter().map(|kind| ((*kind).to_owned(), self.kind_word(kind)));
        std::iter::once(all).chain(kinds).collect()
    }

    fn kind_word(&self, kind: &str) -> String {
        self.page.words().find(&format!("admin-audit-kind-{kind}")).unwrap_or_else(|| kind.to_owned())
    }

    fn action_word(&self, action: &str) -> String {
        self.page.words().find(&format!("admin-audit-act-{action}")).unwrap_or_else(|| action.to_owned())
    }

    fn differences(entry: &AuditEntry) -> Vec<Difference> {
        let empty = Value::Null;
        let before = entry.before.as_ref().map_or(&empty, |json| &json.0);
        let after = entry.after.as_ref().map_or(&empty, |json| &json.0);
        let names = |value: &Value| {
            value.as_object().map(|fields| fields.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
        };
        let names: BTreeSet<String> = names(before).into_iter().chain(names(after)).collect();
        names
            .into_iter()
            .filter(|name| before.get(name) != after.get(name) && !name.ends_with("_at") && name != "id")
            .map(|name| Difference { before: text(before.get(&name)), after: text(after.get(&name)), name })
            .collect()
    }
}

/// A value in readable form: text without quotes, null as empty.
fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AuditQuery {
    kind: String,
    subject: String,
    page: String,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<AuditQuery>,
) -> Result<Response, Failure> {
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let filter = Filter { subject_kind: given(&asked.kind), subject: given(&asked.subject) };
    let request = PageRequest::asked(&asked.page, 0);
    let list = audit::list(web.app(), &page.actor, &filter, request).await?;
    let pages = page.pagination(list.request.page(), list.last_page());
    let (kind, subject, total) = (asked.kind, asked.subject, list.total);
    html(&Audit { page, section: MENU_ENTRY.name, kind, subject, entries: list.items, total, pages })
}

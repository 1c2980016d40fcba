//! `/-/admin/audit`: who changed which rights, credentials and settings, from where, with what was there before
//! and after.

use std::{collections::BTreeSet, time::Duration};

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::audit::{self, AuditEntry, Filter};
use hearth_core::{PageRequest, Timestamp, urls};
use jiff::{civil::Date, tz::TimeZone};
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
    asked: AuditQuery,
    entries: Vec<AuditEntry>,
    total: u64,
    /// How many of them an export holds.
    most_exported: u64,
    /// Pagination links.
    pages: Html,
}

/// A changed field.
pub(crate) struct Difference {
    pub(crate) name: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

impl Audit {
    fn kinds(&self) -> Vec<(String, String)> {
        let all = (String::new(), t!(self.page, "admin-audit-every-kind").to_owned());
        let kinds = audit::KINDS.iter().map(|kind| ((*kind).to_owned(), kind_word(&self.page, kind)));
        std::iter::once(all).chain(kinds).collect()
    }

    /// The address of an export of what is shown.
    fn export(&self, file: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let asked = &self.asked;
        for (name, value) in [
            ("kind", &asked.kind),
            ("subject", &asked.subject),
            ("actor", &asked.actor),
            ("from", &asked.from),
            ("to", &asked.to),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        format!("{}?{}", urls::admin(&format!("audit/{file}")), query.finish())
    }
}

/// A kind of audited things, in words; one of another version by its raw name.
pub(crate) fn kind_word(page: &Page, kind: &str) -> String {
    page.words().find(&format!("admin-audit-kind-{kind}")).unwrap_or_else(|| kind.to_owned())
}

/// The sign of a kind of audited things.
pub(crate) fn kind_icon(kind: &str) -> Html {
    match kind {
        "accelerator" => icon!("chart"),
        "branch_rule" => icon!("shield"),
        "issue" => icon!("issue-open"),
        "collaborator" | "member" | "team" | "organization" => icon!("users"),
        "email" | "invitation" | "invite" => icon!("comment"),
        "image" | "variant" => icon!("package"),
        "job" => icon!("task"),
        "deploy_key" | "gpg_key" | "password" | "ssh_key" | "token" => icon!("key"),
        "pool" => icon!("pool"),
        "repository" => icon!("repository"),
        "quota" | "setting" => icon!("settings"),
        "scene" => icon!("compass"),
        "session" | "user" => icon!("user"),
        "spec" => icon!("tag"),
        _ => icon!("history"),
    }
}

/// What was done, in words.
pub(crate) fn action_word(page: &Page, action: &str) -> String {
    page.words().find(&format!("admin-audit-act-{action}")).unwrap_or_else(|| action.to_owned())
}

/// Where an entry came from. In somebody's own log, only what they did themselves has an address.
pub(crate) fn shown_address<'a>(page: &Page, entry: &'a AuditEntry, is_own: bool) -> Option<&'a str> {
    let is_oneself = entry.actor.as_ref().is_some_and(|actor| actor.as_str() == page.viewer_name());
    entry.address.as_deref().filter(|_| !is_own || is_oneself)
}

/// The fields that an entry changed.
pub(crate) fn differences(entry: &AuditEntry) -> Vec<Difference> {
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
    pub(super) kind: String,
    pub(super) subject: String,
    pub(super) actor: String,
    /// The first day, as `2026-09-21`, in UTC.
    pub(super) from: String,
    /// The last day.
    pub(super) to: String,
    page: String,
}

const DAY: Duration = Duration::from_secs(24 * 3600);

impl AuditQuery {
    pub(super) fn filter(&self) -> Filter {
        let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Filter {
            kind: given(&self.kind),
            subject: given(&self.subject),
            actor: given(self.actor.trim().trim_start_matches('@')),
            since: beginning(&self.from),
            until: beginning(&self.to).map(|last| last + DAY),
        }
    }
}

/// When a day begins; none: it is no day.
fn beginning(day: &str) -> Option<Timestamp> {
    let day = day.trim().parse::<Date>().ok()?;
    Some(day.to_zoned(TimeZone::UTC).ok()?.timestamp().into())
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<AuditQuery>,
) -> Result<Response, Failure> {
    let request = PageRequest::asked(&asked.page, 0);
    let list = audit::list(web.app(), &page.actor, &asked.filter(), request).await?;
    let pages = page.pagination(list.request.page(), list.last_page());
    let (section, entries, total) = (MENU_ENTRY.name, list.items, list.total);
    let most_exported = web.app().limits().audit_export_entries.min(total);
    html(&Audit { page, section, asked, entries, total, most_exported, pages })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_sign_of_its_own() {
        for kind in audit::KINDS {
            assert_ne!(kind_icon(kind), icon!("history"), "{kind}");
        }
    }
}

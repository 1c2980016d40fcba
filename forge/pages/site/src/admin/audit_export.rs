//! `/-/admin/audit/audit.csv` and `…/audit.jsonl`: the entries that the page's filter shows, newest first, up
//! to `limits.audit_export_entries`.

use std::fmt::Write as _;

use axum::{
    body::Body,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use hearth_app::audit::{self, AuditEntry, Export};
use hearth_core::{Error, Kind};
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use serde_json::{Value, json};

use super::audit::AuditQuery;
use crate::{Failure, Page, Web};

#[derive(Clone, Copy)]
enum Format {
    Csv,
    JsonLines,
}

const COLUMNS: [&str; 8] = ["time", "actor", "address", "kind", "subject", "action", "before", "after"];

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Path(file): Path<String>,
    Query(asked): Query<AuditQuery>,
) -> Result<Response, Failure> {
    let (format, kind) = match file.as_str() {
        "audit.csv" => (Format::Csv, "text/csv; charset=utf-8"),
        "audit.jsonl" => (Format::JsonLines, "application/jsonl"),
        _ => return Err(Error::NotFound(Kind::Page).into()),
    };
    let export = audit::export(web.app(), &page.actor, &asked.filter()).await?;
    let head = match format {
        Format::Csv => csv_line(COLUMNS.map(str::to_owned)),
        Format::JsonLines => String::new(),
    };
    let headers = [
        (CONTENT_TYPE, kind.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    let parts = stream::try_unfold((export, Some(head)), move |(export, head)| part(format, export, head));
    Ok((headers, Body::from_stream(parts)).into_response())
}

/// The text of the next entries, after the head if it was not sent yet.
async fn part(
    format: Format,
    mut export: Export,
    head: Option<String>,
) -> Result<Option<(String, (Export, Option<String>))>, Error> {
    let entries = export.next_part().await?;
    if entries.is_empty() && head.is_none() {
        return Ok(None);
    }
    let mut text = head.unwrap_or_default();
    for entry in &entries {
        match format {
            Format::Csv => text.push_str(&csv_line(cells(entry))),
            Format::JsonLines => writeln!(text, "{}", object(entry)).map_err(Error::internal)?,
        }
    }
    Ok(Some((text, (export, None))))
}

fn object(entry: &AuditEntry) -> Value {
    json!({
        "time": entry.created_at,
        "actor": entry.actor,
        "address": entry.address,
        "kind": entry.subject_kind,
        "subject": entry.subject,
        "action": entry.action,
        "before": entry.before,
        "after": entry.after,
    })
}

fn cells(entry: &AuditEntry) -> [String; 8] {
    let object = object(entry);
    COLUMNS.map(|column| match &object[column] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}

fn csv_line<const N: usize>(cells: [String; N]) -> String {
    let mut line = cells.map(|cell| csv_cell(&cell)).join(",");
    line.push_str("\r\n");
    line
}

/// Quoted; a name that a spreadsheet would run as a formula begins with an apostrophe.
fn csv_cell(text: &str) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_never_a_formula_and_never_ends_early() {
        assert_eq!(csv_cell("mei/llm"), "\"mei/llm\"");
        assert_eq!(csv_cell("say \"hi\", now"), "\"say \"\"hi\"\", now\"");
        assert_eq!(csv_cell("=cmd|'/C calc'!A0"), "\"'=cmd|'/C calc'!A0\"");
        assert_eq!(csv_cell("@x"), "\"'@x\"");
    }
}

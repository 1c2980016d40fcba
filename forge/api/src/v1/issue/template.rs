//! What a repository proposes for new issues.

use axum::{Json, extract::State};
use hearth_app::{
    App,
    issue::template::{self, Content, Field, FieldKind, IssueTemplate as Row},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    at::InIssues,
    error::ApiResult,
    table::{Table, describe},
};

pub(crate) fn routes(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/issue_templates",
            list,
            describe("List the templates and forms for issues").response::<Vec<IssueTemplate>>(),
        )
        .get(
            "/repos/{owner}/{repo}/issue_config",
            config,
            describe("Get the configuration for new issues").response::<IssueConfig>(),
        )
        .get(
            "/repos/{owner}/{repo}/issue_config/validate",
            validate,
            describe("Check the configuration for new issues").response::<IssueConfigValidation>(),
        )
}

/// A template or a form for issues.
#[derive(Serialize, ToSchema)]
pub(crate) struct IssueTemplate {
    name: String,
    title: String,
    about: String,
    labels: Vec<String>,
    assignees: Vec<String>,
    /// Always empty: issues are about the whole repository.
    r#ref: String,
    /// With which the text begins; empty for forms.
    content: String,
    /// The fields of a form.
    body: Vec<FormField>,
    file_name: String,
}

/// A field of a form.
#[derive(Serialize, ToSchema)]
pub(crate) struct FormField {
    r#type: &'static str,
    id: String,
    /// What it shows and offers; depends on the type.
    attributes: Value,
    /// What is demanded of an answer.
    validations: Value,
}

/// What the page on which one chooses shows beside the templates.
#[derive(Serialize, ToSchema)]
pub(crate) struct IssueConfig {
    blank_issues_enabled: bool,
    contact_links: Vec<IssueConfigContactLink>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct IssueConfigContactLink {
    name: String,
    url: String,
    about: String,
}

/// Whether the file of that page can be used.
#[derive(Serialize, ToSchema)]
pub(crate) struct IssueConfigValidation {
    valid: bool,
    /// The line and the code of what is wrong.
    message: String,
}

impl From<&Row> for IssueTemplate {
    fn from(template: &Row) -> Self {
        let (content, body) = match &template.content {
            Content::Text(text) => (text.clone(), Vec::new()),
            Content::Form(fields) => (String::new(), fields.iter().map(FormField::from).collect()),
        };
        Self {
            name: template.name.clone(),
            title: template.title.clone(),
            about: template.about.clone(),
            labels: template.labels.clone(),
            assignees: template.assignees.clone(),
            r#ref: String::new(),
            content,
            body,
            file_name: template.path.clone(),
        }
    }
}

impl From<&Field> for FormField {
    fn from(field: &Field) -> Self {
        let mut attributes = json!({ "label": field.label, "description": field.description });
        let mut validations = json!({ "required": field.is_required });
        match &field.kind {
            FieldKind::Markdown { text } => attributes = json!({ "value": text }),
            FieldKind::Input { value, placeholder, is_number } => {
                attributes["value"] = json!(value);
                attributes["placeholder"] = json!(placeholder);
                validations["is_number"] = json!(is_number);
            }
            FieldKind::Textarea { value, placeholder, render } => {
                attributes["value"] = json!(value);
                attributes["placeholder"] = json!(placeholder);
                attributes["render"] = json!(render);
            }
            FieldKind::Dropdown { options, is_multiple, chosen } => {
                attributes["options"] = json!(options);
                attributes["multiple"] = json!(is_multiple);
                attributes["default"] = json!(chosen);
            }
            FieldKind::Checkboxes { options } => {
                let option = |option: &template::CheckOption| json!({ "label": option.label, "required": option.is_required });
                attributes["options"] = Value::Array(options.iter().map(option).collect());
            }
        }
        Self { r#type: field.kind.word(), id: field.id.clone(), attributes, validations }
    }
}

pub(crate) async fn list(
    State(app): State<App>,
    InIssues(access): InIssues,
) -> ApiResult<Json<Vec<IssueTemplate>>> {
    let found = template::templates(&app, &access).await?;
    Ok(Json(found.templates.iter().map(IssueTemplate::from).collect()))
}

pub(crate) async fn config(
    State(app): State<App>,
    InIssues(access): InIssues,
) -> ApiResult<Json<IssueConfig>> {
    let found = template::templates(&app, &access).await?.config;
    let link = |link: template::ContactLink| IssueConfigContactLink {
        name: link.name,
        url: link.address,
        about: link.about,
    };
    Ok(Json(IssueConfig {
        blank_issues_enabled: found.takes_blank,
        contact_links: found.links.into_iter().map(link).collect(),
    }))
}

pub(crate) async fn validate(
    State(app): State<App>,
    InIssues(access): InIssues,
) -> ApiResult<Json<IssueConfigValidation>> {
    let found = template::templates(&app, &access).await?;
    let is_config = |path: &str| path.ends_with("/config.yml") || path.ends_with("/config.yaml");
    let wrong = found.invalid.iter().find(|invalid| is_config(&invalid.path));
    let message = wrong.map(|invalid| {
        format!(
            "{}:{}: {} {}",
            invalid.path,
            invalid.problem.line,
            invalid.problem.kind.word(),
            invalid.problem.key
        )
    });
    Ok(Json(IssueConfigValidation {
        valid: message.is_none(),
        message: message.unwrap_or_default().trim_end().to_owned(),
    }))
}

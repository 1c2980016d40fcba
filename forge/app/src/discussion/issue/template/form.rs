//! The fields of an issue form.

use super::{
    ProblemKind, TemplateProblem,
    yaml::{Node, Value},
};

/// A part of a form, in the order of its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Unique in the form, of letters, digits, `-` and `_`.
    pub id: String,
    pub label: String,
    pub description: String,
    pub is_required: bool,
    pub kind: FieldKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A text that is only shown.
    Markdown {
        text: String,
    },
    /// One line.
    Input {
        value: String,
        placeholder: String,
        is_number: bool,
    },
    /// Several lines; with `render`, the answer is code in that language.
    Textarea {
        value: String,
        placeholder: String,
        render: String,
    },
    /// One of several, or some; `chosen` is what is chosen at first.
    Dropdown {
        options: Vec<String>,
        is_multiple: bool,
        chosen: Option<usize>,
    },
    Checkboxes {
        options: Vec<CheckOption>,
    },
}

/// A box to tick.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckOption {
    pub label: String,
    pub is_required: bool,
}

impl FieldKind {
    /// The word for it in a file.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Markdown { .. } => "markdown",
            Self::Input { .. } => "input",
            Self::Textarea { .. } => "textarea",
            Self::Dropdown { .. } => "dropdown",
            Self::Checkboxes { .. } => "checkboxes",
        }
    }
}

/// Fields of one form, and options of one field.
const MOST_FIELDS: usize = 60;
const MOST_OPTIONS: usize = 100;

/// The fields under `body`.
pub(super) fn fields(root: &Node) -> Result<Vec<Field>, TemplateProblem> {
    let body = root.list("body")?;
    if body.len() > MOST_FIELDS {
        return Err(root.problem(ProblemKind::TooLong, "body"));
    }
    let mut fields: Vec<Field> = Vec::with_capacity(body.len());
    for (place, node) in body.iter().enumerate() {
        let field = field(node, place)?;
        if fields.iter().any(|known| known.id == field.id) {
            return Err(node.problem(ProblemKind::Duplicate, &field.id));
        }
        fields.push(field);
    }
    if fields.iter().all(|field| matches!(field.kind, FieldKind::Markdown { .. })) {
        return Err(root.problem(ProblemKind::NoFields, "body"));
    }
    Ok(fields)
}

fn field(node: &Node, place: usize) -> Result<Field, TemplateProblem> {
    if !matches!(node.value, Value::Map(_)) {
        return Err(node.problem(ProblemKind::NotMap, "body"));
    }
    let word = node.required_text("type")?;
    let attributes =
        node.get("attributes").ok_or_else(|| node.problem(ProblemKind::Missing, "attributes"))?;
    let validations = node.get("validations");
    let is_on = |key: &str| validations.map_or(Ok(false), |validations| validations.is_on(key));
    let kind = match word.as_str() {
        "markdown" => FieldKind::Markdown { text: attributes.required_text("value")? },
        "input" => FieldKind::Input {
            value: one_line(&attributes.text("value")?),
            placeholder: one_line(&attributes.text("placeholder")?),
            is_number: is_on("is_number")?,
        },
        "textarea" => FieldKind::Textarea {
            value: attributes.text("value")?,
            placeholder: attributes.text("placeholder")?,
            render: language(&attributes.text("render")?),
        },
        "dropdown" => dropdown(attributes)?,
        "checkboxes" => FieldKind::Checkboxes { options: check_options(attributes)? },
        _ => return Err(node.problem(ProblemKind::UnknownType, &word)),
    };
    let is_shown = matches!(kind, FieldKind::Markdown { .. });
    let label = if is_shown { String::new() } else { one_line(&attributes.required_text("label")?) };
    let id = node.text("id")?;
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
    if !id.chars().all(is_plain) {
        return Err(node.problem(ProblemKind::Id, &id));
    }
    Ok(Field {
        id: if id.is_empty() { format!("field-{}", place + 1) } else { id },
        label,
        description: attributes.text("description")?,
        is_required: is_on("required")?,
        kind,
    })
}

fn dropdown(attributes: &Node) -> Result<FieldKind, TemplateProblem> {
    let options = options(attributes)?;
    let texts = |node: &Node| match &node.value {
        Value::Text(text) => Ok(one_line(text)),
        Value::List(_) | Value::Map(_) => Err(node.problem(ProblemKind::NotText, "options")),
    };
    let options: Vec<String> = options.iter().map(texts).collect::<Result<_, _>>()?;
    let chosen = attributes.text("default")?.parse().ok().filter(|place| *place < options.len());
    Ok(FieldKind::Dropdown { options, is_multiple: attributes.is_on("multiple")?, chosen })
}

fn check_options(attributes: &Node) -> Result<Vec<CheckOption>, TemplateProblem> {
    let option = |node: &Node| {
        Ok(CheckOption { label: node.required_text("label")?, is_required: node.is_on("required")? })
    };
    options(attributes)?.iter().map(option).collect()
}

fn options(attributes: &Node) -> Result<&[Node], TemplateProblem> {
    let options = attributes.list("options")?;
    match options.len() {
        0 => Err(attributes.problem(ProblemKind::Missing, "options")),
        count if count > MOST_OPTIONS => Err(attributes.problem(ProblemKind::TooLong, "options")),
        _ => Ok(options),
    }
}

/// The name of a language, which stands behind the fence of a block of code.
fn language(text: &str) -> String {
    text.chars().filter(|letter| letter.is_ascii_alphanumeric() || "+-#._".contains(*letter)).collect()
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

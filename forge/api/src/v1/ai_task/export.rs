use axum::extract::State;
use hearth_app::{
    App,
    model::{self, Publication},
};
use hearth_core::{Visibility, urls};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    ById, enter,
    envelope::{Answer, Given, MODEL_NAME, PARAMETER, Parameters, Refusal, good},
};
use crate::authenticate::Caller;

/// Which outputs become a version of which model.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ai_task::Export)]
pub(super) struct Export {
    /// `name` or `owner/name`; created if it does not exist.
    #[serde(default)]
    name: String,
    #[serde(default)]
    is_private: bool,
    /// For calls without `id` in the address.
    #[serde(default)]
    task_id: i64,
    /// Paths separated by `;`, or a JSON list; all outputs when empty.
    #[serde(default)]
    file_list: String,
    #[serde(default)]
    description: String,
}

/// A version of a model.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ai_task::Exported)]
pub(super) struct Exported {
    /// The id of the model.
    id: String,
    /// `owner/name`
    name: String,
    version: String,
    commit_id: String,
    html_url: String,
}

pub(super) async fn model(
    State(app): State<App>,
    caller: Caller,
    Parameters(mut by): Parameters<ById>,
    Given(asked): Given<Export>,
) -> Answer<Exported> {
    if by.id.is_empty() {
        by = ById::new(asked.task_id);
    }
    let access = enter(&app, &caller, &by).await?;
    if asked.name.is_empty() {
        return Err(MODEL_NAME.into());
    }
    let publication = Publication {
        visibility: Some(if asked.is_private { Visibility::Private } else { Visibility::Public }),
        paths: paths(&asked.file_list)?,
        model: asked.name,
        note: asked.description,
        attempt: None,
    };
    let done = model::publish(&app, &access, publication).await?;
    let (kind, owner, name) =
        (done.repository.kind, done.repository.owner.as_str(), done.repository.name.as_str());
    Ok(good(Exported {
        id: done.repository.id.to_string(),
        name: format!("{owner}/{name}"),
        version: done.version,
        commit_id: done.commit,
        html_url: app.urls().absolute(&urls::repository(kind, owner, name)),
    }))
}

fn paths(text: &str) -> Result<Vec<String>, Refusal> {
    let text = text.trim();
    if text.starts_with('[') {
        return serde_json::from_str(text).map_err(|_| PARAMETER.about("file_list"));
    }
    Ok(text.split(';').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::paths;

    #[test]
    fn files_are_named_between_semicolons_or_in_json() {
        assert_eq!(paths("a.bin;b c.bin").expect("names"), ["a.bin", "b c.bin"]);
        assert_eq!(paths(r#"["a;b.bin"]"#).expect("names"), ["a;b.bin"]);
        assert!(paths("").expect("all").is_empty());
        assert!(paths("[").is_err());
    }
}

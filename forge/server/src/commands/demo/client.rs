use hearth_core::{Reason, TaskState, Urls};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;

use crate::wiring::StartError;

/// How many names are tried if the sample's own is taken by an earlier demo.
const MOST_NAMES: u32 = 1_000;

/// Calls the API as a user's program would.
pub(super) struct Client {
    urls: Urls,
    token: String,
    http: reqwest::Client,
}

/// What the demo needs to know about a task.
#[derive(Debug, Deserialize)]
pub(super) struct TaskFacts {
    pub(super) id: i64,
    pub(super) state: TaskState,
    pub(super) reason: Reason,
}

#[derive(Deserialize)]
struct Published {
    html_url: String,
}

impl Client {
    pub(super) fn new(urls: Urls, token: &str) -> Self {
        Self { urls, token: token.to_owned(), http: reqwest::Client::new() }
    }

    /// Creates `name`, or `name-2`, `name-3`, … if that is taken; returns the name.
    pub(super) async fn create_repository(
        &self,
        name: &str,
        description: &str,
    ) -> Result<String, StartError> {
        for number in 1..MOST_NAMES {
            let name = if number == 1 { name.to_owned() } else { format!("{name}-{number}") };
            let body = json!({ "name": name, "description": description });
            let answer = send(self.request(Method::POST, "/user/repos").json(&body)).await?;
            if answer.status() != StatusCode::CONFLICT {
                good(answer).await?;
                return Ok(name);
            }
        }
        Err(StartError::App(format!("every name from {name} to {name}-{MOST_NAMES} is taken")))
    }

    pub(super) async fn launch(
        &self,
        owner: &str,
        repository: &str,
        boot_file: &str,
        parameters: &[(&str, &str)],
    ) -> Result<TaskFacts, StartError> {
        let parameters: Vec<_> =
            parameters.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let body = json!({ "boot_file": boot_file, "parameters": parameters, "time_limit_seconds": 600 });
        self.ask(self.request(Method::POST, &format!("/repos/{owner}/{repository}/tasks")).json(&body)).await
    }

    pub(super) async fn task(&self, id: i64) -> Result<TaskFacts, StartError> {
        self.ask(self.request(Method::GET, &format!("/tasks/{id}"))).await
    }

    /// The log from `offset` on, and the next offset.
    pub(super) async fn log(&self, id: i64, offset: u64) -> Result<(String, u64), StartError> {
        let answer = send(self.request(Method::GET, &format!("/tasks/{id}/log?offset={offset}"))).await?;
        let answer = good(answer).await?;
        let next = answer.headers().get("x-next-offset").and_then(|next| next.to_str().ok()?.parse().ok());
        let text = answer.text().await.map_err(unreachable_server)?;
        Ok((text, next.unwrap_or(offset)))
    }

    /// Publishes the task's output as a model of the same name; returns the model's address.
    pub(super) async fn publish(&self, id: i64, name: &str) -> Result<String, StartError> {
        let request = self.request(Method::POST, &format!("/tasks/{id}/publish"));
        let published: Published = self.ask(request.json(&json!({ "model": name }))).await?;
        Ok(published.html_url)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.urls.absolute(&format!("/api/v1{path}"))).bearer_auth(&self.token)
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, StartError> {
        good(send(request).await?).await?.json().await.map_err(unreachable_server)
    }
}

async fn send(request: RequestBuilder) -> Result<Response, StartError> {
    request.send().await.map_err(unreachable_server)
}

/// Turns an unsuccessful response into an error that names the request.
async fn good(answer: Response) -> Result<Response, StartError> {
    if answer.status().is_success() {
        return Ok(answer);
    }
    let (status, path) = (answer.status(), answer.url().path().to_owned());
    let said = answer.text().await.unwrap_or_default();
    Err(StartError::App(format!("{path} answered {status}: {said}")))
}

#[expect(clippy::needless_pass_by_value, reason = "the signature that map_err requires")]
fn unreachable_server(error: reqwest::Error) -> StartError {
    StartError::App(hearth_core::chain(&error))
}

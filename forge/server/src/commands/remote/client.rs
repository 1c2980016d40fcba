use std::time::Duration;

use hearth_core::{TaskState, urls};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    RemoteError, Target,
    token::{self, Credentials},
};

const PATIENCE: Duration = Duration::from_secs(60);

/// Talks to a Hearth server on behalf of a user.
pub(crate) struct Client {
    http: reqwest::Client,
    server: String,
    credentials: Credentials,
}

/// What commands need to know about a task.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Facts {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) state: TaskState,
    pub(crate) reason: String,
    pub(crate) html_url: String,
    pub(crate) created_at: String,
    #[serde(default)]
    pub(crate) repository: String,
    #[serde(default)]
    pub(crate) runs: Vec<Run>,
    #[serde(default)]
    pub(crate) queue: Option<QueuePosition>,
    #[serde(default = "one")]
    pub(crate) nodes: u32,
}

const fn one() -> u32 {
    1
}

/// One attempt of a task.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Run {
    pub(crate) exit_code: Option<i64>,
}

/// The task's position in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct QueuePosition {
    pub(crate) place: u64,
    pub(crate) waiting: u64,
}

/// The API's description of a failure.
#[derive(Default, Deserialize)]
struct Problem {
    message: String,
    #[serde(default)]
    errors: Vec<String>,
}

impl Client {
    pub(crate) async fn new(server: &str) -> Result<Self, RemoteError> {
        let away = |error: reqwest::Error| RemoteError::Away(server.to_owned(), hearth_core::chain(&error));
        Ok(Self {
            http: reqwest::Client::builder().timeout(PATIENCE).build().map_err(away)?,
            server: server.to_owned(),
            credentials: token::find(server).await?,
        })
    }

    /// Checks that the repository exists.
    pub(crate) async fn check(&self, target: &Target) -> Result<(), RemoteError> {
        let path = format!("/repos/{}", address(target));
        let answer = self.send(self.request(Method::GET, &path)).await?;
        if answer.status() == StatusCode::NOT_FOUND && is_json(&answer) {
            let repository = format!("{}/{}", target.owner, target.name);
            return Err(RemoteError::NotThere { server: self.server.clone(), repository });
        }
        self.good(answer).await.map(drop)
    }

    pub(crate) async fn has_commit(&self, target: &Target, commit: &str) -> Result<bool, RemoteError> {
        let path = format!("/repos/{}/git/commits/{commit}", address(target));
        let answer = self.send(self.request(Method::GET, &path)).await?;
        match answer.status() {
            StatusCode::NOT_FOUND => Ok(false),
            _ => self.good(answer).await.map(|_| true),
        }
    }

    pub(crate) async fn launch(&self, target: &Target, body: &Value) -> Result<Facts, RemoteError> {
        let path = format!("/repos/{}/tasks", address(target));
        let answer = self.send(self.request(Method::POST, &path).json(body)).await?;
        match answer.status() {
            // The repository exists, so it is the tasks API that is missing.
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                Err(RemoteError::NoHearth(self.server.clone(), answer.status().to_string()))
            }
            _ => self.read(answer).await,
        }
    }

    pub(crate) async fn task(&self, id: i64) -> Result<Facts, RemoteError> {
        self.ask(Method::GET, &format!("/tasks/{id}")).await
    }

    pub(crate) async fn stop(&self, id: i64) -> Result<Facts, RemoteError> {
        self.ask(Method::POST, &format!("/tasks/{id}/stop")).await
    }

    /// Launches a task again, with the newest code of its branch or with the same.
    pub(crate) async fn rerun(&self, id: i64, is_newest: bool) -> Result<Facts, RemoteError> {
        let code = if is_newest { "newest" } else { "pinned" };
        self.ask(Method::POST, &format!("/tasks/{id}/rerun?code={code}")).await
    }

    pub(crate) async fn tasks(&self, target: &Target) -> Result<Vec<Facts>, RemoteError> {
        self.ask(Method::GET, &format!("/repos/{}/tasks", address(target))).await
    }

    /// The log from `offset` on, and the next offset.
    pub(crate) async fn log(&self, id: i64, node: u32, offset: u64) -> Result<(Vec<u8>, u64), RemoteError> {
        let path = format!("/tasks/{id}/log?offset={offset}&node={node}");
        let answer = self.good(self.send(self.request(Method::GET, &path)).await?).await?;
        let next = answer.headers().get("x-next-offset").and_then(|next| next.to_str().ok()?.parse().ok());
        let bytes = answer.bytes().await.map_err(|error| self.away(&error))?;
        Ok((bytes.to_vec(), next.unwrap_or(offset)))
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}/api/v1{path}", self.server));
        match &self.credentials {
            Credentials::Token(token) => request.bearer_auth(token),
            Credentials::Basic { name, secret } => request.basic_auth(name, Some(secret)),
        }
    }

    async fn ask<T: DeserializeOwned>(&self, method: Method, path: &str) -> Result<T, RemoteError> {
        self.read(self.send(self.request(method, path)).await?).await
    }

    async fn send(&self, request: RequestBuilder) -> Result<Response, RemoteError> {
        request.send().await.map_err(|error| self.away(&error))
    }

    async fn read<T: DeserializeOwned>(&self, answer: Response) -> Result<T, RemoteError> {
        let answer = self.good(answer).await?;
        if !is_json(&answer) {
            return Err(RemoteError::NoHearth(self.server.clone(), "with a page".to_owned()));
        }
        answer.json().await.map_err(|error| RemoteError::NoHearth(self.server.clone(), error.to_string()))
    }

    /// Turns an unsuccessful response into an error with the reason.
    async fn good(&self, answer: Response) -> Result<Response, RemoteError> {
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        if status == StatusCode::UNAUTHORIZED {
            return Err(RemoteError::BadToken(self.server.clone()));
        }
        if !is_json(&answer) {
            return Err(RemoteError::NoHearth(self.server.clone(), status.to_string()));
        }
        let problem: Problem = answer.json().await.unwrap_or_default();
        let mut said = problem.message;
        for error in problem.errors {
            said.push_str("\n  ");
            said.push_str(&error);
        }
        Err(RemoteError::Refused(said))
    }

    fn away(&self, error: &reqwest::Error) -> RemoteError {
        RemoteError::Away(self.server.clone(), hearth_core::chain(error))
    }
}

fn address(target: &Target) -> String {
    format!("{}/{}", urls::segment(&target.owner), urls::segment(&target.name))
}

fn is_json(answer: &Response) -> bool {
    let kind = answer.headers().get(reqwest::header::CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.contains("json"))
}

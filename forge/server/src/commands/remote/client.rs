use std::time::Duration;

use futures_util::StreamExt as _;
use hearth_core::{TaskState, urls};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    RemoteError, Target,
    error::sentence,
    token::{self, Credentials},
};
use crate::commands::terminal::one_line;

const PATIENCE: Duration = Duration::from_mins(1);
/// How long a file, or a piece of one, may take.
const TRANSFER_PATIENCE: Duration = Duration::from_hours(24);
/// How long a server may say nothing.
const SILENCE: Duration = Duration::from_mins(1);
/// The longest answer that is read into memory.
const MOST_ANSWER_BYTES: usize = 32 << 20;

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
        let credentials = token::find(server).await?;
        Ok(Self { http: http(server)?, server: server.to_owned(), credentials })
    }

    /// On behalf of whoever has this token.
    pub(crate) fn with_token(server: &str, token: String) -> Result<Self, RemoteError> {
        Ok(Self { http: http(server)?, server: server.to_owned(), credentials: Credentials::Token(token) })
    }

    /// The name of the account.
    pub(crate) async fn whoami(&self) -> Result<String, RemoteError> {
        #[derive(Deserialize)]
        struct Account {
            login: String,
        }
        self.get::<Account>("/user").await.map(|account| one_line(&account.login))
    }

    pub(crate) fn server(&self) -> &str {
        &self.server
    }

    /// Asks for JSON at a path below `/api/v1`.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, RemoteError> {
        self.ask(Method::GET, path).await
    }

    /// Sends JSON, and reads what was made of it.
    pub(crate) async fn send_json<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &Value,
    ) -> Result<T, RemoteError> {
        self.read(self.send(self.request(method, path).json(body)).await?).await
    }

    /// A request whose answer has no body of interest: only its status.
    pub(crate) async fn act(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<StatusCode, RemoteError> {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        self.good(self.send(request).await?).await.map(|answer| answer.status())
    }

    /// Text, such as a difference.
    pub(crate) async fn text(&self, path: &str) -> Result<String, RemoteError> {
        let answer = self.good(self.send(self.request(Method::GET, path)).await?).await?;
        let bytes = self.whole(answer).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// Sends a piece of a file.
    pub(crate) async fn send_bytes<T: DeserializeOwned>(
        &self,
        path: &str,
        bytes: Vec<u8>,
    ) -> Result<T, RemoteError> {
        let request = self.request(Method::PATCH, path).timeout(TRANSFER_PATIENCE);
        let request = request.header(reqwest::header::CONTENT_TYPE, "application/octet-stream").body(bytes);
        self.read(self.send(request).await?).await
    }

    /// A file, to be read in pieces with [`Client::next_piece`].
    pub(crate) async fn open(&self, path: &str) -> Result<Response, RemoteError> {
        self.good(self.send(self.request(Method::GET, path).timeout(TRANSFER_PATIENCE)).await?).await
    }

    /// The next bytes of a file; `None` at its end.
    pub(crate) async fn next_piece(&self, answer: &mut Response) -> Result<Option<Vec<u8>>, RemoteError> {
        let piece = answer.chunk().await.map_err(|error| self.away(&error))?;
        Ok(piece.map(|piece| piece.to_vec()))
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
        let bytes = self.whole(answer).await?;
        serde_json::from_slice(&bytes)
            .map_err(|error| RemoteError::NoHearth(self.server.clone(), error.to_string()))
    }

    /// The body of an answer, which must not be longer than anything that is read into memory.
    async fn whole(&self, answer: Response) -> Result<Vec<u8>, RemoteError> {
        let mut whole = Vec::new();
        let mut pieces = answer.bytes_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| self.away(&error))?;
            if whole.len() + piece.len() > MOST_ANSWER_BYTES {
                return Err(RemoteError::AnswerTooLong(self.server.clone()));
            }
            whole.extend_from_slice(&piece);
        }
        Ok(whole)
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
        let problem: Problem = serde_json::from_slice(&self.whole(answer).await?).unwrap_or_default();
        let mut said = sentence(&one_line(&problem.message));
        for error in problem.errors {
            said.push_str("\n  ");
            said.push_str(&one_line(&error));
        }
        Err(if status == StatusCode::NOT_FOUND {
            RemoteError::Missing(said)
        } else {
            RemoteError::Refused(said)
        })
    }

    fn away(&self, error: &reqwest::Error) -> RemoteError {
        RemoteError::Away(self.server.clone(), hearth_core::chain(error))
    }
}

fn http(server: &str) -> Result<reqwest::Client, RemoteError> {
    let away = |error: reqwest::Error| RemoteError::Away(server.to_owned(), hearth_core::chain(&error));
    reqwest::Client::builder().timeout(PATIENCE).read_timeout(SILENCE).build().map_err(away)
}

/// `owner/name` for a path.
pub(crate) fn address(target: &Target) -> String {
    format!("{}/{}", urls::segment(&target.owner), urls::segment(&target.name))
}

fn is_json(answer: &Response) -> bool {
    let kind = answer.headers().get(reqwest::header::CONTENT_TYPE);
    kind.and_then(|kind| kind.to_str().ok()).is_some_and(|kind| kind.contains("json"))
}

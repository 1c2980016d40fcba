//! A minimal implementation of the agent's side of its protocol with the server.

use std::thread::sleep;
use std::time::Duration;

use data_encoding::BASE64;
use reqwest::Method;
use reqwest::blocking::{Client, RequestBuilder};
use serde_json::Value;

use super::token::{self, Keys, told};
use crate::api::client_builder;
use crate::{Answer, TestCluster};

/// The agent is not wanted any more, or its machine was lost.
pub(crate) struct Gone;

/// One agent's connection to the server.
pub(crate) struct Talk {
    http: Client,
    root: String,
    token: String,
    gone: Box<dyn Fn() -> bool>,
}

const PAUSE: Duration = Duration::from_millis(200);

impl Talk {
    /// A client shared by many agents: threads and connections of their own would cost more than their
    /// requests.
    pub(crate) fn client() -> Client {
        client_builder().timeout(Duration::from_secs(30)).build().expect("an HTTP client")
    }

    /// With the address given to the pod, and the token opened with its owner's key.
    pub(crate) fn of_pod(
        http: Client,
        cluster: &TestCluster,
        keys: &Keys,
        pod: &Value,
        gone: Box<dyn Fn() -> bool>,
    ) -> Option<Self> {
        let mut talk = Self { http, root: String::new(), token: String::new(), gone };
        let config: Value = serde_json::from_str(told(pod, "HEARTH_AGENT")?).ok()?;
        config["server"].as_str()?.trim_end_matches('/').clone_into(&mut talk.root);
        let namespace = pod["metadata"]["namespace"].as_str()?;
        let key = keys.find(namespace, || {
            let path = format!("/api/v1/namespaces/{namespace}/secrets/hearth-agents");
            let secret = talk.until_answered(|| cluster.request(Method::GET, &path)).ok()?.json();
            BASE64.decode(secret["data"]["key"].as_str()?.as_bytes()).ok()
        })?;
        talk.token = token::open(&key, config["name"].as_str()?, told(pod, "HEARTH_SEALED_TOKEN")?)?;
        Some(talk)
    }

    pub(crate) fn get(&self, path: &str) -> Result<Value, Gone> {
        Ok(self.until_answered(|| self.request(Method::GET, path))?.json())
    }

    /// Sends JSON; a conflict (it was already carried out) counts as an answer.
    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Value, Gone> {
        Ok(self.until_answered(|| self.request(Method::POST, path).json(body))?.json())
    }

    /// Appends a piece and returns where the next one starts.
    pub(crate) fn append(&self, path: &str, piece: &str) -> Result<u64, Gone> {
        let answer = self.until_answered(|| self.request(Method::POST, path).body(piece.to_owned()))?;
        answer.json()["next_offset"].as_u64().ok_or(Gone)
    }

    /// Whether the server has everything that `finish` announces.
    pub(crate) fn finish(&self, rank: u64, finish: &Value) -> Result<bool, Gone> {
        let path = format!("finish?node={rank}");
        Ok(self.until_answered(|| self.request(Method::POST, &path).json(finish))?.status != 409)
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/api/agent/v1/{path}", self.root)).bearer_auth(&self.token)
    }

    /// Retries until there is an answer: servers of these tests are killed.
    pub(crate) fn until_answered(&self, make: impl Fn() -> RequestBuilder) -> Result<Answer, Gone> {
        while !(self.gone)() {
            if let Some(answer) = Answer::attempt(make()) {
                match answer.status {
                    200..300 | 409 => return Ok(answer),
                    410 => return Err(Gone),
                    _ => {}
                }
            }
            sleep(PAUSE);
        }
        Err(Gone)
    }
}

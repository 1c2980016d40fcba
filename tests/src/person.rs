//! A user with an account.

use serde_json::{Value, json};

use crate::{Answer, Api, TestServer};

/// An account, with its credentials.
pub struct Person {
    pub name: String,
    pub password: String,
    pub token: String,
    pub api: Api,
    root: String,
}

impl Person {
    pub(crate) fn new(root: &str, name: &str, password: &str, token: &str) -> Self {
        Self {
            name: name.to_owned(),
            password: password.to_owned(),
            token: token.to_owned(),
            api: Api::new(root, Some(token)),
            root: root.to_owned(),
        }
    }

    /// The same person on another server.
    #[must_use]
    pub fn at(&self, server: &TestServer) -> Self {
        let root = server.url("");
        Self::new(root.trim_end_matches('/'), &self.name, &self.password, &self.token)
    }

    /// Creates an empty public repository.
    #[track_caller]
    pub fn create_repository(&self, name: &str) -> Value {
        self.create(&json!({ "name": name })).json()
    }

    /// Creates an empty private repository.
    #[track_caller]
    pub fn create_private_repository(&self, name: &str) -> Value {
        self.create(&json!({ "name": name, "private": true })).json()
    }

    #[track_caller]
    fn create(&self, body: &Value) -> Answer {
        self.api.post("/api/v1/user/repos", body).expect(201)
    }

    /// The clone address of a repository of this person.
    pub fn clone_address(&self, repository: &str) -> String {
        format!("{}/{}/{repository}.git", self.root, self.name)
    }

    /// A path below `/api/v1/repos/{name}/{repository}`.
    pub fn repository_api(&self, repository: &str, rest: &str) -> String {
        format!("/api/v1/repos/{}/{repository}{rest}", self.name)
    }

    /// The address of the site.
    pub fn root(&self) -> &str {
        &self.root
    }
}

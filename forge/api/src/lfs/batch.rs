use std::{borrow::Cow, collections::HashMap};

use axum::{
    Json,
    body::Body,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use hearth_app::{
    App,
    lfs_batch::{self, Answer, Asked, Direction},
};
use hearth_core::Error;
use serde::{Deserialize, Serialize};

use super::failure::{LfsFailure, MEDIA_TYPE};
use crate::{authenticate::Caller, body, error::ApiResult, git::GitAddress};

#[derive(Debug, Deserialize)]
struct Batch {
    operation: Operation,
    #[serde(default)]
    transfers: Vec<String>,
    objects: Vec<Object>,
    #[serde(default)]
    hash_algo: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Operation {
    Download,
    Upload,
}

#[derive(Debug, Deserialize)]
struct Object {
    oid: String,
    size: i64,
}

#[derive(Serialize)]
struct Answers {
    transfer: &'static str,
    objects: Vec<Answered>,
    hash_algo: &'static str,
}

#[derive(Serialize)]
struct Answered {
    oid: String,
    size: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    authenticated: Option<bool>,
    #[serde(skip_serializing_if = "HashMap::is_empty")]
    actions: HashMap<&'static str, Link>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Refusal>,
}

#[derive(Clone, Serialize)]
struct Link {
    href: String,
    #[serde(skip_serializing_if = "HashMap::is_empty")]
    header: HashMap<&'static str, String>,
}

#[derive(Serialize)]
struct Refusal {
    code: u16,
    message: Cow<'static, str>,
}

/// Which of these objects to transfer, and where.
pub(super) async fn post(
    State(app): State<App>,
    Path((owner, name)): Path<(String, String)>,
    uri: OriginalUri,
    caller: ApiResult<Caller>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, LfsFailure> {
    let Caller(actor) = caller?;
    let access = GitAddress::new(&uri, owner, &name).open(&app, &actor).await?;
    let batch: Batch = body::json(&app, body).await?;
    let transfer = Transfer::chosen(&batch).ok_or_else(|| Error::field("transfers", "unknown-choice"))?;
    if batch.hash_algo.as_deref().is_some_and(|name| name != "sha256") {
        return Err(Error::field("hash_algo", "unknown-choice").into());
    }
    let direction = match batch.operation {
        Operation::Download => Direction::Download,
        Operation::Upload => Direction::Upload,
    };
    let asked = |object: &Object| Asked { oid: object.oid.clone(), size_bytes: object.size };
    let asked: Vec<_> = batch.objects.iter().map(asked).collect();
    let answers = lfs_batch::answer(&app, &access, direction, &asked).await?;
    let base = app.urls().absolute(uri.path().trim_end_matches("/objects/batch"));
    let links = Links { base, headers: &headers, transfer };
    let objects = batch.objects.into_iter().zip(answers);
    let objects = objects.map(|(object, answer)| links.answered(object, answer)).collect();
    let answer = Json(Answers { transfer: transfer.name(), objects, hash_algo: "sha256" });
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, MEDIA_TYPE);
    Ok(response)
}

/// How the bytes are to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transfer {
    Basic,
    /// An upload that goes on where it was cut, for clients that offer it: `git-lfs` with `lfs.tustransfers`.
    Tus,
}

impl Transfer {
    /// None: the client offers nothing that is spoken here.
    fn chosen(batch: &Batch) -> Option<Self> {
        let offers = |transfer: Self| batch.transfers.iter().any(|name| name == transfer.name());
        if batch.operation == Operation::Upload && offers(Self::Tus) {
            return Some(Self::Tus);
        }
        (batch.transfers.is_empty() || offers(Self::Basic)).then_some(Self::Basic)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Tus => "tus",
        }
    }
}

struct Links<'a> {
    /// The address up to, but without, `/objects/…`.
    base: String,
    headers: &'a HeaderMap,
    transfer: Transfer,
}

impl Links<'_> {
    fn answered(&self, object: Object, answer: Answer) -> Answered {
        let (mut actions, mut error) = (HashMap::new(), None);
        let address = format!("objects/{}", object.oid);
        match answer {
            Answer::Download => {
                actions.insert("download", self.link(&address));
            }
            Answer::Upload => {
                let upload = match self.transfer {
                    Transfer::Basic => address,
                    Transfer::Tus => format!("{address}/tus?size={}", object.size),
                };
                actions.insert("upload", self.link(&upload));
                actions.insert("verify", self.link("verify"));
            }
            Answer::Nothing => {}
            Answer::Refused { code, message } => error = Some(Refusal { code, message: message.into() }),
            Answer::NoRoom(quota) => {
                let message = hearth_http::message(&Error::QuotaSpent(quota)).into();
                error = Some(Refusal { code: StatusCode::INSUFFICIENT_STORAGE.as_u16(), message });
            }
        }
        let authenticated = error.is_none().then_some(true);
        Answered { oid: object.oid, size: object.size, authenticated, actions, error }
    }

    /// The transfer uses the credentials of this call.
    fn link(&self, rest: &str) -> Link {
        let given = self.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let header = given.map(|value| ("Authorization", value.to_owned())).into_iter().collect();
        Link { href: format!("{}/{rest}", self.base), header }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn any_bytes_are_a_batch_or_an_error(bytes in proptest::collection::vec(any::<u8>(), 0..500)) {
            drop(serde_json::from_slice::<Batch>(&bytes));
        }

        #[test]
        fn only_transfers_that_are_spoken_are_chosen(
            names in proptest::collection::vec("basic|tus|multipart|xet|[a-z]{0,6}", 0..6),
            is_upload: bool,
        ) {
            let operation = if is_upload { "upload" } else { "download" };
            let text = serde_json::json!({ "operation": operation, "transfers": names, "objects": [] });
            let batch: Batch = serde_json::from_value(text).expect("a batch");
            match Transfer::chosen(&batch) {
                Some(Transfer::Tus) => prop_assert!(is_upload && names.iter().any(|name| name == "tus")),
                Some(Transfer::Basic) => {
                    prop_assert!(names.is_empty() || names.iter().any(|name| name == "basic"));
                }
                None => prop_assert!(!names.is_empty() && names.iter().all(|name| name != "basic")),
            }
        }
    }
}

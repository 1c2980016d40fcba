use std::{
    borrow::Cow,
    collections::{BTreeMap, HashMap},
};

use axum::{
    Json,
    body::Body,
    extract::{OriginalUri, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use hearth_app::{
    Access, App,
    blobs::BlobId,
    lfs_batch::{self, Answer, Asked, Direction},
    lfs_parts::{self, Cut},
    lfs_upload::Declared,
};
use hearth_core::{Error, Read};
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
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    header: BTreeMap<Cow<'static, str>, String>,
    /// In seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_in: Option<u64>,
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
    let spoken = || Error::field("transfers", "unknown-choice");
    let chosen = Transfer::chosen(&batch).ok_or_else(spoken)?;
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
    let cut = if chosen == Transfer::Multipart { cut(&app, &access, &batch, &answers).await? } else { None };
    let transfer = match chosen {
        Transfer::Multipart if cut.is_none() => {
            batch.offers(Transfer::Basic).then_some(Transfer::Basic).ok_or_else(spoken)?
        }
        chosen => chosen,
    };
    let base = app.urls().absolute(uri.path().trim_end_matches("/objects/batch"));
    let links = Links { app: &app, base, headers: &headers, transfer, cut };
    let objects = batch.objects.into_iter().zip(answers);
    let objects = objects.map(|(object, answer)| links.answered(object, answer)).collect();
    let answer = Json(Answers { transfer: transfer.name(), objects, hash_algo: "sha256" });
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, MEDIA_TYPE);
    Ok(response)
}

/// How what is to be sent is cut into parts. None: it goes in another way, because no object is larger than a part, or because
/// there are no tickets for whoever asks.
async fn cut(app: &App, access: &Access<Read>, batch: &Batch, answers: &[Answer]) -> ApiResult<Option<Cut>> {
    let uploads = batch.objects.iter().zip(answers).filter(|(_, answer)| **answer == Answer::Upload);
    let sizes: Vec<u64> = uploads.map(|(object, _)| u64::try_from(object.size).unwrap_or(0)).collect();
    if batch.offers(Transfer::Basic) && !lfs_parts::are_large(app, &sizes) {
        return Ok(None);
    }
    Ok(Cut::of(app, access, &sizes).await?)
}

impl Batch {
    fn offers(&self, transfer: Transfer) -> bool {
        self.transfers.iter().any(|name| name == transfer.name())
    }
}

/// How the bytes are to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Transfer {
    Basic,
    /// An upload that goes on where it was cut, for clients that offer it: `git-lfs` with `lfs.tustransfers`.
    Tus,
    /// An upload in parts, for Hugging Face's clients. All objects of an answer go in the same way: the program that sends them for
    /// `git-lfs` knows no other.
    Multipart,
}

impl Transfer {
    /// None: the client offers nothing that is spoken here.
    fn chosen(batch: &Batch) -> Option<Self> {
        if batch.operation == Operation::Upload {
            let of_uploads =
                [Self::Tus, Self::Multipart].into_iter().find(|transfer| batch.offers(*transfer));
            if of_uploads.is_some() {
                return of_uploads;
            }
        }
        (batch.transfers.is_empty() || batch.offers(Self::Basic)).then_some(Self::Basic)
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Tus => "tus",
            Self::Multipart => "multipart",
        }
    }
}

struct Links<'a> {
    app: &'a App,
    /// The address up to, but without, `/objects/…`.
    base: String,
    headers: &'a HeaderMap,
    transfer: Transfer,
    /// For uploads in parts.
    cut: Option<Cut>,
}

impl Links<'_> {
    fn answered(&self, object: Object, answer: Answer) -> Answered {
        let (mut actions, mut error) = (HashMap::new(), None);
        match answer {
            Answer::Download => {
                actions.insert("download", self.link(&address(&object)));
            }
            Answer::Upload => {
                actions.insert("upload", self.upload(&object));
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

    fn upload(&self, object: &Object) -> Link {
        let address = address(object);
        if let (Some(cut), Some(oid)) = (self.cut, BlobId::parse(&object.oid)) {
            let size_bytes = u64::try_from(object.size).unwrap_or(0);
            return self.parts(&address, cut, Declared { oid, size_bytes });
        }
        match self.transfer {
            Transfer::Tus => self.link(&format!("{address}/tus?size={}", object.size)),
            Transfer::Basic | Transfer::Multipart => self.link(&address),
        }
    }

    /// The clients take every header but `chunk_size` for the address of a part, in their order as texts, and send no other.
    fn parts(&self, address: &str, cut: Cut, declared: Declared) -> Link {
        let ticket = cut.ticket(self.app, &declared);
        let href = |part: &str| format!("{}/{address}/parts{part}?ticket={ticket}", self.base);
        let object = cut.apply(declared);
        let part = |number: u64| (Cow::from(format!("{number:05}")), href(&format!("/{number}")));
        let mut header: BTreeMap<Cow<'static, str>, String> = (1..=object.count()).map(part).collect();
        header.insert("chunk_size".into(), object.part_bytes.to_string());
        Link { href: href(""), header, expires_in: Some(lfs_parts::TICKET_LIVES.as_secs()) }
    }

    /// The transfer uses the credentials of this call.
    fn link(&self, rest: &str) -> Link {
        let given = self.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let header = given.map(|value| (Cow::from("Authorization"), value.to_owned())).into_iter().collect();
        Link { href: format!("{}/{rest}", self.base), header, expires_in: None }
    }
}

fn address(object: &Object) -> String {
    format!("objects/{}", object.oid)
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
                Some(chosen @ (Transfer::Tus | Transfer::Multipart)) => {
                    prop_assert!(is_upload && names.iter().any(|name| name == chosen.name()));
                }
                Some(Transfer::Basic) => {
                    prop_assert!(names.is_empty() || names.iter().any(|name| name == "basic"));
                }
                None => prop_assert!(!names.is_empty() && names.iter().all(|name| name != "basic")),
            }
        }
    }
}

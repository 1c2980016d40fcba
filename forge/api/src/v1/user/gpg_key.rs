use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use hearth_app::{
    App,
    gpg_key::{self, GpgKey as Known, SigningKey},
    user,
};
use hearth_core::{Error, GpgKeyId, Kind, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    authenticate::Caller,
    body::Input,
    error::ApiResult,
    pagination::Paging,
    table::{Table, describe},
};

pub(super) fn routes(table: Table) -> Table {
    table
        .get(
            "/user/gpg_keys",
            list,
            describe("List your OpenPGP keys, newest first").list_response::<GpgKey>(),
        )
        .post(
            "/user/gpg_keys",
            add,
            describe("Add an OpenPGP key, or replace it")
                .request::<CreateGpgKey>()
                .response::<GpgKey>()
                .status(201),
        )
        .get("/user/gpg_keys/{id}", show, describe("Get one of your OpenPGP keys").response::<GpgKey>())
        .delete("/user/gpg_keys/{id}", remove, describe("Delete an OpenPGP key"))
        .get(
            "/user/gpg_key_token",
            token,
            describe("Get the line whose signature proves that you have a key"),
        )
        .post(
            "/user/gpg_key_verify",
            verify,
            describe("Prove that you have a key").request::<VerifyGpgKey>().response::<GpgKey>().status(201),
        )
        .get(
            "/users/{username}/gpg_keys",
            list_of,
            describe("List the OpenPGP keys that a user has proven to have").list_response::<GpgKey>(),
        )
}

/// A key to add.
#[derive(Debug, Deserialize, ToSchema)]
struct CreateGpgKey {
    /// What `gpg --armor --export` prints.
    armored_public_key: String,
    /// The signature of the token. Without it, the key verifies nothing yet.
    #[serde(default)]
    armored_signature: String,
}

/// The proof of a key.
#[derive(Debug, Deserialize, ToSchema)]
struct VerifyGpgKey {
    /// Of the primary key or of a key that signs: the short id, or the fingerprint.
    key_id: String,
    /// The signature of the token.
    armored_signature: String,
}

/// An address in a key.
#[derive(Debug, Serialize, ToSchema)]
struct KeyEmail {
    email: String,
    /// Whether it is that of the account.
    verified: bool,
}

/// An OpenPGP key, or a subkey that signs.
#[expect(clippy::struct_excessive_bools, reason = "the fields are Gitea's")]
#[derive(Debug, Serialize, ToSchema)]
struct GpgKey {
    id: i64,
    primary_key_id: String,
    key_id: String,
    public_key: String,
    emails: Vec<KeyEmail>,
    #[schema(no_recursion)]
    subkeys: Vec<GpgKey>,
    can_sign: bool,
    /// Encryption is nothing that is looked at here.
    can_encrypt_comms: bool,
    can_encrypt_storage: bool,
    can_certify: bool,
    /// Whether its owner has proven to have it.
    verified: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Option<Timestamp>,
}

fn time(seconds: u64) -> Option<Timestamp> {
    i64::try_from(seconds).ok().map(Timestamp::from_second)
}

impl GpgKey {
    /// `email` is that of the account.
    fn new(key: Known, email: &str) -> Self {
        let (id, verified) = (key.id.0, key.is_proven);
        let mut shown = Self {
            id,
            primary_key_id: String::new(),
            key_id: key.fingerprint.clone(),
            public_key: key.armor,
            emails: Vec::new(),
            subkeys: Vec::new(),
            can_sign: false,
            can_encrypt_comms: false,
            can_encrypt_storage: false,
            can_certify: true,
            verified,
            created_at: Some(key.added_at),
            expires_at: None,
        };
        let Some(certificate) = key.certificate else { return shown };
        shown.key_id = certificate.fingerprint.key_id();
        shown.created_at = time(certificate.created);
        shown.expires_at = certificate.expires.and_then(time);
        let emails = certificate.addresses().into_iter();
        shown.emails = emails
            .map(|address| KeyEmail {
                email: address.to_owned(),
                verified: verified && address.eq_ignore_ascii_case(email),
            })
            .collect();
        for signing in &certificate.keys {
            if signing.fingerprint == certificate.fingerprint {
                shown.can_sign = true;
            } else {
                let subkey = Self::subkey(&shown, signing);
                shown.subkeys.push(subkey);
            }
        }
        shown
    }

    fn subkey(primary: &Self, key: &SigningKey) -> Self {
        Self {
            id: primary.id,
            primary_key_id: primary.key_id.clone(),
            key_id: key.fingerprint.key_id(),
            public_key: String::new(),
            emails: Vec::new(),
            subkeys: Vec::new(),
            can_sign: true,
            can_encrypt_comms: false,
            can_encrypt_storage: false,
            can_certify: false,
            verified: primary.verified,
            created_at: time(key.created),
            expires_at: key.expires.and_then(time),
        }
    }
}

fn id(text: &str) -> ApiResult<GpgKeyId> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::GpgKey))?)
}

async fn list(State(app): State<App>, Caller(actor): Caller, paging: Paging) -> ApiResult<Response> {
    let keys = gpg_key::list(&app, &actor).await?;
    let email = actor.signed_in()?.email.to_string();
    let page = paging.cut(keys).map(|key| GpgKey::new(key, &email));
    Ok(paging.answer(&app, &page))
}

async fn list_of(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(name): Path<String>,
    paging: Paging,
) -> ApiResult<Response> {
    let person = user::find(&app, &actor, &name).await?;
    let keys = gpg_key::list_of(&app, &actor, &name).await?;
    // Which of the addresses is the account's is hidden with it.
    let email = if person.is_email_hidden { String::new() } else { person.email.to_string() };
    let page = paging.cut(keys).map(|key| GpgKey::new(key, &email));
    Ok(paging.answer(&app, &page))
}

async fn show(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(text): Path<String>,
) -> ApiResult<Json<GpgKey>> {
    let key = gpg_key::get(&app, &actor, id(&text)?).await?;
    Ok(Json(GpgKey::new(key, actor.signed_in()?.email.as_str())))
}

async fn add(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(new): Input<CreateGpgKey>,
) -> ApiResult<(StatusCode, Json<GpgKey>)> {
    let proof = Some(new.armored_signature.trim()).filter(|proof| !proof.is_empty());
    let key = gpg_key::add(&app, &actor, &new.armored_public_key, proof).await?;
    Ok((StatusCode::CREATED, Json(GpgKey::new(key, actor.signed_in()?.email.as_str()))))
}

async fn token(State(app): State<App>, Caller(actor): Caller) -> ApiResult<String> {
    Ok(gpg_key::token(&app, &actor)?)
}

async fn verify(
    State(app): State<App>,
    Caller(actor): Caller,
    Input(proof): Input<VerifyGpgKey>,
) -> ApiResult<(StatusCode, Json<GpgKey>)> {
    let key = gpg_key::find(&app, &actor, &proof.key_id).await?;
    let key = gpg_key::prove(&app, &actor, key.id, &proof.armored_signature).await?;
    Ok((StatusCode::CREATED, Json(GpgKey::new(key, actor.signed_in()?.email.as_str()))))
}

async fn remove(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(text): Path<String>,
) -> ApiResult<StatusCode> {
    gpg_key::remove(&app, &actor, id(&text)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

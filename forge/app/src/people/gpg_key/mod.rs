//! OpenPGP keys of people: commits and tags that were signed with them are verified.
//!
//! A public key is public, so having it proves nothing: a key counts once its owner has signed a token with it.

mod proof;

use hearth_core::{
    Conflict, Error, FieldErrors, GpgKeyId, Kind, Result, Scope, Timestamp, event::AccountEvent,
};
use hearth_openpgp::{BadCertificate, Certificate};
use hearth_store::{
    Meaning as _,
    gpg_key::{self, GpgKey as Row, NewGpgKey},
    user::{self, User},
};

pub use hearth_openpgp::SigningKey;
pub use proof::token;

use crate::{Actor, App, Operation};

/// A key, and what its certificate says today.
#[derive(Clone, Debug)]
pub struct GpgKey {
    pub id: GpgKeyId,
    /// Of the primary key, in hexadecimal digits.
    pub fingerprint: String,
    pub is_proven: bool,
    pub added_at: Timestamp,
    /// Armoured, as it was added.
    pub armor: String,
    /// None if what holds it together has expired.
    pub certificate: Option<Certificate>,
}

impl GpgKey {
    fn of(row: Row, now: Timestamp) -> Self {
        let certificate = Certificate::read(&row.certificate, seconds(now)).ok();
        let Row { id, fingerprint, certificate: armor, is_proven, created_at: added_at, .. } = row;
        Self { id, fingerprint, is_proven, added_at, armor, certificate }
    }
}

/// A time as OpenPGP counts it.
pub(crate) fn seconds(time: Timestamp) -> hearth_openpgp::Seconds {
    u64::try_from(time.as_second()).unwrap_or(0)
}

const fn code(bad: BadCertificate) -> &'static str {
    match bad {
        BadCertificate::Unreadable => "gpg-key-unreadable",
        BadCertificate::Private => "gpg-key-private",
        BadCertificate::Several => "gpg-key-several",
        BadCertificate::TooLarge => "gpg-key-too-large",
        BadCertificate::Algorithm => "gpg-key-algorithm",
        BadCertificate::Weak => "gpg-key-weak",
        BadCertificate::WeakDigest => "gpg-key-weak-digest",
        BadCertificate::Unbound => "gpg-key-unbound",
        BadCertificate::NoSigningKey => "gpg-key-no-signing-key",
    }
}

/// Adds a key, with the signature of the [`token`] if there is one already. A key that the actor has is replaced: with a
/// later end, a new subkey, or its revocation.
pub async fn add(app: &App, actor: &Actor, text: &str, proof: Option<&str>) -> Result<GpgKey> {
    actor.require(Scope::WriteUser)?;
    let user = actor.signed_in()?;
    let now = seconds(app.now());
    let mut errors = FieldErrors::default();
    let certificate = errors.take("key", Certificate::read(text, now), code);
    errors.into_result()?;
    let certificate = certificate.ok_or_else(|| Error::internal("a bad key makes an error"))?;
    if let Some(proof) = proof {
        proof::check(app, user.id, &certificate, proof)?;
    }
    let fingerprint = certificate.fingerprint.to_string();
    let mut operation = app.begin().await?;
    let known = gpg_key::find_by_fingerprint(&mut operation, user.id, &fingerprint).await?;
    refuse_if_taken(&mut operation, user, &fingerprint).await?;
    if let Some(known) = &known {
        gpg_key::delete(&mut operation, user.id, known.id).await?;
    } else if gpg_key::count(&mut operation, user.id).await? >= app.limits().gpg_keys {
        return Err(Error::TooLarge(app.limits().gpg_keys_of_person()));
    }
    let mut signing_key_ids: Vec<String> =
        certificate.keys.iter().map(|key| key.fingerprint.key_id()).collect();
    signing_key_ids.sort_unstable();
    signing_key_ids.dedup();
    let was_proven = known.is_some_and(|known| known.is_proven);
    let new = NewGpgKey {
        user_id: user.id,
        fingerprint: fingerprint.clone(),
        certificate: certificate.armor(),
        signing_key_ids,
        is_proven: proof.is_some() || was_proven,
        created_at: operation.now(),
    };
    let row = gpg_key::insert(&mut operation, &new).await.on_taken(Conflict::KeyTaken)?;
    let added = AccountEvent::GpgKeyAdded { fingerprint: fingerprint.clone() };
    operation.record_of_account(Some(user.id), user.id, added).await?;
    if row.is_proven && !was_proven {
        let proven = AccountEvent::GpgKeyProven { fingerprint };
        operation.record_of_account(Some(user.id), user.id, proven).await?;
    }
    operation.commit().await?;
    Ok(GpgKey::of(row, app.now()))
}

/// A key that somebody else has proven to have is theirs alone.
async fn refuse_if_taken(operation: &mut Operation, user: &User, fingerprint: &str) -> Result<()> {
    let proven = gpg_key::find_proven(operation, fingerprint).await?;
    if proven.is_some_and(|key| key.user_id != user.id) {
        return Err(Error::Conflict(Conflict::KeyTaken));
    }
    Ok(())
}

/// Proves that the actor has a key, by the signature of the [`token`].
pub async fn prove(app: &App, actor: &Actor, id: GpgKeyId, proof: &str) -> Result<GpgKey> {
    actor.require(Scope::WriteUser)?;
    let user = actor.signed_in()?;
    let mut operation = app.begin().await?;
    let row = gpg_key::find(&mut operation, user.id, id).await?.ok_or(Error::NotFound(Kind::GpgKey))?;
    let key = GpgKey::of(row, app.now());
    let certificate = key.certificate.as_ref().ok_or_else(|| Error::field("proof", "gpg-key-proof"))?;
    proof::check(app, user.id, certificate, proof)?;
    if !key.is_proven {
        gpg_key::set_proven(&mut operation, id).await.on_taken(Conflict::KeyTaken)?;
        let event = AccountEvent::GpgKeyProven { fingerprint: key.fingerprint.clone() };
        operation.record_of_account(Some(user.id), user.id, event).await?;
    }
    operation.commit().await?;
    Ok(GpgKey { is_proven: true, ..key })
}

/// The actor's keys, newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<GpgKey>> {
    actor.require(Scope::ReadUser)?;
    let user = actor.signed_in()?;
    let rows = gpg_key::list(&mut app.store().read().await?, user.id).await?;
    Ok(rows.into_iter().map(|row| GpgKey::of(row, app.now())).collect())
}

/// The keys that somebody has proven to have, newest first.
pub async fn list_of(app: &App, actor: &Actor, name: &str) -> Result<Vec<GpgKey>> {
    let person = crate::user::find(app, actor, name).await?;
    let rows = gpg_key::list(&mut app.store().read().await?, person.id).await?;
    let proven = rows.into_iter().filter(|row| row.is_proven);
    Ok(proven.map(|row| GpgKey::of(row, app.now())).collect())
}

/// One of the actor's keys.
pub async fn get(app: &App, actor: &Actor, id: GpgKeyId) -> Result<GpgKey> {
    actor.require(Scope::ReadUser)?;
    let user = actor.signed_in()?;
    let found = gpg_key::find(&mut app.store().read().await?, user.id, id).await?;
    found.map(|row| GpgKey::of(row, app.now())).ok_or(Error::NotFound(Kind::GpgKey))
}

/// One of the actor's keys, by the short id or the fingerprint of a key in it.
pub async fn find(app: &App, actor: &Actor, name: &str) -> Result<GpgKey> {
    let is_named = |key: &GpgKey| {
        let names = key.certificate.iter().flat_map(|certificate| {
            let keys = certificate.keys.iter().map(|key| &key.fingerprint);
            keys.chain([&certificate.fingerprint])
        });
        names.into_iter().any(|known| {
            name.eq_ignore_ascii_case(&known.key_id()) || name.eq_ignore_ascii_case(&known.to_string())
        })
    };
    let found = list(app, actor).await?.into_iter().find(is_named);
    found.ok_or(Error::NotFound(Kind::GpgKey))
}

pub async fn remove(app: &App, actor: &Actor, id: GpgKeyId) -> Result<()> {
    actor.require(Scope::WriteUser)?;
    let user = actor.signed_in()?;
    let mut operation = app.begin().await?;
    let key = gpg_key::find(&mut operation, user.id, id).await?.ok_or(Error::NotFound(Kind::GpgKey))?;
    gpg_key::delete(&mut operation, user.id, id).await?;
    let event = AccountEvent::GpgKeyRemoved { fingerprint: key.fingerprint };
    operation.record_of_account(Some(user.id), user.id, event).await?;
    operation.commit().await?;
    Ok(())
}

/// The proven keys in which a key of this id may sign, each with its owner. Ids are short, so there may be several.
pub(crate) async fn signing(
    ask: &mut impl hearth_store::Ask,
    key_id: &str,
    now: Timestamp,
) -> Result<Vec<(User, Certificate)>> {
    /// More keys with one id were made on purpose.
    const MOST: u32 = 4;
    let mut found = Vec::new();
    for row in gpg_key::list_signing(ask, key_id, MOST).await? {
        let owner = user::find(ask, row.user_id).await?;
        let certificate = GpgKey::of(row, now).certificate;
        found.extend(owner.zip(certificate));
    }
    Ok(found)
}

//! Whose a signature is, by the keys of accounts. What was found for one signature is kept for the next ones.

use std::collections::HashMap;

use hearth_core::Result;
use hearth_openpgp::{Certificate, DetachedSignature, Verdict};
use hearth_store::{ssh_key, user, user::User};

use super::{Checked, Lapse, Verification};
use crate::{App, gpg_key};

/// Keys of accounts, as far as they were asked for.
pub(crate) struct Judge<'app> {
    app: &'app App,
    /// Owners by the fingerprint of their SSH key.
    owners: HashMap<String, Option<User>>,
    /// By the short id that signatures name.
    certificates: HashMap<String, Vec<(User, Certificate)>>,
}

impl<'app> Judge<'app> {
    pub(crate) fn new(app: &'app App) -> Self {
        Self { app, owners: HashMap::new(), certificates: HashMap::new() }
    }

    /// What is known of a signature on something that was made by whoever has this address.
    pub(crate) async fn judge(&mut self, checked: Option<Checked>, address: &str) -> Result<Verification> {
        Ok(match checked {
            None => Verification::Unsigned,
            Some(Checked::Ssh { fingerprint }) if self.is_of_site(&fingerprint) => {
                Verification::MadeHere { fingerprint }
            }
            Some(Checked::Ssh { fingerprint }) => self.of_ssh(fingerprint, address).await?,
            Some(Checked::OpenPgp { signature, payload }) => {
                self.of_openpgp(&signature, &payload, address).await?
            }
            Some(Checked::WeakDigest) => Verification::WeakDigest,
            Some(Checked::Bad) => Verification::Bad,
            Some(Checked::Unknown(kind)) => Verification::Unchecked(kind),
        })
    }

    fn is_of_site(&self, fingerprint: &str) -> bool {
        self.app.site_key().is_some_and(|key| key.fingerprint() == fingerprint)
    }

    async fn of_ssh(&mut self, fingerprint: String, address: &str) -> Result<Verification> {
        if !self.owners.contains_key(&fingerprint) {
            let mut reader = self.app.store().read().await?;
            let key = ssh_key::find_by_fingerprint(&mut reader, &fingerprint).await?;
            let owner = match key {
                Some(key) => user::find(&mut reader, key.user_id).await?,
                None => None,
            };
            self.owners.insert(fingerprint.clone(), owner);
        }
        Ok(match self.owners.get(&fingerprint) {
            Some(Some(owner)) => good(owner, fingerprint, address),
            Some(None) | None => Verification::UnknownKey { fingerprint },
        })
    }

    async fn of_openpgp(
        &mut self,
        signature: &DetachedSignature,
        payload: &[u8],
        address: &str,
    ) -> Result<Verification> {
        let (issuer, now) = (signature.issuer(), self.app.now());
        let key_id = issuer.key_id();
        if !self.certificates.contains_key(&key_id) {
            let found = gpg_key::signing(&mut self.app.store().read().await?, &key_id, now).await?;
            self.certificates.insert(key_id.clone(), found);
        }
        let known = self.certificates.get(&key_id).map(Vec::as_slice).unwrap_or_default();
        let mut is_known = false;
        for (owner, certificate) in known {
            let Some(key) = certificate.keys.iter().find(|key| issuer.is(&key.fingerprint)) else { continue };
            is_known = true;
            let fingerprint = key.fingerprint.to_string();
            let lapse = match signature.check(certificate, payload, gpg_key::seconds(now)) {
                Verdict::Good => return Ok(good(owner, fingerprint, address)),
                // A short id may mean another key.
                Verdict::Mismatch => continue,
                Verdict::Expired => Lapse::Expired,
                Verdict::Revoked => Lapse::Revoked,
                Verdict::Compromised => Lapse::Compromised,
                Verdict::Untimely => Lapse::Untimely,
            };
            let signer = owner.name.to_string();
            return Ok(Verification::Lapsed { signer, fingerprint, lapse });
        }
        Ok(if is_known {
            Verification::Bad
        } else {
            Verification::UnknownKey { fingerprint: issuer.to_string() }
        })
    }
}

fn good(owner: &User, fingerprint: String, address: &str) -> Verification {
    let signer = owner.name.to_string();
    if is_of(owner, address) {
        Verification::Verified { signer, fingerprint }
    } else {
        Verification::OtherAddress { signer, fingerprint }
    }
}

/// Whether an address is the account's. Only the case of ASCII letters is forgiven: some others become ASCII letters when
/// they are made small, such as the sign for kelvin.
fn is_of(owner: &User, address: &str) -> bool {
    // The second is what stands for a hidden address in commits that are made on pages.
    let hidden = format!("{}@noreply.localhost", owner.name);
    address.eq_ignore_ascii_case(owner.email.as_str()) || address.eq_ignore_ascii_case(&hidden)
}

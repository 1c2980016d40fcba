//! How somebody proves that they have a key: they sign a token that is theirs and does not last.

use hearth_core::{Error, Result, UserId};
use hearth_openpgp::{Certificate, DetachedSignature, Verdict};

use super::seconds;
use crate::{Actor, App};

const PURPOSE: &str = "gpg-key-proof";
/// A token is good in the period in which it was shown, and in the next.
const PERIOD_SECONDS: i64 = 60 * 60;
/// A shell ends the text with a line end of its machine, which is signed along.
const LINE_ENDS: [&str; 3] = ["\n", "", "\r\n"];

/// What the actor signs to prove that they have a key. It is good for an hour at least, and for nobody else.
pub fn token(app: &App, actor: &Actor) -> Result<String> {
    Ok(token_at(app, actor.signed_in()?.id, period(app)))
}

fn period(app: &App) -> i64 {
    app.now().as_second().div_euclid(PERIOD_SECONDS)
}

fn token_at(app: &App, user: UserId, period: i64) -> String {
    app.signer().sign(PURPOSE, &format!("{user} {period}"))
}

/// Fails with a field error unless a key of the certificate has signed the person's token.
pub(super) fn check(app: &App, user: UserId, certificate: &Certificate, proof: &str) -> Result<()> {
    let now = seconds(app.now());
    let is_proof = DetachedSignature::read(proof).is_ok_and(|signature| {
        [period(app), period(app) - 1].into_iter().any(|period| {
            let token = token_at(app, user, period);
            LINE_ENDS.iter().any(|end| {
                let text = format!("{token}{end}");
                signature.check(certificate, text.as_bytes(), now) == Verdict::Good
            })
        })
    });
    if is_proof { Ok(()) } else { Err(Error::field("proof", "gpg-key-proof")) }
}

//! Whether the signature of a commit or a tag is good, and whose it is. Signatures by SSH and OpenPGP keys are checked
//! against the keys of accounts; other kinds are named, and nothing is claimed about them.

mod armor;
mod judge;
mod key;
mod ssh;

use hearth_core::{Read, Result};
use hearth_git::{ObjectId, OpenRepository};

pub(crate) use armor::Checked;
pub(crate) use judge::Judge;

use crate::{Access, App, GitResult as _, repository};

/// As many bytes of signed objects are held at once, and one object more.
const BATCH_BYTES: usize = 4 << 20;

/// What is known of a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// There is none.
    Unsigned,
    /// The signature is good, the key belongs to an account, and so does the address of whoever made the commit.
    Verified { signer: String, fingerprint: String },
    /// This site made the commit, for whoever it names as its committer.
    MadeHere { fingerprint: String },
    /// The key belongs to an account and has signed this, but does not hold any more, or did not then.
    Lapsed { signer: String, fingerprint: String, lapse: Lapse },
    /// The key belongs to an account, but the address is not the account's.
    OtherAddress { signer: String, fingerprint: String },
    /// No account has this key.
    UnknownKey { fingerprint: String },
    /// The signature does not fit what was signed.
    Bad,
    /// It was made over a digest that others can forge.
    WeakDigest,
    /// A signature that this server cannot check.
    Unchecked(SignatureKind),
}

/// What became of a key. When something was signed is known only from whoever has signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lapse {
    /// It has expired since.
    Expired,
    /// It was replaced or given up since.
    Revoked,
    /// Somebody else may have had it.
    Compromised,
    /// It did not hold yet, or no longer, when it signed.
    Untimely,
}

/// The kinds of signatures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureKind {
    OpenPgp,
    /// X.509.
    Certificate,
    /// With a kind of key that is not known here.
    Ssh,
    Other,
}

impl Verification {
    /// Whether it holds today. A key that has lapsed could sign with any date, so rules do not accept it.
    pub const fn is_verified(&self) -> bool {
        matches!(self, Self::Verified { .. } | Self::MadeHere { .. })
    }
}

/// Checks commits or tag objects, each with the address of whoever made it, which the answers are in the order of.
pub async fn verify(
    app: &App,
    access: &Access<Read>,
    objects: Vec<(ObjectId, String)>,
) -> Result<Vec<Verification>> {
    if objects.is_empty() {
        return Ok(Vec::new());
    }
    let git = repository::git(app, access.repository()).await?;
    let mut judge = Judge::new(app);
    let mut found = Vec::with_capacity(objects.len());
    while let Some(rest) = objects.get(found.len()..).filter(|rest| !rest.is_empty()) {
        let ids: Vec<ObjectId> = rest.iter().map(|(id, _)| *id).collect();
        let some = git.run(move |git| check_some(git, &ids)).await.map_git()?;
        for (checked, (_, address)) in some.into_iter().zip(rest) {
            found.push(judge.judge(checked, address).await?);
        }
    }
    Ok(found)
}

/// Reads and checks the first of these objects: as many as fit into [`BATCH_BYTES`], and at least one.
pub(crate) fn check_some(git: &OpenRepository, ids: &[ObjectId]) -> hearth_git::Result<Vec<Option<Checked>>> {
    let (mut found, mut bytes) = (Vec::new(), 0);
    for id in ids {
        if bytes > BATCH_BYTES {
            break;
        }
        let signed = git.signed(*id)?;
        bytes += signed.as_ref().map_or(0, |signed| signed.payload.len());
        found.push(signed.map(Checked::of));
    }
    Ok(found)
}

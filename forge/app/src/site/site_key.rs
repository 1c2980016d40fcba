//! The SSH key with which this site signs the commits that it makes: in the editor, by merging, for models. It says that
//! the commit was made here, for whoever was signed in, and not that they signed it.

use std::{fmt, io, path::Path, sync::Arc};

use data_encoding::{BASE64, BASE64_NOPAD};
use hearth_core::RandomSource;
use hearth_git::CommitSigner;
use ring::{
    digest::{SHA256, SHA512, digest},
    signature::{Ed25519KeyPair, KeyPair as _},
};

use super::signer::{KEY_BYTES, key_in_folder};

/// The file of the key in the data folder, which all servers of a site share.
const KEY_FILE: &str = "commits.key";
const ALGORITHM: &[u8] = b"ssh-ed25519";
/// A line of an armour, as OpenSSH writes it.
const LINE: usize = 70;

/// A key of this site for commits.
#[derive(Clone)]
pub struct SiteKey(Arc<Ed25519KeyPair>);

impl fmt::Debug for SiteKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("SiteKey").field(&self.fingerprint()).finish()
    }
}

impl SiteKey {
    pub fn new(seed: &[u8; KEY_BYTES]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("every seed of 32 bytes is a key");
        Self(Arc::new(pair))
    }

    /// The key in this data folder; the first server to need one makes it.
    pub fn in_folder(folder: &Path, random: &dyn RandomSource) -> io::Result<Self> {
        Ok(Self::new(&key_in_folder(folder, KEY_FILE, random)?))
    }

    /// `SHA256:…`, as `ssh-keygen -l` prints it.
    pub fn fingerprint(&self) -> String {
        format!("SHA256:{}", BASE64_NOPAD.encode(digest(&SHA256, &self.blob()).as_ref()))
    }

    /// `ssh-ed25519 AAAA…`, for a file of allowed signers.
    pub fn public_line(&self) -> String {
        format!("ssh-ed25519 {}", BASE64.encode(&self.blob()))
    }

    fn blob(&self) -> Vec<u8> {
        fields(&[ALGORITHM, self.0.public_key().as_ref()])
    }
}

impl CommitSigner for SiteKey {
    /// As OpenSSH's `PROTOCOL.sshsig` describes it.
    fn sign(&self, commit: &[u8]) -> String {
        const NAMESPACE: &[u8] = b"git";
        const HASH: &[u8] = b"sha512";
        let digest = digest(&SHA512, commit);
        let message = [b"SSHSIG".as_slice(), &fields(&[NAMESPACE, b"", HASH, digest.as_ref()])].concat();
        let signature = fields(&[ALGORITHM, self.0.sign(&message).as_ref()]);
        let rest = fields(&[&self.blob(), NAMESPACE, b"", HASH, &signature]);
        let text = BASE64.encode(&[b"SSHSIG".as_slice(), &1_u32.to_be_bytes(), &rest].concat());
        let mut armor = String::from("-----BEGIN SSH SIGNATURE-----\n");
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (line, next) = rest.split_at(rest.len().min(LINE));
            armor.push_str(line);
            armor.push('\n');
            rest = next;
        }
        armor + "-----END SSH SIGNATURE-----"
    }
}

/// Each text with its length before it.
fn fields(texts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::new();
    for text in texts {
        joined.extend(u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
        joined.extend_from_slice(text);
    }
    joined
}

#[cfg(test)]
mod tests {
    use std::{io::Write as _, process::Command, process::Stdio};

    use super::*;

    #[test]
    fn ssh_keygen_accepts_what_the_site_signs() {
        let folder = tempfile::tempdir().expect("a folder");
        let key = SiteKey::new(&[7; KEY_BYTES]);
        let signers = format!("site namespaces=\"git\" {}\n", key.public_line());
        std::fs::write(folder.path().join("signers"), signers).expect("a file");
        std::fs::write(folder.path().join("signature"), key.sign(b"a commit")).expect("a file");
        let verify = ["-Y", "verify", "-f", "signers", "-I", "site", "-n", "git", "-s", "signature"];
        let started = Command::new("ssh-keygen")
            .args(verify)
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn();
        let Ok(mut verifier) = started else {
            hearth_skip::skip("there is no ssh-keygen");
            return;
        };
        verifier.stdin.take().expect("a pipe").write_all(b"a commit").expect("it reads");
        assert!(verifier.wait().expect("it ends").success());
    }
}

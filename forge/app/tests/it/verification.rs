use std::{
    path::Path,
    process::{Command, Stdio},
};

use hearth_app::{
    access, ssh_key,
    testing::TestHearth,
    verification::{self, SignatureKind, Verification},
};
use hearth_core::{RepositoryKind, Unit};
use hearth_git::{ObjectId, StorageId};

/// A git without this machine's configuration. None if it fails, or there is none.
fn git(folder: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .env_clear()
        .env("PATH", std::env::var_os("PATH")?)
        .env("HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_AUTHOR_NAME", "Mei")
        .env("GIT_AUTHOR_EMAIL", "mei@example.org")
        .env("GIT_COMMITTER_NAME", "Mei")
        .args(arguments)
        .stdin(Stdio::null())
        .current_dir(folder)
        .output()
        .ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A commit of the empty tree, signed with a key; the committer has this address.
fn signed(repository: &Path, key: &Path, address: &str) -> Option<ObjectId> {
    let tree = git(repository, &["hash-object", "-t", "tree", "-w", "/dev/null"])?;
    let (key, email) = (format!("user.signingKey={}", key.display()), format!("user.email={address}"));
    let settings = ["-c", "gpg.format=ssh", "-c", &key, "-c", &email];
    let commit = ["commit-tree", "-S", "-m", "Signed", &tree];
    git(repository, &[&settings[..], &commit[..]].concat())?.parse().ok()
}

#[tokio::test]
async fn a_signature_is_verified_only_with_the_key_and_the_address_of_one_account() {
    let hearth = TestHearth::new().await;
    let row = hearth.repository("mei/llm").await;
    let app = &hearth.app;
    let mei = hearth.actor("mei").await;
    let address = mei.user().expect("an account").email.as_str().to_owned();
    let folder = tempfile::tempdir().expect("a folder");
    let key = folder.path().join("key");
    let made = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key).status();
    if !made.is_ok_and(|made| made.success()) {
        hearth_skip::skip("there is no ssh-keygen");
        return;
    }
    let repository = app.git().path(&StorageId::from(row.id.0));
    let [own, other] = [address.as_str(), "someone@example.org"]
        .map(|address| signed(&repository, &key, address).expect("git signs with SSH keys"));
    let access = access::open(app, &mei, Unit::Code, RepositoryKind::Code, "mei", "llm").await;
    let access = access.expect("it is hers");
    let check = async || {
        let asked = vec![(own, address.to_uppercase()), (other, "someone@example.org".to_owned())];
        verification::verify(app, &access, asked).await.expect("an answer")
    };
    let unknown = check().await;
    assert!(matches!(unknown[..], [Verification::UnknownKey { .. }, Verification::UnknownKey { .. }]));

    let public = std::fs::read_to_string(key.with_extension("pub")).expect("a public key");
    let added = ssh_key::add(app, &mei, "", &public).await.expect("a good key");
    let (signer, fingerprint) = ("mei".to_owned(), added.fingerprint.clone());
    let known = check().await;
    assert_eq!(known[0], Verification::Verified { signer: signer.clone(), fingerprint: fingerprint.clone() });
    assert_eq!(known[1], Verification::OtherAddress { signer, fingerprint });

    ssh_key::remove(app, &mei, added.id).await.expect("it is hers");
    assert!(matches!(check().await[0], Verification::UnknownKey { .. }), "the key is nobody's any more");
}

#[tokio::test]
async fn what_cannot_be_checked_is_not_called_verified() {
    let hearth = TestHearth::new().await;
    let row = hearth.repository("mei/llm").await;
    let (app, mei) = (&hearth.app, hearth.actor("mei").await);
    let git = app.git().open(&StorageId::from(row.id.0)).await.expect("files");
    let tree = ObjectId::EMPTY_TREE;
    let path = git.path().to_owned();
    let write = |signature: &str| {
        let indented = signature.replace('\n', "\n ");
        let person = "Mei <mei@example.org> 1700000000 +0000";
        let text = format!("tree {tree}\nauthor {person}\ncommitter {person}\ngpgsig {indented}\n\nTitle\n");
        let file = path.join("commit");
        std::fs::write(&file, text).expect("a file");
        let name = file.display().to_string();
        self::git(&path, &["hash-object", "-t", "commit", "-w", &name])
            .expect("an object")
            .parse()
            .expect("an id")
    };
    let objects: Vec<(ObjectId, String)> = [
        "-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----",
        "-----BEGIN SIGNED MESSAGE-----\nabc\n-----END SIGNED MESSAGE-----",
        "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----",
    ]
    .map(|signature| (write(signature), "mei@example.org".to_owned()))
    .into();
    let access = access::open(app, &mei, Unit::Code, RepositoryKind::Code, "mei", "llm").await;
    let found = verification::verify(app, &access.expect("it is hers"), objects).await.expect("an answer");
    assert_eq!(
        found,
        [Verification::Bad, Verification::Unchecked(SignatureKind::Certificate), Verification::Bad,]
    );
}

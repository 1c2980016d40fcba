//! OpenPGP keys of accounts, with a real `gpg` and a real git.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use hearth_app::{
    Access, Unit, access, gpg_key,
    testing::TestHearth,
    verification::{self, Lapse, Verification},
};
use hearth_core::{Conflict, Error, Kind, Read, RepositoryKind, Timestamp};
use hearth_git::{ObjectId, StorageId};

use crate::support::code_of;

const DAY: Duration = Duration::from_hours(24);

/// A folder with keys, in which git signs.
struct Keyring(tempfile::TempDir);

impl Keyring {
    /// With a key of Mei's that lives for a year. None if there is no `gpg`; the test is then skipped.
    fn new() -> Option<Self> {
        let keyring = Self(tempfile::tempdir().expect("a folder"));
        let made =
            keyring.run("gpg", &["--quick-generate-key", "Mei <mei@example.org>", "ed25519", "sign", "1y"]);
        if made.is_none() {
            hearth_skip::skip("there is no gpg that makes keys");
        }
        made.map(|_| keyring)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        command.env("HOME", self.0.path()).env("GNUPGHOME", self.0.path()).env("GIT_CONFIG_NOSYSTEM", "1");
        for role in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{role}_NAME"), "Mei")
                .env(format!("GIT_{role}_EMAIL"), "mei@example.org");
        }
        if program == "gpg" {
            command.args(["--batch", "--yes", "--no-tty", "--pinentry-mode", "loopback", "--passphrase", ""]);
        }
        command.stdin(Stdio::null());
        command
    }

    /// What it prints; none if it fails.
    fn run(&self, program: &str, arguments: &[&str]) -> Option<String> {
        let output = self.command(program).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    fn public_key(&self) -> String {
        self.run("gpg", &["--armor", "--export"]).expect("gpg exports")
    }

    /// The signature of a line.
    fn sign(&self, line: &str) -> String {
        let file = self.0.path().join("line");
        fs::write(&file, format!("{line}\n")).expect("a file");
        let file = file.to_str().expect("text");
        self.run("gpg", &["--armor", "--detach-sign", "--output", "-", file]).expect("gpg signs")
    }

    fn git(&self, repository: &Path, arguments: &[&str]) -> String {
        let at = ["-C", repository.to_str().expect("text"), "-c", "user.signingKey=mei@example.org"];
        self.run("git", &[&at[..], arguments].concat()).unwrap_or_else(|| panic!("git {arguments:?}"))
    }

    /// A signed commit of the empty tree.
    fn commit(&self, repository: &Path) -> ObjectId {
        let tree = self.git(repository, &["hash-object", "-t", "tree", "-w", "/dev/null"]);
        self.git(repository, &["commit-tree", "-S", "-m", "Signed", &tree]).parse().expect("an id")
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        let _ = self.command("gpgconf").args(["--kill", "all"]).status();
    }
}

struct World {
    hearth: TestHearth,
    keyring: Keyring,
}

impl World {
    /// At the time of this machine, because `gpg` works at that time.
    async fn new() -> Option<Self> {
        let keyring = Keyring::new()?;
        let hearth = TestHearth::new().await;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_secs();
        hearth.clock.set(Timestamp::from_second(i64::try_from(now).expect("this era") + 5));
        hearth.repository("mei/llm").await;
        hearth.user("eve").await;
        Some(Self { hearth, keyring })
    }

    async fn access(&self) -> Access<Read> {
        let mei = self.hearth.actor("mei").await;
        let access =
            access::open(&self.hearth.app, &mei, Unit::Code, RepositoryKind::Code, "mei", "llm").await;
        access.expect("it is hers")
    }

    async fn verify(&self, id: ObjectId, address: &str) -> Verification {
        let asked = vec![(id, address.to_owned())];
        let found = verification::verify(&self.hearth.app, &self.access().await, asked).await;
        found.expect("an answer").remove(0)
    }

    async fn folder(&self) -> std::path::PathBuf {
        let row = self.hearth.find_repository("mei/llm").await;
        self.hearth.app.git().path(&StorageId::from(row.id.0))
    }

    /// Mei adds the key and proves it.
    async fn add(&self) -> gpg_key::GpgKey {
        let (app, mei) = (&self.hearth.app, self.hearth.actor("mei").await);
        let proof = self.keyring.sign(&gpg_key::token(app, &mei).expect("a token"));
        gpg_key::add(app, &mei, &self.keyring.public_key(), Some(&proof)).await.expect("hers")
    }
}

#[tokio::test]
async fn commits_and_tags_are_verified_by_a_key_that_its_owner_has_proven() {
    let Some(world) = World::new().await else { return };
    let folder = world.folder().await;
    let commit = world.keyring.commit(&folder);
    world.keyring.git(&folder, &["tag", "-s", "-m", "Signed", "v1", &commit.to_string()]);
    let tag: ObjectId = world.keyring.git(&folder, &["rev-parse", "v1"]).parse().expect("an id");
    let address = "mei@example.org";
    assert!(matches!(world.verify(commit, address).await, Verification::UnknownKey { .. }));

    let (app, mei) = (&world.hearth.app, world.hearth.actor("mei").await);
    let claimed = gpg_key::add(app, &mei, &world.keyring.public_key(), None).await.expect("a claim");
    assert!(!claimed.is_proven);
    let unproven = world.verify(commit, address).await;
    assert!(matches!(unproven, Verification::UnknownKey { .. }), "a claim is no proof");

    let added = world.add().await;
    let (signer, fingerprint) = ("mei".to_owned(), added.fingerprint.clone());
    let verified = Verification::Verified { signer: signer.clone(), fingerprint: fingerprint.clone() };
    assert_eq!(world.verify(commit, "Mei@Example.org").await, verified);
    assert_eq!(world.verify(tag, address).await, verified);
    let other = Verification::OtherAddress { signer: signer.clone(), fingerprint: fingerprint.clone() };
    assert_eq!(world.verify(commit, "eve@example.org").await, other);
    // The sign for kelvin becomes an ASCII letter when it is made small.
    assert_eq!(world.verify(commit, "mei@example.or\u{212a}").await, other);

    world.hearth.clock.advance(400 * DAY);
    let expired = Verification::Lapsed { signer, fingerprint, lapse: Lapse::Expired };
    assert_eq!(world.verify(commit, address).await, expired);
    gpg_key::remove(app, &mei, added.id).await.expect("hers");
    assert!(matches!(world.verify(commit, address).await, Verification::UnknownKey { .. }));
}

#[tokio::test]
async fn a_signature_does_not_fit_another_object() {
    let Some(world) = World::new().await else { return };
    world.add().await;
    let folder = world.folder().await;
    let commit = world.keyring.commit(&folder);
    let text = world.keyring.git(&folder, &["cat-file", "commit", &commit.to_string()]);
    let changed = folder.join("changed");
    for (from, to) in [("Signed", "Forged"), ("author Mei", "author Eve"), ("\ngpgsig", "\nextra x\ngpgsig")]
    {
        fs::write(&changed, format!("{}\n", text.replacen(from, to, 1))).expect("a file");
        let file = changed.to_str().expect("text");
        let id = world.keyring.git(&folder, &["hash-object", "-t", "commit", "-w", "--literally", file]);
        let found = world.verify(id.parse().expect("an id"), "mei@example.org").await;
        assert_eq!(found, Verification::Bad, "{from}");
    }
}

#[tokio::test]
async fn whoever_uploads_a_strangers_key_gains_nothing_and_keeps_nothing_from_them() {
    let Some(world) = World::new().await else { return };
    let (app, eve) = (&world.hearth.app, world.hearth.actor("eve").await);
    let key = world.keyring.public_key();
    let claimed = gpg_key::add(app, &eve, &key, None).await.expect("anybody may claim");
    let mei = world.hearth.actor("mei").await;
    let for_mei = world.keyring.sign(&gpg_key::token(app, &mei).expect("a token"));
    let proof = gpg_key::prove(app, &eve, claimed.id, &for_mei).await;
    assert_eq!(code_of(proof), Some(("proof", "gpg-key-proof")), "the proof is Mei's");
    assert!(gpg_key::list_of(app, &mei, "eve").await.expect("a list").is_empty());

    let added = world.add().await;
    let taken = gpg_key::add(app, &eve, &key, None).await;
    assert!(matches!(taken, Err(Error::Conflict(Conflict::KeyTaken))), "{taken:?}");
    let stranger = gpg_key::remove(app, &eve, added.id).await;
    assert!(matches!(stranger, Err(Error::NotFound(Kind::GpgKey))), "{stranger:?}");

    world.hearth.clock.advance(Duration::from_hours(3));
    let late = gpg_key::prove(app, &mei, added.id, &for_mei).await;
    assert_eq!(code_of(late), Some(("proof", "gpg-key-proof")), "a token does not last");
    let again = gpg_key::add(app, &mei, &key, None).await.expect("renewed");
    assert!(again.is_proven, "it was proven before");
}

#[tokio::test]
async fn what_is_no_public_key_is_refused() {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    let mei = hearth.actor("mei").await;
    for (text, code) in [
        ("", "gpg-key-unreadable"),
        ("-----BEGIN PGP PRIVATE KEY BLOCK-----", "gpg-key-private"),
        (
            "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----",
            "gpg-key-unreadable",
        ),
    ] {
        let answer = gpg_key::add(&hearth.app, &mei, text, None).await;
        assert_eq!(code_of(answer), Some(("key", code)), "{text}");
    }
}

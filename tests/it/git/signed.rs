//! Commits and tags that the real `gpg` and `ssh-keygen` have signed, and a branch that takes no others.

use hearth_tests::{Answer, Git, Person, Session, TestServer, skip};
use reqwest::Method;
use serde_json::{Value, json};

/// The git of somebody with a new OpenPGP key for their address. None if there is no `gpg`.
fn with_gpg(person: &Person) -> Option<Git> {
    let git = Git::of(person);
    let name = format!("{0} <{0}@example.org>", person.name);
    let quiet = ["--batch", "--yes", "--pinentry-mode", "loopback", "--passphrase", ""];
    let make = [&quiet[..], &["--quick-generate-key", &name, "ed25519", "sign", "never"]].concat();
    let made = std::process::Command::new("gpg").arg("--version").output();
    if made.is_err() || !git.program("gpg", &make, &[]).succeeded {
        skip("there is no gpg that makes keys");
        return None;
    }
    Some(git)
}

/// Adds the key to the account, and proves it with the line that the server asks for.
fn add_key(person: &Person, git: &Git) {
    let token = person.api.get("/api/v1/user/gpg_key_token").expect(200).body;
    git.write("token", format!("{token}\n"));
    let sign = ["--batch", "--armor", "--detach-sign", "--output", "-", "token"];
    let signed = git.program("gpg", &sign, &[]);
    assert!(signed.succeeded, "{}", signed.err);
    let exported = git.program("gpg", &["--armor", "--export"], &[]);
    let body = json!({ "armored_public_key": exported.out, "armored_signature": signed.out });
    let added = person.api.post("/api/v1/user/gpg_keys", &body).expect(201).json();
    assert_eq!(added["verified"], true, "{added}");
}

fn verification(person: &Person, id: &str) -> Value {
    let path = person.repository_api("llm", &format!("/git/commits/{id}"));
    person.api.get(&path).expect(200).json()["commit"]["verification"].clone()
}

#[test]
fn a_branch_takes_only_commits_that_their_committer_or_the_site_has_signed() {
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let Some(mut git) = with_gpg(&mei) else { return };
    git.begin("llm", &mei.clone_address("llm"), &[("README.md", "# LLM\n")]);
    let unsigned = git.run(&["rev-parse", "HEAD"]);
    git.run(&["push", "origin", "main"]);
    let session = Session::of(&mei);
    let rule = [
        ("kind", "branch"),
        ("pattern", "main"),
        ("push", "writers"),
        ("merge", "writers"),
        ("force_push", "nobody"),
        ("create", "writers"),
        ("delete", "nobody"),
        ("only_listed_approvals", "writers"),
        ("bypass", "nobody"),
        ("approvals", "0"),
        ("signed_commits", "true"),
    ];
    assert_eq!(session.submit("/mei/llm/settings/rules/new", &rule).status, 303);

    let refused = |git: &Git, why: &str| {
        let pushed = git.attempt(&["push", "origin", "main"]);
        assert!(!pushed.succeeded && pushed.err.contains("the rule “main”"), "{why}: {}", pushed.err);
        git.run(&["reset", "--hard", "--quiet", "origin/main"]);
    };
    git.run(&["commit", "--allow-empty", "-m", "Unsigned"]);
    refused(&git, "no signature");
    git.run(&["commit", "--allow-empty", "-S", "-m", "With a key that is nobody's"]);
    refused(&git, "an unknown key");

    add_key(&mei, &git);
    git.run(&[
        "-c",
        "user.email=bo@example.org",
        "commit",
        "--allow-empty",
        "-Smei@example.org",
        "-m",
        "As another",
    ]);
    refused(&git, "another address");
    git.run(&["commit", "--allow-empty", "-S", "-m", "Signed"]);
    git.run(&["push", "origin", "main"]);
    let signed = git.run(&["rev-parse", "HEAD"]);
    git.run(&["verify-commit", "HEAD"]);
    git.run(&["tag", "-s", "-m", "First", "v1"]);
    git.run(&["push", "origin", "v1"]);
    assert_eq!(verification(&mei, signed.trim())["verified"], true);
    assert_eq!(verification(&mei, unsigned.trim())["reason"], "gpg.error.not_signed_commit");
    assert!(session.get("/mei/llm/commits/branch/main").body.contains("Verified"));
    assert!(session.get("/mei/llm/tags").body.contains("Verified"));

    let content = json!({ "branch": "main", "content": "bmV3Cg==", "message": "On a page" });
    let path = mei.repository_api("llm", "/contents/new.txt");
    let made = Answer::to(mei.api.request(Method::POST, &path).json(&content)).expect(201).json();
    let made = made["commit"]["sha"].as_str().expect("an id").to_owned();
    assert_eq!(verification(&mei, &made)["verified"], true, "the site has signed it");
    assert!(session.get(&format!("/mei/llm/commit/{made}")).body.contains("Made on this site"));
}

#[test]
fn an_ssh_key_signs_as_well() {
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let mut git = Git::of(&mei);
    let made = git.program("ssh-keygen", &["-q", "-N", "", "-t", "ed25519", "-f", "key"], &[]);
    assert!(made.succeeded, "{}", made.err);
    let key = git.folder().join("key");
    let public = std::fs::read_to_string(key.with_extension("pub")).expect("a public key");
    let _ = mei.api.post("/api/v1/user/keys", &json!({ "title": "laptop", "key": public })).expect(201);
    git.run(&["config", "--global", "gpg.format", "ssh"]);
    git.run(&["config", "--global", "user.signingKey", key.to_str().expect("text")]);
    git.begin("llm", &mei.clone_address("llm"), &[("README.md", "# LLM\n")]);
    git.run(&["commit", "--allow-empty", "-S", "-m", "Signed"]);
    git.run(&["push", "origin", "main"]);
    let id = git.run(&["rev-parse", "HEAD"]);
    let found = verification(&mei, id.trim());
    assert_eq!(
        (found["verified"].as_bool(), found["signer"]["username"].as_str()),
        (Some(true), Some("mei"))
    );
}

//! The real ssh, git and git-lfs.

use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::Duration;

use hearth_tests::{Finished, Git, Person, TestServer, noise, skip, wait_for};
use serde_json::json;

const WEIGHTS: usize = 2 * 1024 * 1024 + 17;

/// A machine with a key and the real git.
struct Machine {
    git: Git,
    public_key: String,
    options: Vec<String>,
}

impl Machine {
    /// With a new key of this kind, such as `ed25519`. Nobody knows it yet.
    fn with_key(kind: &[&str]) -> Self {
        let git = Git::anonymous();
        let mut words = vec!["-q", "-N", "", "-C", "laptop", "-f", "key", "-t"];
        words.extend(kind);
        let made = git.program("ssh-keygen", &words, &[]);
        assert!(made.succeeded, "{}", made.err);
        let folder = git.folder();
        let public_key = std::fs::read_to_string(folder.join("key.pub")).unwrap();
        let options: Vec<String> = [
            "-F/dev/null".to_owned(),
            format!("-i{}", folder.join("key").display()),
            "-oIdentitiesOnly=yes".to_owned(),
            "-oIdentityAgent=none".to_owned(),
            "-oBatchMode=yes".to_owned(),
            "-oStrictHostKeyChecking=accept-new".to_owned(),
            format!("-oUserKnownHostsFile={}", folder.join("known_hosts").display()),
        ]
        .into();
        git.run(&["config", "--global", "core.sshCommand", &format!("ssh {}", options.join(" "))]);
        Self { git, public_key, options }
    }

    /// With a key that belongs to this person.
    fn of(person: &Person) -> Self {
        let machine = Self::with_key(&["ed25519"]);
        let key = json!({ "title": "laptop", "key": machine.public_key });
        let _ = person.api.post("/api/v1/user/keys", &key).expect(201);
        machine
    }

    /// Runs `ssh` itself.
    fn ssh(&self, port: u16, words: &[&str]) -> Finished {
        let port = format!("-p{port}");
        let options = self.options.iter().map(String::as_str);
        let words: Vec<&str> = options.chain([port.as_str()]).chain(words.iter().copied()).collect();
        self.git.program("ssh", &words, &[])
    }
}

/// Whether the programs are here; otherwise the test says that it could not run.
fn has_ssh() -> bool {
    let is_here = Command::new("ssh").arg("-V").stderr(Stdio::null()).status().is_ok();
    if !is_here {
        skip("openssh-client is not installed");
    }
    is_here
}

fn ssh_address(person: &Person, repository: &str) -> String {
    let shown = person.api.get(&person.repository_api(repository, "")).expect(200).json();
    shown["ssh_url"].as_str().unwrap().to_owned()
}

fn ssh_port(address: &str) -> u16 {
    address.trim_start_matches("ssh://git@").split([':', '/']).nth(1).unwrap().parse().unwrap()
}

/// What the server said, without what git adds.
fn said(finished: &Finished) -> Vec<String> {
    let lines = finished.err.lines().filter_map(|line| {
        let line = line.strip_prefix("remote: ").or_else(|| line.strip_prefix("fatal: remote error: "))?;
        Some(line.trim().to_owned())
    });
    lines.filter(|line| !line.is_empty()).collect()
}

#[test]
fn a_repository_is_pushed_and_cloned_with_a_key() {
    if !has_ssh() {
        return;
    }
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_private_repository("llm");
    let address = ssh_address(&mei, "llm");
    let mut machine = Machine::of(&mei);
    machine.git.begin("llm", &address, &[("train.py", "print(1)\n")]);
    let head = machine.git.head();
    machine.git.write("train.py", "print(2)\n");
    let second = machine.git.commit("Print more");
    let pushed = machine.git.attempt(&["push"]);
    assert!(pushed.succeeded && pushed.err.contains("Added 1 commit to main."), "{}", pushed.err);

    let other = Machine::of(&mei);
    for version in ["version=2", "version=1", "version=0"] {
        let setting = format!("protocol.{version}");
        let folder = version.replace('=', "-");
        let cloned = other.git.program(
            "git",
            &["-c", &setting, "clone", &address, &folder],
            &[("GIT_TRACE_PACKET", "1")],
        );
        assert!(cloned.succeeded, "{}", cloned.err);
        assert_eq!(cloned.err.contains("clone< version 2"), version == "version=2", "{}", cloned.err);
        let log = other.git.run(&["-C", &folder, "log", "--format=%H"]);
        assert_eq!(log.lines().collect::<Vec<_>>(), [second.as_str(), head.as_str()]);
    }
    let fetched = other.git.run(&["-C", "version-2", "fetch"]);
    assert_eq!(fetched, "");
    let events = mei.api.get(&mei.repository_api("llm", "/commits")).expect(200).json();
    assert_eq!(events[0]["sha"], second);
}

#[test]
fn refusals_are_those_of_http() {
    if !has_ssh() {
        return;
    }
    let server = TestServer::start();
    let mei = server.admin("mei");
    let lin = server.person("lin");
    for (name, is_private) in [("open", false), ("secret", true)] {
        if is_private {
            mei.create_private_repository(name);
        } else {
            mei.create_repository(name);
        }
        Git::of(&mei).begin(name, &mei.clone_address(name), &[("a.txt", "a\n")]);
    }
    let (by_http, by_ssh) = (Git::of(&lin), Machine::of(&lin).git);
    let both = |words: &dyn Fn(&str) -> Vec<String>, name: &str| {
        let (http, ssh) = (mei.clone_address(name), ssh_address(&mei, name));
        [(&by_http, http), (&by_ssh, ssh)].map(|(git, address)| {
            let words = words(&address);
            git.attempt(&words.iter().map(String::as_str).collect::<Vec<_>>())
        })
    };
    let [http, ssh] = both(&|address| vec!["ls-remote".into(), address.into()], "secret");
    assert!(!http.succeeded && !ssh.succeeded);
    assert_eq!(said(&http), said(&ssh));
    let absent = ssh_address(&mei, "secret").replace("secret", "absent");
    assert_eq!(said(&by_ssh.attempt(&["ls-remote", &absent])), said(&ssh));

    for (git, address) in [(&by_http, mei.clone_address("open")), (&by_ssh, ssh_address(&mei, "open"))] {
        git.run(&["clone", "--quiet", &address, "open"]);
    }
    let push = |_: &str| -> Vec<String> {
        ["-C", "open", "push", "origin", "HEAD:refs/heads/mine"].map(str::to_owned).into()
    };
    let [http, ssh] = both(&push, "open");
    assert!(!ssh.succeeded && !said(&ssh).is_empty(), "{}", ssh.err);
    assert_eq!(said(&http), said(&ssh));

    let (by_http, by_ssh) = (Git::of(&mei), Machine::of(&mei).git);
    let delete = |git: &Git, address: &str| {
        git.run(&["clone", "--quiet", address, "open"]);
        git.attempt(&["-C", "open", "push", "origin", ":main"])
    };
    let http = delete(&by_http, &mei.clone_address("open"));
    let ssh = delete(&by_ssh, &ssh_address(&mei, "open"));
    assert!(!ssh.succeeded && !said(&ssh).is_empty(), "{}", ssh.err);
    assert_eq!(said(&http), said(&ssh));
}

#[test]
fn whoever_signs_in_without_a_command_is_greeted_in_their_language() {
    if !has_ssh() {
        return;
    }
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let port = ssh_port(&ssh_address(&mei, "llm"));
    let machine = Machine::of(&mei);
    let greeted = machine.ssh(port, &["-T", "git@127.0.0.1"]);
    let english = "Hi mei! You signed in with the key laptop; Hearth gives no shell.";
    assert!(greeted.succeeded && greeted.err.contains(english), "{}", greeted.err);
    let _ = mei.api.patch("/api/v1/user/settings", &json!({ "language": "zh-CN" })).expect(200);
    let greeted = machine.ssh(port, &["-T", "git@127.0.0.1"]);
    assert!(
        greeted.err.contains("你好，mei！你已使用密钥 laptop 登录；Hearth 不提供 shell。"),
        "{}",
        greeted.err
    );
    let _ = mei.api.patch("/api/v1/user/settings", &json!({ "language": "en-US" })).expect(200);

    for words in [&["-T", "git@127.0.0.1", "sh -c id"][..], &["-T", "git@127.0.0.1", "scp -f x"]] {
        let refused = machine.ssh(port, words);
        assert!(!refused.succeeded && refused.out.is_empty(), "{}", refused.out);
        assert!(
            refused.err.contains("Hearth only runs git and git-lfs commands over SSH."),
            "{}",
            refused.err
        );
    }
    for words in [
        &["-W", "127.0.0.1:80", "git@127.0.0.1"][..],
        &["-s", "git@127.0.0.1", "sftp"],
        &["-T", "mei@127.0.0.1"],
    ] {
        let refused = machine.ssh(port, words);
        assert!(!refused.succeeded && refused.out.is_empty(), "{words:?}: {}{}", refused.out, refused.err);
    }
    let stranger = Machine::with_key(&["ed25519"]).ssh(port, &["-T", "git@127.0.0.1"]);
    assert!(!stranger.succeeded && stranger.err.contains("Permission denied"), "{}", stranger.err);
}

#[test]
fn strong_keys_of_every_kind_are_accepted_and_short_ones_are_not() {
    if !has_ssh() {
        return;
    }
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let port = ssh_port(&ssh_address(&mei, "llm"));
    for kind in [&["rsa", "-b", "3072"][..], &["ecdsa", "-b", "256"], &["ecdsa", "-b", "384"]] {
        let machine = Machine::with_key(kind);
        let _ = mei.api.post("/api/v1/user/keys", &json!({ "key": machine.public_key })).expect(201);
        let greeted = machine.ssh(port, &["-T", "git@127.0.0.1"]);
        assert!(greeted.succeeded, "{kind:?}: {}", greeted.err);
    }
    let short = Machine::with_key(&["rsa", "-b", "2048"]);
    let _ = mei.api.post("/api/v1/user/keys", &json!({ "key": short.public_key })).expect(422);
    assert!(!short.ssh(port, &["-T", "git@127.0.0.1"]).succeeded);
}

#[test]
fn a_deploy_key_does_what_it_was_given_for() {
    if !has_ssh() {
        return;
    }
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_private_repository("llm");
    mei.create_private_repository("other");
    let address = ssh_address(&mei, "llm");
    Git::of(&mei).begin("llm", &mei.clone_address("llm"), &[("a.txt", "a\n")]);
    let keys = mei.repository_api("llm", "/keys");
    for is_read_only in [true, false] {
        let mut machine = Machine::with_key(&["ed25519"]);
        let key = json!({ "title": "builder", "key": machine.public_key, "read_only": is_read_only });
        let made = mei.api.post(&keys, &key).expect(201).json();
        assert_eq!(made["read_only"], is_read_only);
        machine.git.run(&["clone", "--quiet", &address, "copy"]);
        let other = machine.git.attempt(&["ls-remote", &ssh_address(&mei, "other")]);
        assert!(!other.succeeded, "{}", other.out);
        machine.git.enter("copy").write("b.txt", "b\n");
        machine.git.commit("Add b");
        let pushed = machine.git.attempt(&["push"]);
        assert_eq!(pushed.succeeded, !is_read_only, "{}", pushed.err);
        let shown = mei.api.get(&format!("{keys}/{}", made["id"])).expect(200).json();
        assert!(shown["last_used_at"].is_string(), "{shown}");
        let _ = mei.api.delete(&format!("{keys}/{}", made["id"])).expect(204);
        assert!(!machine.git.attempt(&["fetch"]).succeeded);
    }
}

#[test]
fn rules_and_an_archive_hold_for_whoever_comes_with_a_key() {
    if !has_ssh() {
        return;
    }
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    Git::of(&mei).begin("llm", &mei.clone_address("llm"), &[("a.txt", "a\n")]);
    let (mut person, mut builder) = (Machine::of(&mei), Machine::with_key(&["ed25519"]));
    let key = json!({ "title": "builder", "key": builder.public_key, "read_only": false });
    let _ = mei.api.post(&mei.repository_api("llm", "/keys"), &key).expect(201);
    let rule = json!({ "rule_name": "main", "enable_push": false });
    let _ = mei.api.post(&mei.repository_api("llm", "/branch_protections"), &rule).expect(201);
    let address = ssh_address(&mei, "llm");
    for machine in [&mut person, &mut builder] {
        machine.git.run(&["clone", "--quiet", &address, "copy"]);
        machine.git.enter("copy").write("b.txt", "b\n");
        machine.git.commit("Add b");
        for refused in [&["push"][..], &["push", "--force", "origin", "HEAD:main"]] {
            let pushed = machine.git.attempt(refused);
            assert!(!pushed.succeeded && pushed.err.contains("the rule “main”"), "{}", pushed.err);
        }
        machine.git.run(&["push", "--quiet", "--force", "origin", "HEAD:beside"]);
    }
    let _ = mei.api.patch(&mei.repository_api("llm", ""), &json!({ "archived": true })).expect(200);
    for machine in [&person, &builder] {
        let pushed = machine.git.attempt(&["push", "origin", "HEAD:later"]);
        assert!(!pushed.succeeded, "{}", pushed.err);
        machine.git.run(&["fetch", "--quiet"]);
    }
}

#[test]
fn large_files_go_both_ways() {
    if !has_ssh() {
        return;
    }
    let server = TestServer::start();
    let mei = server.admin("mei");
    for transfer in ["never", "always"] {
        let name = format!("weights-{transfer}");
        mei.create_private_repository(&name);
        let address = ssh_address(&mei, &name);
        let mut machine = Machine::of(&mei);
        machine.git.run(&["lfs", "install", "--skip-repo"]);
        machine.git.run(&["config", "--global", "lfs.sshtransfer", transfer]);
        machine.git.begin(
            &name,
            &address,
            &[(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n")],
        );
        machine.git.write("model.bin", noise(5, WEIGHTS));
        machine.git.write("tokens.bin", noise(6, 100));
        machine.git.commit("Add the weights");
        machine.git.run(&["push"]);
        machine.git.run(&["lfs", "lock", "model.bin"]);
        assert!(machine.git.run(&["lfs", "locks"]).contains("model.bin"));

        let mut reader = Machine::of(&mei);
        reader.git.run(&["lfs", "install", "--skip-repo"]);
        reader.git.run(&["config", "--global", "lfs.sshtransfer", transfer]);
        reader.git.run(&["clone", "--quiet", &address, "copy"]);
        reader.git.enter("copy");
        let content = std::fs::read(reader.git.folder().join("model.bin")).unwrap();
        assert!(content == noise(5, WEIGHTS), "{transfer}: {} bytes came back", content.len());
        reader.git.run(&["lfs", "fsck"]);
        machine.git.run(&["lfs", "unlock", "model.bin"]);
    }
}

#[test]
fn a_removed_key_ends_its_open_connection() {
    if !has_ssh() {
        return;
    }
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let port = ssh_port(&ssh_address(&mei, "llm"));
    let machine = Machine::of(&mei);
    let mut open = Command::new("ssh")
        .args(&machine.options)
        .args([format!("-p{port}").as_str(), "-N", "-v", "git@127.0.0.1"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let id = wait_for("the key to be used", Duration::from_mins(1), || {
        let keys = mei.api.get("/api/v1/user/keys").expect(200).json();
        keys[0]["last_used_at"].is_string().then(|| keys[0]["id"].clone())
    });
    assert!(open.try_wait().unwrap().is_none(), "it stays open");
    let _ = mei.api.delete(&format!("/api/v1/user/keys/{id}")).expect(204);
    let status = wait_for("the connection to end", Duration::from_mins(1), || open.try_wait().unwrap());
    assert!(!status.success());
    assert!(!machine.ssh(port, &["-T", "git@127.0.0.1"]).succeeded);
}

#[test]
fn clients_that_say_nothing_keep_nobody_out() {
    if !has_ssh() {
        return;
    }
    let server = TestServer::builder().setting("ssh.connections", "40").start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let address = ssh_address(&mei, "llm");
    let port = ssh_port(&address);
    let silent: Vec<_> = (0..200).map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap()).collect();
    let mut machine = Machine::of(&mei);
    machine.git.begin("llm", &address, &[("a.txt", "a\n")]);
    drop(silent);
}

#[test]
fn a_renamed_repository_is_found_under_its_old_name() {
    if !has_ssh() {
        return;
    }
    let server = TestServer::start();
    let mei = server.admin("mei");
    mei.create_repository("llm");
    let address = ssh_address(&mei, "llm");
    let mut machine = Machine::of(&mei);
    machine.git.begin("llm", &address, &[("a.txt", "a\n")]);
    let _ = mei.api.patch(&mei.repository_api("llm", ""), &json!({ "name": "digits" })).expect(200);
    machine.git.run(&["fetch"]);
}

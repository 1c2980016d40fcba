use axum::http::{Method, StatusCode};
use hearth_app::{Limits, Unit, access, repository::archive_state, testing::Choices, user};
use hearth_core::{Language, RepositoryKind};
use hearth_store::push;
use tokio::process::Command;

use crate::{
    client::Client,
    listener::{Listener, both, noise, wait_until},
};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_pushed_is_cloned_and_the_pusher_is_told_where_it_is() {
    let server = Listener::start().await;
    let row = server.hearth.repository("mei/llm").await;
    let url = server.url_of("mei", "mei/llm.git").await;
    let work = server.work(&url, "work", &[("README.md", b"# LLM\n")]).await;
    let said = server.good(&server.git(&work, &["push", "origin", "main"]).await);
    assert!(said.contains("remote: Created main with 1 commit."), "{said}");
    assert!(said.contains(&format!("http://{}/mei/llm/src/branch/main", server.address)), "{said}");
    assert!(said.contains("/mei/llm/tasks/new"), "{said}");
    let row = server.hearth.read_repository(row.id).await;
    assert!(!row.is_empty && row.pushed_at.is_some());

    for (name, path, options) in [
        ("whole", "mei/llm.git", &["-c", "protocol.version=2"][..]),
        ("old", "mei/llm", &["-c", "protocol.version=0"][..]),
    ] {
        let from = server.url_of("", path).await;
        let clone = [options, &["clone", "-q", &from, name]].concat();
        server.good(&server.git(server.folder.path(), &clone).await);
        let text = std::fs::read_to_string(server.path(name).join("README.md")).expect("the file");
        assert_eq!(text, "# LLM\n");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_request_is_offered_for_a_new_branch_and_not_for_the_first_ones() {
    let server = Listener::start().await;
    server.hearth.repository("mei/llm").await;
    let url = server.url_of("mei", "mei/llm.git").await;
    let work = server.work(&url, "work", &[("a", b"1\n")]).await;
    let said = server.good(&server.git(&work, &["push", "origin", "main:master", "main:trial"]).await);
    assert!(!said.contains("/compare/"), "{said}");
    let said = server.good(&server.git(&work, &["push", "origin", "main:later"]).await);
    assert!(said.contains("/mei/llm/compare/master...later"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_is_answered_in_the_pushers_language() {
    let server = Listener::start().await;
    server.hearth.repository("mei/llm").await;
    let url = server.url_of("mei", "mei/llm.git").await;
    let work = server.work(&url, "work", &[("a", b"1\n")]).await;
    let in_chinese = |arguments: &[&str]| {
        let mut command = server.command(&work, arguments);
        command.env("LANGUAGE", "zh_CN:en");
        command
    };
    let push = in_chinese(&["push", "origin", "main"]).output().await.expect("git runs");
    let said = server.good(&push);
    assert!(said.contains("remote: 已创建 main，含 1 个提交。"), "{said}");
    let refused = in_chinese(&["push", "origin", ":main"]).output().await.expect("git runs");
    assert!(both(&refused).contains("remote: refs/heads/main 是默认分支。"), "{}", both(&refused));

    // The language chosen in the account takes precedence.
    let mei = server.hearth.actor("mei").await;
    user::change_language(&server.hearth.app, &mei, Language::En).await.expect("changed");
    let refused = in_chinese(&["push", "origin", ":main"]).output().await.expect("git runs");
    assert!(both(&refused).contains("remote: refs/heads/main is the default branch."), "{}", both(&refused));
}

#[tokio::test(flavor = "multi_thread")]
async fn clones_may_be_shallow_or_partial_and_fetch_later() {
    let server = Listener::start().await;
    server.hearth.repository("mei/llm").await;
    let url = server.url_of("mei", "mei/llm.git").await;
    let work = server.work(&url, "work", &[("a", b"1\n")]).await;
    server.commit(&work, &[("a", b"2\n")], "second").await;
    server.good(&server.git(&work, &["push", "-q", "origin", "main"]).await);
    let from = server.url_of("", "mei/llm.git").await;
    let here = server.folder.path();
    server.good(&server.git(here, &["clone", "-q", "--depth=1", &from, "shallow"]).await);
    let log = server.good(&server.git(&server.path("shallow"), &["log", "--oneline"]).await);
    assert_eq!(log.lines().count(), 1, "{log}");
    server.good(&server.git(&server.path("shallow"), &["fetch", "-q", "--unshallow"]).await);
    let partial = ["clone", "-q", "--no-checkout", "--filter=blob:none", &from, "partial"];
    server.good(&server.git(here, &partial).await);
    server.good(&server.git(&server.path("partial"), &["checkout", "-q", "HEAD~1"]).await);

    server.commit(&work, &[("b", b"3\n")], "third").await;
    server.good(&server.git(&work, &["push", "-q", "origin", "main"]).await);
    server.good(&server.git(&server.path("shallow"), &["pull", "-q"]).await);
    assert!(server.path("shallow").join("b").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_repository_looks_absent_to_everybody_else() {
    let server = Listener::start().await;
    server.hearth.private_repository("mei/secret").await;
    server.hearth.user("bo").await;
    let here = server.folder.path();
    let anonymous = server.url_of("", "mei/secret.git").await;
    let absent = server.url_of("", "mei/absent.git").await;
    let asks = |said: String| said.replace("secret", "X").replace("absent", "X");
    let hidden = server.git(here, &["ls-remote", &anonymous]).await;
    let missing = server.git(here, &["ls-remote", &absent]).await;
    assert!(!hidden.status.success());
    assert_eq!(asks(both(&hidden)), asks(both(&missing)));
    let bo = server.git(here, &["ls-remote", &server.url_of("bo", "mei/secret.git").await]).await;
    assert!(both(&bo).contains("not found"), "{}", both(&bo));
    let mei = server.git(here, &["ls-remote", &server.url_of("mei", "mei/secret.git").await]).await;
    server.good(&mei);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_push_leaves_nothing() {
    let limits = Limits { push_bytes: 200_000, ..Limits::default() };
    let server = Listener::with(Choices { limits, ..Choices::default() }).await;
    let row = server.hearth.repository("mei/llm").await;
    server.hearth.user("bo").await;
    let url = server.url_of("mei", "mei/llm.git").await;
    let work = server.work(&url, "work", &[("a", b"1\n")]).await;

    let bo = server.url_of("bo", "mei/llm.git").await;
    assert!(!server.git(&work, &["push", &bo, "main"]).await.status.success());
    server.good(&server.git(&work, &["push", "-q", "origin", "main"]).await);
    let said = both(&server.git(&work, &["push", "origin", ":main"]).await);
    assert!(said.contains("is the default branch"), "{said}");
    let said = both(&server.git(&work, &["push", "origin", "main:refs/changes/1"]).await);
    assert!(said.contains("only branches, tags and notes"), "{said}");
    let said = both(&server.git(&work, &["push", "origin", "main:refs/pull/1/head"]).await);
    assert!(said.contains("hidden ref"), "{said}");

    let noise = noise(400_000);
    server.commit(&work, &[("big", &noise)], "too big").await;
    assert!(!server.git(&work, &["push", "origin", "main"]).await.status.success());
    let refs = server.good(&server.git(&work, &["ls-remote", "origin"]).await);
    assert_eq!(refs.lines().count(), 2, "{refs}");
    assert_eq!(server.quarantines(row.id), [""; 0]);
    let mut reader = server.hearth.app.store().read().await.expect("a reader");
    assert_eq!(push::list_tips(&mut reader, row.id).await.expect("rows").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_pushes_to_one_branch_exactly_one_wins() {
    let server = Listener::start().await;
    let row = server.hearth.repository("mei/llm").await;
    let url = server.url_of("mei", "mei/llm.git").await;
    let mut folders = Vec::new();
    for n in 0..4 {
        folders.push(server.work(&url, &format!("work{n}"), &[("a", &[b'0' + n])]).await);
    }
    let pushes = folders.iter().map(|at| server.git(at, &["push", "origin", "main"]));
    let outcomes = futures_util::future::join_all(pushes).await;
    let won = outcomes.iter().filter(|output| output.status.success()).count();
    assert_eq!(won, 1, "{}", outcomes.iter().map(both).collect::<String>());
    let mut reader = server.hearth.app.store().read().await.expect("a reader");
    let tips = push::list_tips(&mut reader, row.id).await.expect("rows");
    let refs = server.good(&server.git(&folders[0], &["ls-remote", "origin", "refs/heads/main"]).await);
    assert!(refs.starts_with(&tips[0].1), "{refs} {tips:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_branches_are_pushed_at_once() {
    let server = Listener::start().await;
    let row = server.hearth.repository("mei/llm").await;
    let url = server.url_of("mei", "mei/llm.git").await;
    let work = server.work(&url, "work", &[("a", b"1\n")]).await;
    for n in 0..50 {
        server.good(&server.git(&work, &["branch", &format!("b{n}")]).await);
    }
    let said = server.good(&server.git(&work, &["push", "--all", "origin"]).await);
    assert!(said.contains("And 46 more."), "{said}");
    let mut reader = server.hearth.app.store().read().await.expect("a reader");
    assert_eq!(push::list_tips(&mut reader, row.id).await.expect("rows").len(), 51);
}

#[tokio::test(flavor = "multi_thread")]
async fn models_have_addresses_of_their_own() {
    let server = Listener::start().await;
    let visibility = hearth_core::Visibility::Public;
    server.hearth.insert_repository("mei/llm", RepositoryKind::Model, visibility).await;
    let url = server.url_of("mei", "models/mei/llm.git").await;
    let work = server.work(&url, "work", &[("config.json", b"{}\n")]).await;
    server.good(&server.git(&work, &["push", "-q", "origin", "main"]).await);
    let code = server.git(&work, &["ls-remote", &url.replace("models/", "")]).await;
    assert!(!code.status.success());
}

#[tokio::test]
async fn only_the_two_services_are_served_and_no_files() {
    let hearth = hearth_app::testing::TestHearth::new().await;
    hearth.repository("mei/llm").await;
    let client = Client::anonymous(&hearth.app);
    for path in [
        "/mei/llm.git/info/refs",
        "/mei/llm.git/info/refs?service=git-upload-archive",
        "/mei/llm.git/info/refs?service=../../../bin/sh",
        "/mei/llm.git/HEAD",
        "/mei/llm.git/config",
        "/mei/llm.git/objects/info/packs",
        "/mei/llm.git/hooks/pre-receive",
    ] {
        client.get(path).await.expect(404);
    }
    let good = client.get("/mei/llm.git/info/refs?service=git-upload-pack").await.expect(200);
    assert_eq!(good.header("content-type"), "application/x-git-upload-pack-advertisement");
    let push = client.get("/mei/llm.git/info/refs?service=git-receive-pack").await.expect(401);
    assert!(push.header("www-authenticate").starts_with("Basic "), "{push:?}");
    for junk in ["", "zzzz", "0001", "fffff", "-001", "0000"] {
        let answer = client.call(Method::POST, "/mei/llm.git/git-upload-pack", junk).await;
        assert!(answer.status != StatusCode::INTERNAL_SERVER_ERROR, "{junk}: {answer:?}");
    }
    client.call(Method::POST, "/mei/llm.git/git-upload-pack", "zzzz").await.expect(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pusher_who_vanishes_leaves_nothing_and_comes_back() {
    let server = Listener::start().await;
    let row = server.hearth.repository("mei/llm").await;
    let url = server.url_of("mei", "mei/llm.git").await;
    let work = server.work(&url, "work", &[("big", &noise(48 << 20))]).await;
    let mut command = server.command(&work, &["push", "-q", "origin", "main"]);
    let mut push = command.process_group(0).spawn().expect("git runs");
    wait_until("the push has begun", || !server.quarantines(row.id).is_empty()).await;
    // The program that speaks HTTP is a child of git's.
    let group = format!("-{}", push.id().expect("it is running"));
    let killed = Command::new("kill").args(["-KILL", "--", &group]).status().await;
    assert!(killed.expect("kill runs").success());
    push.wait().await.expect("it ended");
    wait_until("the quarantine is gone", || server.quarantines(row.id).is_empty()).await;
    let refs = server.good(&server.git(&work, &["ls-remote", "origin"]).await);
    assert_eq!(refs, "");
    server.good(&server.git(&work, &["push", "-q", "origin", "main"]).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_to_an_archived_repository_is_refused_with_a_sentence() {
    let server = Listener::start().await;
    let row = server.hearth.repository("mei/llm").await;
    let url = server.url_of("mei", "mei/llm.git").await;
    let work = server.work(&url, "work", &[("a", b"1\n")]).await;
    let (app, mei) = (&server.hearth.app, server.hearth.actor("mei").await);
    let access = access::open_by_id(app, &mei, Unit::Settings, row.id).await.expect("hers");
    archive_state::archive(app, &access.administer().expect("hers")).await.expect("archived");
    let refused = server.git(&work, &["push", "origin", "main"]).await;
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(!refused.status.success() && said.contains("this repository is archived"), "{said}");
}

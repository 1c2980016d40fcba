use std::time::Duration;

use hearth_app::{ssh_key, user};
use hearth_core::Language;
use hearth_ssh::SshSettings;
use russh::ChannelMsg;

use crate::support::{Done, Site, is_let_in, new_key, open, result, run, settings};

#[tokio::test]
async fn only_a_known_key_lets_in_and_only_as_git() {
    let site = Site::new().await;
    site.hearth.user("mei").await;
    let key = site.key_of("mei").await;
    for (name, key, is_good) in [("git", &key, true), ("mei", &key, false), ("git", &new_key(), false)] {
        let mut client = open(site.connect().0).await;
        assert_eq!(is_let_in(&mut client, name, key).await, is_good, "{name}");
    }
    let mut client = open(site.connect().0).await;
    assert!(!client.authenticate_password("git", "secret").await.expect("an answer").success());
    assert!(!client.authenticate_none("git").await.expect("an answer").success());
}

#[tokio::test]
async fn whoever_tries_many_keys_is_disconnected() {
    let site = Site::new().await;
    let mut client = open(site.connect().0).await;
    for _ in 0..10 {
        assert!(!is_let_in(&mut client, "git", &new_key()).await);
    }
    assert!(client.is_closed());
}

#[tokio::test]
async fn a_login_without_a_command_is_greeted_in_the_language_of_the_account() {
    let site = Site::new().await;
    site.hearth.user("mei").await;
    let key = site.key_of("mei").await;
    let (client, _serving) = site.signed_in(&key).await;
    for (language, line) in [
        (Language::En, "Hi mei! You signed in with the key laptop; Hearth gives no shell.\n"),
        (Language::ZhCn, "你好，mei！你已使用密钥 laptop 登录；Hearth 不提供 shell。\n"),
    ] {
        let mei = site.hearth.actor("mei").await;
        user::change_language(&site.hearth.app, &mei, language).await.expect("hers");
        let channel = client.channel_open_session().await.expect("a channel");
        channel.request_shell(true).await.expect("it is sent");
        let done = result(channel).await;
        assert_eq!(done, Done { out: Vec::new(), err: line.to_owned(), status: Some(0) });
    }
}

#[tokio::test]
async fn there_is_no_terminal_no_subsystem_no_forwarding_and_no_other_command() {
    let site = Site::new().await;
    site.hearth.user("mei").await;
    let key = site.key_of("mei").await;
    let (client, _serving) = site.signed_in(&key).await;
    let mut channel = client.channel_open_session().await.expect("a channel");
    channel.request_pty(true, "xterm", 80, 24, 0, 0, &[]).await.expect("it is sent");
    assert!(matches!(channel.wait().await, Some(ChannelMsg::Failure)));
    channel.request_subsystem(true, "sftp").await.expect("it is sent");
    assert!(matches!(channel.wait().await, Some(ChannelMsg::Failure)));
    channel.set_env(true, "LD_PRELOAD", "x.so").await.expect("it is sent");
    assert!(matches!(channel.wait().await, Some(ChannelMsg::Failure)));
    channel.agent_forward(true).await.expect("it is sent");
    assert!(matches!(channel.wait().await, Some(ChannelMsg::Failure)));
    channel.close().await.expect("it is sent");
    assert!(client.channel_open_direct_tcpip("127.0.0.1", 80, "127.0.0.1", 1).await.is_err());
    assert!(client.tcpip_forward("127.0.0.1", 8080).await.is_err());
    for line in ["sh", "git-upload-pack", "git-upload-pack '/mei/../llm.git'", "git-shell -c x"] {
        let done = run(&client, line, b"").await;
        assert!(done.out.is_empty() && done.status == Some(1), "{line}: {done:?}");
    }
}

#[tokio::test]
async fn a_connection_has_few_channels() {
    let site = Site::new().await;
    site.hearth.user("mei").await;
    let key = site.key_of("mei").await;
    let (client, _serving) = site.signed_in(&key).await;
    let first = client.channel_open_session().await.expect("a channel");
    let _second = client.channel_open_session().await.expect("a channel");
    assert!(client.channel_open_session().await.is_err());
    first.request_shell(true).await.expect("it is sent");
    result(first).await;
    // The place is free once the server has seen the end of the first.
    while client.channel_open_session().await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn clients_that_say_nothing_are_let_go() {
    let site = Site::with(SshSettings { login: Duration::ZERO, ..settings() }).await;
    let (silent, serving) = site.connect();
    serving.await.expect("it ends");
    drop(silent);
}

#[tokio::test]
async fn a_removed_key_and_a_blocked_account_end_open_connections() {
    let site = Site::new().await;
    for name in ["mei", "lin"] {
        site.hearth.user(name).await;
    }
    site.hearth.admin("boss").await;
    let (mei, lin) = (site.key_of("mei").await, site.key_of("lin").await);
    let (hers, her_connection) = site.signed_in(&mei).await;
    let (his, his_connection) = site.signed_in(&lin).await;
    let actor = site.hearth.actor("mei").await;
    let id = ssh_key::list(&site.hearth.app, &actor).await.expect("hers")[0].id;
    ssh_key::remove(&site.hearth.app, &actor, id).await.expect("hers");
    her_connection.await.expect("it ends");
    assert_eq!(run(&his, "sh", b"").await.status, Some(1), "that of others goes on");
    user::block(&site.hearth.app, &site.hearth.actor("boss").await, "lin").await.expect("allowed");
    his_connection.await.expect("it ends");
    drop((hers, his));
}

#[tokio::test]
async fn a_server_that_stops_ends_idle_connections() {
    let site = Site::new().await;
    site.hearth.user("mei").await;
    let key = site.key_of("mei").await;
    let (client, serving) = site.signed_in(&key).await;
    site.stop.send_replace(true);
    serving.await.expect("it ends");
    drop(client);
}

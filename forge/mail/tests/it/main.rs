//! Sending e-mail through a real mail server.

use std::time::{Duration, Instant, SystemTime};

use hearth_core::{Email, Language};
use hearth_mail::{EmailKind, EmailMessage, MailError, MailSettings, Mailer, Security};
use hearth_test_smtp::{Demands, PASSWORD, SmtpServer, USERNAME};

const NO_SERVER: &str = "HEARTH_TEST_PYTHON names no Python with aiosmtpd";

fn settings(server: &SmtpServer) -> MailSettings {
    rustls::crypto::ring::default_provider().install_default().ok();
    MailSettings {
        host: "localhost".into(),
        port: server.port(),
        security: Security::None,
        from: "Hearth 熔炉 <hearth@mail.test>".into(),
        patience: Some(Duration::from_secs(5)),
        ..MailSettings::default()
    }
}

fn with_account(server: &SmtpServer) -> MailSettings {
    MailSettings {
        security: Security::StartTls,
        username: USERNAME.into(),
        password: PASSWORD.into(),
        authority_pem: server.authority(),
        ..settings(server)
    }
}

fn letter() -> EmailMessage {
    let kind = EmailKind::Reset { user: "mei", link: "https://hearth.test/user/reset/1-a", minutes: 60 };
    EmailMessage::write(&kind, Language::ZhCn, "熔炉", "https://hearth.test/")
}

async fn send(settings: &MailSettings, to: &str) -> Result<(), MailError> {
    let to: Email = to.parse().expect("an address");
    Mailer::new(settings).expect("good settings").send(&to, &letter(), "one", SystemTime::UNIX_EPOCH).await
}

#[tokio::test]
async fn a_letter_arrives_with_every_letter_of_it() {
    let Some(server) = SmtpServer::start(Demands::default()) else { return hearth_skip::skip(NO_SERVER) };
    send(&settings(&server), "mei@example.org").await.expect("taken");
    let letters = server.letters();
    let [arrived] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(arrived["from"], "hearth@mail.test");
    assert_eq!(arrived["to"], serde_json::json!(["mei@example.org"]));
    assert_eq!(arrived["subject"], "重置你在 熔炉 的密码");
    let written = letter();
    let plain = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    assert_eq!(plain(arrived["text"].as_str().expect("text")), plain(&written.text));
    assert_eq!(plain(arrived["html"].as_str().expect("text")), plain(&written.html));
}

#[tokio::test]
async fn passwords_go_over_tls_to_the_right_server_alone() {
    let demands = Demands { tls: true, account: true };
    let Some(server) = SmtpServer::start(demands) else { return hearth_skip::skip(NO_SERVER) };
    let good = with_account(&server);
    Mailer::new(&good).expect("good settings").check().await.expect("it signs in");
    send(&good, "mei@example.org").await.expect("taken");
    assert_eq!(
        (&server.letters()[0]["user"], &server.letters()[0]["is_private"]),
        (&USERNAME.into(), &true.into())
    );

    let stranger = MailSettings { authority_pem: Vec::new(), ..good.clone() };
    let refused = send(&stranger, "mei@example.org").await;
    assert!(matches!(refused, Err(MailError::Later { .. })), "an unknown certificate: {refused:?}");
    let wrong = MailSettings { password: "wrong".into(), ..good };
    let refused = send(&wrong, "mei@example.org").await;
    assert!(matches!(refused, Err(MailError::Refused { .. })), "{refused:?}");
    assert!(!refused.is_err_and(|error| error.to_string().contains("wrong")));
    assert_eq!(server.letters().len(), 1);
}

#[tokio::test]
async fn a_server_that_offers_no_tls_gets_no_letter_where_tls_is_wanted() {
    let Some(server) = SmtpServer::start(Demands::default()) else { return hearth_skip::skip(NO_SERVER) };
    for security in [Security::StartTls, Security::Tls] {
        let strict = MailSettings { security, ..settings(&server) };
        assert!(send(&strict, "mei@example.org").await.is_err());
    }
    assert!(server.letters().is_empty());
}

#[tokio::test]
async fn what_is_refused_for_good_and_what_is_refused_for_now_are_told_apart() {
    let Some(mut server) = SmtpServer::start(Demands::default()) else { return hearth_skip::skip(NO_SERVER) };
    let settings = settings(&server);
    let refused = send(&settings, "refused@example.org").await.expect_err("refused");
    assert!(!refused.is_transient() && refused.to_string().contains("nobody of this name"), "{refused}");
    assert!(send(&settings, "later@example.org").await.expect_err("not now").is_transient());
    server.stop();
    assert!(send(&settings, "mei@example.org").await.expect_err("away").is_transient());
    server.start_again();
    send(&settings, "mei@example.org").await.expect("taken");
    assert_eq!(server.letters().len(), 1);
}

#[tokio::test]
async fn a_server_that_says_nothing_is_left_in_time() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    rustls::crypto::ring::default_provider().install_default().ok();
    let settings = MailSettings {
        host: "127.0.0.1".into(),
        port: silent.local_addr().expect("an address").port(),
        security: Security::None,
        from: "hearth@mail.test".into(),
        patience: Some(Duration::from_secs(1)),
        ..MailSettings::default()
    };
    let begun = Instant::now();
    assert!(send(&settings, "mei@example.org").await.expect_err("away").is_transient());
    assert!(begun.elapsed() < Duration::from_secs(4));
}

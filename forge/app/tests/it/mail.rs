//! Sending mail to a real mail server.

use std::{net::Ipv4Addr, time::Duration};

use hearth_app::{
    ClientAddress, Password, invite, jobs,
    mail::{self, MailError, MailSettings, Mailer, Security},
    organization::{self, invitation, team},
    testing::{Choices, TestHearth},
    user,
};
use hearth_core::{Error, Language, Permission, Roles};
use hearth_test_smtp::{Demands, SmtpServer};
use serde_json::Value;

const NO_SERVER: &str = "HEARTH_TEST_PYTHON names no Python with aiosmtpd";

async fn site(server: &SmtpServer) -> TestHearth {
    let settings = MailSettings {
        host: "127.0.0.1".into(),
        port: server.port(),
        security: Security::None,
        from: "Hearth <hearth@hearth.test>".into(),
        patience: Some(Duration::from_secs(5)),
        ..MailSettings::default()
    };
    let mailer = Some(Mailer::new(&settings).expect("good settings"));
    let hearth = TestHearth::with(Choices { mailer, ..Choices::default() }).await;
    hearth.user("mei").await;
    hearth.admin("boss").await;
    hearth
}

fn somewhere() -> ClientAddress {
    ClientAddress::new(Ipv4Addr::new(192, 0, 2, 7).into())
}

async fn ask(hearth: &TestHearth, login: &str) {
    user::ask_for_reset(&hearth.app, login, somewhere()).await.expect("asked");
}

/// Runs what is due now and in the next minutes.
async fn work(hearth: &TestHearth, minutes: u64) {
    for _ in 0..minutes * 6 {
        jobs::run_due(&hearth.app).await.expect("the queue runs");
        hearth.clock.advance(Duration::from_secs(10));
    }
}

fn secret_in(letter: &Value) -> String {
    let text = letter["text"].as_str().expect("text");
    let (_, rest) = text.split_once("http://hearth.test/user/reset/").expect("a link");
    rest.lines().next().expect("a secret").to_owned()
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_by_a_link_that_works_once() {
    let Some(server) = SmtpServer::start(Demands::default()) else { return hearth_skip::skip(NO_SERVER) };
    let hearth = site(&server).await;
    let app = &hearth.app;
    ask(&hearth, "mei").await;
    work(&hearth, 1).await;
    let letters = server.letters();
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(letter["to"], serde_json::json!(["mei@example.org"]));
    let secret = secret_in(letter);
    assert_eq!(user::find_reset(app, &secret).await.expect("it works").name.as_str(), "mei");
    assert!(user::reset_by_link(app, &secret, &Password::new("short")).await.is_err());
    let new = Password::new("a long and new sentence");
    user::reset_by_link(app, &secret, &new).await.expect("changed");
    assert!(user::sign_in(app, "mei", &new, somewhere()).await.is_ok());
    let again = user::reset_by_link(app, &secret, &Password::new("another long sentence")).await;
    assert!(matches!(again, Err(Error::Forbidden(_))), "{again:?}");
}

#[tokio::test]
async fn links_end_and_wrong_ones_are_nobodys() {
    let Some(server) = SmtpServer::start(Demands::default()) else { return hearth_skip::skip(NO_SERVER) };
    let hearth = site(&server).await;
    ask(&hearth, "MEI@example.org").await;
    work(&hearth, 1).await;
    let secret = secret_in(&server.letters()[0]);
    let (id, made) = secret.split_once('-').expect("both parts");
    let other = hearth.actor("boss").await.signed_in().expect("boss").id;
    for wrong in [format!("{other}-{made}"), format!("{id}-{}", "0".repeat(40)), made.to_owned(), "-".into()]
    {
        assert!(user::find_reset(&hearth.app, &wrong).await.is_err(), "{wrong}");
    }
    hearth.clock.advance(Duration::from_hours(2));
    assert!(user::find_reset(&hearth.app, &secret).await.is_err());
}

#[tokio::test]
async fn nobody_hears_who_has_an_account_and_nobody_is_flooded() {
    let Some(server) = SmtpServer::start(Demands::default()) else { return hearth_skip::skip(NO_SERVER) };
    let hearth = site(&server).await;
    for login in ["nobody", "nobody@example.org", "mei", "mei@example.org"] {
        ask(&hearth, login).await;
        work(&hearth, 1).await;
    }
    assert_eq!(server.letters().len(), 1, "two ways to one account are one letter");
    work(&hearth, 5).await;
    ask(&hearth, "mei").await;
    work(&hearth, 1).await;
    assert_eq!(server.letters().len(), 2);
    let first = secret_in(&server.letters()[0]);
    assert!(user::find_reset(&hearth.app, &first).await.is_err(), "the later link is the one");
}

#[tokio::test]
async fn while_the_mail_server_is_away_letters_wait_and_arrive_exactly_once() {
    let Some(mut server) = SmtpServer::start(Demands::default()) else { return hearth_skip::skip(NO_SERVER) };
    let hearth = site(&server).await;
    let boss = hearth.actor("boss").await;
    server.stop();
    ask(&hearth, "mei").await;
    invite::send(&hearth.app, &boss, "lin@example.org", Language::ZhCn).await.expect("asked");
    work(&hearth, 2).await;
    assert!(server.letters().is_empty());
    let open = invite::list(&hearth.app, &boss, hearth_core::PageRequest::default()).await.expect("a list");
    assert_eq!(open.total, 0, "what was not sent invites nobody");
    server.start_again();
    work(&hearth, 4).await;
    let letters = server.letters();
    let mut to: Vec<&str> = letters.iter().filter_map(|letter| letter["to"][0].as_str()).collect();
    to.sort_unstable();
    assert_eq!(to, ["lin@example.org", "mei@example.org"]);
    work(&hearth, 30).await;
    assert_eq!(server.letters().len(), 2, "exactly once");
    let invitation = letters.iter().find(|letter| letter["to"][0] == "lin@example.org").expect("arrived");
    assert_eq!(invitation["subject"], "邀请你加入 Hearth");
    assert!(
        invitation["text"]
            .as_str()
            .is_some_and(|text| text.contains("http://hearth.test/user/sign_up?code="))
    );
}

#[tokio::test]
async fn what_is_refused_for_good_is_not_tried_again_and_administrators_see_it() {
    let Some(server) = SmtpServer::start(Demands::default()) else { return hearth_skip::skip(NO_SERVER) };
    let hearth = site(&server).await;
    let boss = hearth.actor("boss").await;
    let to = invite::send(&hearth.app, &boss, "refused@example.org", Language::En).await;
    assert_eq!(to.expect("asked").as_str(), "refused@example.org");
    jobs::run_due(&hearth.app).await.expect("the queue runs");
    let mut reader = hearth.app.store().read().await.expect("a reader");
    assert_eq!(hearth_store::job::count_open(&mut reader).await.expect("an answer"), 0);
    drop(reader);
    let overview = mail::overview(&hearth.app, &boss).await.expect("shown").expect("configured");
    assert!(overview.refusal.is_some_and(|refusal| refusal.text.contains("nobody of this name")));
    assert!(mail::overview(&hearth.app, &hearth.actor("mei").await).await.is_err());
    let open = invite::list(&hearth.app, &boss, hearth_core::PageRequest::default()).await.expect("a list");
    assert_eq!(open.total, 0);
}

#[tokio::test]
async fn administrators_try_the_mail_server_and_hear_what_it_says() {
    let Some(mut server) = SmtpServer::start(Demands::default()) else { return hearth_skip::skip(NO_SERVER) };
    let hearth = site(&server).await;
    let boss = hearth.actor("boss").await;
    let sent = mail::send_test(&hearth.app, &boss, Language::En).await.expect("allowed");
    assert_eq!(sent.expect("taken").as_str(), "boss@example.org");
    assert_eq!(server.letters()[0]["subject"], "Test email from Hearth");
    assert!(mail::send_test(&hearth.app, &hearth.actor("mei").await, Language::En).await.is_err());
    server.stop();
    let away = mail::send_test(&hearth.app, &boss, Language::En).await.expect("allowed");
    assert!(matches!(away, Err(MailError::Later { .. })), "{away:?}");
}

#[tokio::test]
async fn a_letter_lets_one_person_into_an_organisation_once() {
    let Some(server) = SmtpServer::start(Demands::default()) else { return hearth_skip::skip(NO_SERVER) };
    let hearth = site(&server).await;
    let app = &hearth.app;
    for name in ["bo", "zoe"] {
        hearth.user(name).await;
    }
    hearth.organization("lab", "mei").await;
    let lab = organization::open(app, &hearth.actor("mei").await, "lab").await.expect("theirs");
    let lab = lab.administer().expect("an owner");
    let fields = team::Fields {
        name: "readers".into(),
        roles: Roles::whole(Permission::Read),
        ..team::Fields::default()
    };
    let readers = team::create(app, &lab, fields).await.expect("a team").team.id;
    invitation::invite_by_letter(app, &lab, readers, "bo@elsewhere.example", Language::En)
        .await
        .expect("asked");
    work(&hearth, 1).await;
    let letters = server.letters();
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!(letter["to"], serde_json::json!(["bo@elsewhere.example"]));
    let text = letter["text"].as_str().expect("text");
    let (_, rest) = text.split_once("http://hearth.test/-/invitations/").expect("a link");
    let code = rest.lines().next().expect("a code").to_owned();
    assert_eq!(invitation::find_by_code(app, &code).await.expect("it is good").organization.as_str(), "lab");
    let wrong = invitation::accept_by_code(app, &hearth.actor("bo").await, "guess").await;
    assert!(matches!(wrong, Err(Error::NotFound(_))), "{wrong:?}");
    invitation::accept_by_code(app, &hearth.actor("bo").await, &code).await.expect("joined");
    let again = invitation::accept_by_code(app, &hearth.actor("zoe").await, &code).await;
    assert!(matches!(again, Err(Error::NotFound(_))), "{again:?}");
}

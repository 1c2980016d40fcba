use std::time::Duration;

use hearth_app::{
    Actor, ClientAddress, Password, Registration, Settings, session,
    testing::{Choices, TestHearth},
    user::{self, NewAccount, Profile, SignUp, SignUpMode},
};
use hearth_core::{Action, Conflict, Error, Kind, Language, PageRequest};
use hearth_store::user::User;

use crate::support::code_of;

const PASSWORD: &str = "correct horse battery";

fn here() -> ClientAddress {
    ClientAddress::default()
}

fn newcomer(name: &str, code: &str) -> SignUp {
    SignUp {
        name: name.into(),
        email: format!("{name}@example.org"),
        password: Password::new(PASSWORD),
        code: code.into(),
        language: Some(Language::ZhCn),
    }
}

async fn account(hearth: &TestHearth, name: &str, is_admin: bool) -> User {
    let (email, password) = (format!("{name}@example.org"), Password::new(PASSWORD));
    let new = NewAccount { name: name.into(), email, password, is_admin, ..NewAccount::default() };
    user::create_as_operator(&hearth.app, new).await.expect("the account is new")
}

async fn sessions(hearth: &TestHearth, user: &User, count: usize) {
    for n in 0..count {
        let id = format!("{}{n}", user.name);
        let is_new = session::create(&hearth.app, &id, Some(user.id), session::Data::default()).await;
        assert!(is_new.expect("kept"), "no other session has this id");
    }
}

#[tokio::test]
async fn of_two_who_have_the_setup_code_one_administers() {
    for hearth in &TestHearth::all().await {
        let app = &hearth.app;
        let code = user::setup_code(app).await.expect("an answer").expect("nobody is here");
        assert_eq!(user::sign_up_mode(app).await.expect("an answer"), SignUpMode::Setup);
        let (one, other) = tokio::join!(
            user::sign_up(app, newcomer("mei", &code), here()),
            user::sign_up(app, newcomer("lin", &code), here()),
        );
        let (winner, loser) = if one.is_ok() { (one, other) } else { (other, one) };
        assert!(winner.expect("one gets in").is_admin);
        // Whoever comes after the winner is done signs up like everybody.
        let is_refused = match loser {
            Ok(user) => !user.is_admin,
            refused => code_of(refused) == Some(("code", "code-wrong")),
        };
        assert!(is_refused, "only one administers");
        assert_eq!(user::sign_up_mode(app).await.expect("an answer"), SignUpMode::Open);
        assert_eq!(user::setup_code(app).await.expect("an answer"), None);
    }
}

#[tokio::test]
async fn a_later_start_has_another_setup_code() {
    let hearth = TestHearth::new().await;
    let old = user::setup_code(&hearth.app).await.expect("an answer").expect("a code");
    let new = user::setup_code(&hearth.app).await.expect("an answer").expect("a code");
    let refused = user::sign_up(&hearth.app, newcomer("mei", &old), here()).await;
    assert_eq!(code_of(refused), Some(("code", "code-wrong")));
    user::sign_up(&hearth.app, newcomer("mei", &new), here()).await.expect("the right code");
}

#[tokio::test]
async fn the_operators_first_administrator_ends_the_setup_code() {
    let hearth = TestHearth::new().await;
    user::setup_code(&hearth.app).await.expect("an answer").expect("a code");
    account(&hearth, "mei", true).await;
    assert_eq!(user::sign_up_mode(&hearth.app).await.expect("an answer"), SignUpMode::Open);
}

#[tokio::test]
async fn a_closed_door_is_closed() {
    let settings = Settings { registration: Some(Registration::Closed), ..Settings::default() };
    let hearth = TestHearth::with(Choices { settings, ..Choices::default() }).await;
    let refused = user::sign_up(&hearth.app, newcomer("mei", ""), here()).await;
    assert!(matches!(refused, Err(Error::Forbidden(Action::Register))), "{refused:?}");
}

#[tokio::test]
async fn an_account_is_known_by_name_and_by_address() {
    let hearth = TestHearth::new().await;
    let mei = user::sign_up(&hearth.app, newcomer("Mei", ""), here()).await.expect("an open door");
    assert_eq!(mei.language, Some(Language::ZhCn));
    assert!(!mei.is_admin && mei.is_email_hidden);
    for login in ["mei", " MEI ", "mei@EXAMPLE.org"] {
        let found = user::sign_in(&hearth.app, login, &Password::new(PASSWORD), here()).await;
        assert_eq!(found.expect("the right password").id, mei.id, "{login}");
    }
    for (login, password) in [("mei", "wrong"), ("lin", PASSWORD), ("", ""), ("mei", "")] {
        let refused = user::sign_in(&hearth.app, login, &Password::new(password), here()).await;
        assert_eq!(code_of(refused), Some(("password", "sign-in-wrong")), "{login}");
    }
    let program = user::authenticate(&hearth.app, "mei", &Password::new("wrong"), here()).await;
    assert!(matches!(program, Err(Error::SignInRequired)));
}

#[tokio::test]
async fn a_taken_name_and_a_taken_address_are_told_apart() {
    let hearth = TestHearth::new().await;
    account(&hearth, "mei", false).await;
    let name = user::sign_up(&hearth.app, newcomer("MEI", ""), here()).await;
    assert!(matches!(name, Err(Error::Conflict(Conflict::NameTaken))), "{name:?}");
    let email = SignUp { email: "MEI@example.org".into(), ..newcomer("lin", "") };
    let email = user::sign_up(&hearth.app, email, here()).await;
    assert!(matches!(email, Err(Error::Conflict(Conflict::EmailTaken))), "{email:?}");
}

#[tokio::test]
async fn guesses_side_by_side_count_too() {
    let hearth = TestHearth::new().await;
    account(&hearth, "mei", false).await;
    let wrong = Password::new("wrong");
    let guess = || user::sign_in(&hearth.app, "mei", &wrong, here());
    let answers = tokio::join!(guess(), guess(), guess(), guess(), guess(), guess(), guess());
    let answers = [answers.0, answers.1, answers.2, answers.3, answers.4, answers.5, answers.6];
    let refused = answers.iter().filter(|answer| matches!(answer, Err(Error::TooManyRequests { .. })));
    assert_eq!(refused.count(), 2);
    hearth.clock.advance(Duration::from_secs(2));
    user::sign_in(&hearth.app, "mei", &Password::new(PASSWORD), here()).await.expect("the pause is over");
}

#[tokio::test]
async fn a_new_password_ends_every_session_and_replaces_the_old_one() {
    for hearth in &TestHearth::all().await {
        let mei = account(hearth, "mei", false).await;
        let lin = account(hearth, "lin", false).await;
        sessions(hearth, &mei, 3).await;
        sessions(hearth, &lin, 1).await;
        let actor = Actor::person(mei.clone());
        let new = Password::new("another long sentence");
        let wrong = user::change_password(&hearth.app, &actor, &Password::new("wrong"), &new, here()).await;
        assert_eq!(code_of(wrong), Some(("current_password", "password-wrong")));
        assert_eq!(session::count(&hearth.app, &actor).await.expect("an answer"), 3);

        let old = Password::new(PASSWORD);
        let weak = user::change_password(&hearth.app, &actor, &old, &Password::new("password"), here()).await;
        assert_eq!(code_of(weak), Some(("new_password", "password-common")));
        user::change_password(&hearth.app, &actor, &old, &new, here()).await.expect("the right password");
        assert_eq!(session::count(&hearth.app, &actor).await.expect("an answer"), 0);
        assert_eq!(session::count(&hearth.app, &Actor::person(lin)).await.expect("an answer"), 1);
        assert!(user::sign_in(&hearth.app, "mei", &old, here()).await.is_err());
        user::sign_in(&hearth.app, "mei", &new, here()).await.expect("the new password");
    }
}

#[tokio::test]
async fn a_blocked_account_is_told_so_with_the_right_password_alone() {
    for hearth in &TestHearth::all().await {
        let boss = Actor::person(account(hearth, "boss", true).await);
        let mei = account(hearth, "mei", false).await;
        sessions(hearth, &mei, 2).await;
        user::block(&hearth.app, &boss, "MEI").await.expect("an administrator may");
        let count = session::count(&hearth.app, &Actor::person(mei)).await;
        assert_eq!(count.expect("an answer"), 0);
        let right = user::sign_in(&hearth.app, "mei", &Password::new(PASSWORD), here()).await;
        assert!(matches!(right, Err(Error::Forbidden(Action::SignInBlocked))), "{right:?}");
        let wrong = user::sign_in(&hearth.app, "mei", &Password::new("wrong"), here()).await;
        assert_eq!(code_of(wrong), Some(("password", "sign-in-wrong")));
        user::unblock(&hearth.app, &boss, "mei").await.expect("an administrator may");
        user::sign_in(&hearth.app, "mei", &Password::new(PASSWORD), here()).await.expect("let in again");
    }
}

#[tokio::test]
async fn rights_are_given_by_administrators_and_never_to_oneself() {
    let hearth = TestHearth::new().await;
    let boss = Actor::person(account(&hearth, "boss", true).await);
    let mei = Actor::person(account(&hearth, "mei", false).await);
    let app = &hearth.app;
    let refused = user::make_admin(app, &mei, "mei").await;
    assert!(matches!(refused, Err(Error::Forbidden(Action::AdministerSite))), "{refused:?}");
    assert!(matches!(user::list_all(app, &mei, "", PageRequest::default()).await, Err(Error::Forbidden(_))));
    assert!(user::make_admin(app, &boss, "mei").await.expect("an administrator may").is_admin);
    assert!(!user::unmake_admin(app, &boss, "mei").await.expect("an administrator may").is_admin);
    for own in [user::unmake_admin(app, &boss, "boss").await, user::block(app, &boss, "boss").await] {
        assert!(matches!(own, Err(Error::Conflict(Conflict::State))), "{own:?}");
    }
    let nobody = user::block(app, &boss, "nobody").await;
    assert!(matches!(nobody, Err(Error::NotFound(Kind::User))), "{nobody:?}");
    let counts = user::counts(app, &boss).await.expect("an administrator may");
    assert_eq!((counts.users, counts.admins, counts.repositories), (2, 1, 0));
}

#[tokio::test]
async fn a_profile_says_what_its_owner_wrote() {
    let hearth = TestHearth::new().await;
    let actor = Actor::person(account(&hearth, "mei", false).await);
    let new = Profile {
        display_name: " 梅 ".into(),
        biography: "a\r\nb".into(),
        website: "https://example.org/~mei".into(),
        location: "深圳".into(),
        is_email_hidden: false,
    };
    user::change_profile(&hearth.app, &actor, new).await.expect("good values");
    let mei = user::find(&hearth.app, &Actor::anonymous(), "MEI").await.expect("she is there");
    assert_eq!((mei.display_name.as_str(), mei.biography.as_str()), ("梅", "a\nb"));
    assert_eq!(user::shown_email(&Actor::anonymous(), &mei), None);
    let lin = Actor::person(account(&hearth, "lin", false).await);
    assert_eq!(user::shown_email(&lin, &mei), Some("mei@example.org"));

    let bad = Profile {
        display_name: "mei\u{202e}".into(),
        website: "javascript:alert(1)".into(),
        biography: "x".repeat(1_001),
        ..Profile::default()
    };
    let Err(Error::Invalid(fields)) = user::change_profile(&hearth.app, &actor, bad).await else {
        panic!("bad values are refused")
    };
    let fields: Vec<_> = fields.iter().map(|field| (field.field, field.code)).collect();
    assert_eq!(
        fields,
        [("display_name", "characters"), ("biography", "too-long"), ("website", "web-address")]
    );
}

#[tokio::test]
async fn people_are_found_by_name() {
    let hearth = TestHearth::new().await;
    for name in ["mei", "lin", "meiling"] {
        account(&hearth, name, false).await;
    }
    let page = user::list(&hearth.app, &Actor::anonymous(), " mei ", PageRequest::default()).await;
    let page = page.expect("an answer").map(|user| user.name.to_string());
    assert_eq!((page.items, page.total), (vec!["mei".to_owned(), "meiling".to_owned()], 2));
}

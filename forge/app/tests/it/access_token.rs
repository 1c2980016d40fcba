use std::time::Duration;

use hearth_app::{
    Actor, Limits,
    access_token::{self, NewToken},
    testing::{Choices, TestHearth},
    user,
};
use hearth_core::{Action, Conflict, Error, Kind, Scope};

use crate::support::code_of;

fn wanted(name: &str, scopes: &[&str]) -> NewToken {
    let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
    NewToken { name: name.into(), scopes, days: None }
}

#[tokio::test]
async fn a_token_lets_in_for_what_its_scopes_name() {
    for hearth in &TestHearth::all().await {
        hearth.user("mei").await;
        let mei = hearth.actor("mei").await;
        let made = access_token::mint(&hearth.app, &mei, wanted("laptop", &["write:issue"])).await;
        let made = made.expect("a token");
        assert_eq!(made.secret.len(), 40);
        assert!(made.secret.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)));
        assert!(made.secret.ends_with(&made.token.last_eight));

        let found = access_token::authenticate(&hearth.app, &made.secret).await.expect("an answer");
        let actor = found.expect("the token is good");
        assert_eq!(actor.user().map(|user| user.name.as_str()), Some("mei"));
        assert!(actor.require(Scope::ReadIssue).is_ok());
        assert!(matches!(actor.require(Scope::ReadRepository), Err(Error::Forbidden(Action::Scope))));
        for bad in ["", "x", &made.secret[1..], &made.secret.to_uppercase(), &"0".repeat(40)] {
            assert!(access_token::authenticate(&hearth.app, bad).await.expect("an answer").is_none());
        }
    }
}

#[tokio::test]
async fn a_token_never_makes_shows_or_ends_tokens() {
    let hearth = TestHearth::new().await;
    hearth.admin("mei").await;
    let mei = hearth.actor("mei").await;
    let scopes = ["all", "write:admin"];
    let made = access_token::mint(&hearth.app, &mei, wanted("all", &scopes)).await.expect("a token");
    let actor = access_token::authenticate(&hearth.app, &made.secret).await.expect("an answer");
    let actor = actor.expect("the token is good");
    let again = access_token::mint(&hearth.app, &actor, wanted("more", &scopes)).await;
    assert!(matches!(again, Err(Error::Forbidden(Action::Scope))), "{again:?}");
    assert!(access_token::list(&hearth.app, &actor).await.is_err());
    assert!(access_token::revoke(&hearth.app, &actor, made.token.id).await.is_err());
    let nobody = access_token::mint(&hearth.app, &Actor::anonymous(), wanted("x", &scopes)).await;
    assert!(matches!(nobody, Err(Error::SignInRequired)), "{nobody:?}");
}

#[tokio::test]
async fn scopes_are_never_empty_unknown_or_above_their_owner() {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    let mei = hearth.actor("mei").await;
    for (scopes, code) in [
        (vec![], "scope-none"),
        (vec!["read:everything"], "scope-unknown"),
        (vec!["all", "read:admin"], "scope-admin"),
    ] {
        let refused = access_token::mint(&hearth.app, &mei, wanted("x", &scopes)).await;
        assert_eq!(code_of(refused), Some(("scopes", code)), "{scopes:?}");
    }
    let long = NewToken { days: Some(0), ..wanted("x", &["all"]) };
    assert_eq!(code_of(access_token::mint(&hearth.app, &mei, long).await), Some(("days", "token-days")));
    let unnamed = access_token::mint(&hearth.app, &mei, wanted("  ", &["all"])).await;
    assert_eq!(code_of(unnamed), Some(("name", "required")));
}

#[tokio::test]
async fn a_token_ends_by_time_by_hand_and_with_its_owner() {
    for hearth in &TestHearth::all().await {
        hearth.user("mei").await;
        hearth.admin("boss").await;
        let mei = hearth.actor("mei").await;
        let short = NewToken { days: Some(1), ..wanted("short", &["all"]) };
        let short = access_token::mint(&hearth.app, &mei, short).await.expect("a token").secret;
        let long = access_token::mint(&hearth.app, &mei, wanted("long", &["all"])).await.expect("a token");
        let is_good =
            async |secret: &str| matches!(access_token::authenticate(&hearth.app, secret).await, Ok(Some(_)));
        assert!(is_good(&short).await && is_good(&long.secret).await);
        hearth.clock.advance(Duration::from_secs(24 * 3600));
        assert!(!is_good(&short).await && is_good(&long.secret).await);

        let boss = hearth.actor("boss").await;
        user::block(&hearth.app, &boss, "mei").await.expect("an administrator may");
        let blocked = access_token::authenticate(&hearth.app, &long.secret).await;
        assert!(matches!(blocked, Err(Error::Forbidden(Action::SignInBlocked))), "{blocked:?}");
        user::unblock(&hearth.app, &boss, "mei").await.expect("an administrator may");

        let stranger = access_token::revoke(&hearth.app, &boss, long.token.id).await;
        assert!(matches!(stranger, Err(Error::NotFound(Kind::Token))), "{stranger:?}");
        access_token::revoke(&hearth.app, &mei, long.token.id).await.expect("it is hers");
        assert!(!is_good(&long.secret).await);
        access_token::revoke_by_name(&hearth.app, &mei, "short").await.expect("it is hers");
        assert_eq!(access_token::list(&hearth.app, &mei).await.expect("an answer"), []);
    }
}

#[tokio::test]
async fn use_is_noted_once_a_minute() {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    let mei = hearth.actor("mei").await;
    let made = access_token::mint(&hearth.app, &mei, wanted("x", &["all"])).await.expect("a token");
    let mut times = Vec::new();
    for seconds in [0, 59, 1] {
        hearth.clock.advance(Duration::from_secs(seconds));
        access_token::authenticate(&hearth.app, &made.secret).await.expect("an answer");
        let token = access_token::list(&hearth.app, &mei).await.expect("an answer").remove(0);
        times.push(token.last_used_at.expect("it was used").since(made.token.created_at).as_secs());
    }
    assert_eq!(times, [0, 0, 60]);
}

#[tokio::test]
async fn names_are_unique_and_their_number_is_bounded() {
    let limits = Limits { tokens: 2, ..Limits::default() };
    let hearth = TestHearth::with(Choices { limits, ..Choices::default() }).await;
    hearth.user("mei").await;
    let mei = hearth.actor("mei").await;
    let mint = async |name: &str| access_token::mint(&hearth.app, &mei, wanted(name, &["all"])).await;
    mint("a").await.expect("a token");
    assert!(matches!(mint("a").await, Err(Error::Conflict(Conflict::NameTaken))));
    mint("b").await.expect("a token");
    assert!(matches!(mint("c").await, Err(Error::TooLarge(limit)) if limit.most == 2));
}

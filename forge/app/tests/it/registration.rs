use hearth_app::{
    Actor, Registration,
    audit::{self, Filter},
    registration,
    testing::TestHearth,
    user::{self, SignUpMode},
};
use hearth_core::{Action, Error, PageRequest};

#[tokio::test]
async fn who_may_sign_up_is_chosen_by_an_administrator_takes_effect_at_once_and_is_audited() {
    for hearth in &TestHearth::all().await {
        let app = &hearth.app;
        let boss = Actor::person(hearth.admin("boss").await);
        let mei = Actor::person(hearth.user("mei").await);
        assert_eq!(user::known_sign_up_mode(app).await.expect("an answer"), SignUpMode::Open);
        let refused = registration::choose(app, &mei, Registration::Closed).await;
        assert!(matches!(refused, Err(Error::Forbidden(Action::AdministerSite))), "{refused:?}");
        for (chosen, mode) in [
            (Registration::Closed, SignUpMode::Closed),
            (Registration::Invite, SignUpMode::Invite),
            (Registration::Invite, SignUpMode::Invite),
        ] {
            registration::choose(app, &boss, chosen).await.expect("an administrator");
            assert_eq!(user::known_sign_up_mode(app).await.expect("an answer"), mode);
            assert_eq!(registration::current(app).await.expect("an answer"), chosen);
        }
        assert_eq!(registration::configured(app), Registration::Open);
        let filter = Filter { kind: Some("setting".into()), ..Filter::default() };
        let log = audit::list(app, &boss, &filter, PageRequest::default()).await.expect("entries").items;
        let after: Vec<_> = log
            .iter()
            .map(|entry| entry.after.as_ref().expect("a value").0["registration"].clone())
            .collect();
        assert_eq!(after, ["invite", "closed"], "what changes nothing is not noted");
    }
}

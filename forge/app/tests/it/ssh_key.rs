use hearth_app::{
    key_holder::{self, KeyId},
    ssh_key,
    testing::TestHearth,
    user,
};
use hearth_core::{Conflict, Error, Kind};

use crate::support::code_of;

const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl mei@laptop";
const FINGERPRINT: &str = "SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU";

#[tokio::test]
async fn a_key_is_written_anew_and_lets_its_owner_in() {
    for hearth in &TestHearth::all().await {
        hearth.user("mei").await;
        hearth.user("lin").await;
        let (mei, lin) = (hearth.actor("mei").await, hearth.actor("lin").await);
        let key = ssh_key::add(&hearth.app, &mei, "", &format!("  {KEY}\n")).await.expect("a good key");
        assert_eq!((key.title.as_str(), key.fingerprint.as_str()), ("mei@laptop", FINGERPRINT));
        assert_eq!(key.public_key, KEY.rsplit_once(' ').expect("a comment").0);

        let holder = key_holder::authenticate(&hearth.app, FINGERPRINT).await.expect("an answer");
        let holder = holder.expect("it is known");
        assert_eq!(
            (holder.actor.user_id(), holder.key),
            (mei.user_id(), KeyId::Person(key.id)),
            "it says who comes"
        );
        assert!(ssh_key::get(&hearth.app, &mei, key.id).await.expect("hers").last_used_at.is_some());
        assert!(key_holder::authenticate(&hearth.app, "SHA256:x").await.expect("an answer").is_none());

        let taken = ssh_key::add(&hearth.app, &lin, "mine", KEY).await;
        assert!(matches!(taken, Err(Error::Conflict(Conflict::KeyTaken))), "{taken:?}");
        let stranger = ssh_key::remove(&hearth.app, &lin, key.id).await;
        assert!(matches!(stranger, Err(Error::NotFound(Kind::SshKey))), "{stranger:?}");
        ssh_key::remove(&hearth.app, &mei, key.id).await.expect("it is hers");
        assert!(key_holder::authenticate(&hearth.app, FINGERPRINT).await.expect("an answer").is_none());
        assert!(key_holder::find(&hearth.app, holder.key).await.expect("an answer").is_none());
    }
}

#[tokio::test]
async fn a_blocked_owner_stays_out() {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    hearth.admin("boss").await;
    ssh_key::add(&hearth.app, &hearth.actor("mei").await, "", KEY).await.expect("a good key");
    user::block(&hearth.app, &hearth.actor("boss").await, "mei").await.expect("an administrator may");
    assert!(key_holder::authenticate(&hearth.app, FINGERPRINT).await.expect("an answer").is_none());
}

#[tokio::test]
async fn what_is_no_public_key_is_refused() {
    let hearth = TestHearth::new().await;
    hearth.user("mei").await;
    let mei = hearth.actor("mei").await;
    for (text, code) in [
        ("", "key-unreadable"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----", "key-private"),
        (&format!("{KEY}\n{KEY}"), "key-lines"),
        (&format!("command=\"sh\" {KEY}"), "key-unreadable"),
    ] {
        assert_eq!(code_of(ssh_key::add(&hearth.app, &mei, "", text).await), Some(("key", code)), "{text}");
    }
}

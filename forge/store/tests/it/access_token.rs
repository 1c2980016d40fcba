use std::time::Duration;

use hearth_core::{Timestamp, UserId};
use hearth_store::{
    Error,
    access_token::{self, NewAccessToken},
    testing::TestStore,
};

use crate::support::{insert_user, test_start};

fn new_token(user_id: UserId, name: &str, expires_at: Option<Timestamp>) -> NewAccessToken {
    NewAccessToken {
        user_id,
        name: name.into(),
        hash: format!("hash of {name} of {user_id}"),
        last_eight: "89abcdef".into(),
        scopes: "read:user,write:issue".into(),
        expires_at,
        created_at: test_start(),
    }
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_until_it_expires() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let end = test_start() + Duration::from_secs(60);
        let new = new_token(mei, "laptop", Some(end));
        let kept = access_token::insert(&mut writer, &new).await.expect("a row");
        writer.commit().await.expect("kept");

        let mut reader = store.read().await.expect("a reader");
        let find = access_token::find_by_hash(&mut reader, &new.hash, test_start()).await.expect("an answer");
        assert_eq!(find, Some(kept));
        assert_eq!(access_token::find_by_hash(&mut reader, &new.hash, end).await.expect("an answer"), None);
        assert_eq!(
            access_token::find_by_hash(&mut reader, "x", test_start()).await.expect("an answer"),
            None
        );
    }
}

#[tokio::test]
async fn a_name_is_taken_for_one_person_alone() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let lin = insert_user(&mut writer, "lin").await.id;
        access_token::insert(&mut writer, &new_token(mei, "laptop", None)).await.expect("a row");
        access_token::insert(&mut writer, &new_token(lin, "laptop", None)).await.expect("a row");
        let again = NewAccessToken { hash: "another".into(), ..new_token(mei, "laptop", None) };
        let taken = access_token::insert(&mut writer, &again).await;
        assert!(matches!(taken, Err(Error::Taken)), "{taken:?}");
    }
}

#[tokio::test]
async fn only_its_owner_can_take_a_token_away() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await.id;
        let lin = insert_user(&mut writer, "lin").await.id;
        let first = access_token::insert(&mut writer, &new_token(mei, "a", None)).await.expect("a row");
        let second = access_token::insert(&mut writer, &new_token(mei, "b", None)).await.expect("a row");
        access_token::touch(&mut writer, second.id, test_start()).await.expect("done");
        assert_eq!(access_token::delete(&mut writer, lin, first.id).await.expect("an answer"), None);
        assert_eq!(access_token::delete_by_name(&mut writer, lin, "a").await.expect("an answer"), None);

        let listed = access_token::list(&mut writer, mei).await.expect("rows");
        assert_eq!(listed.iter().map(|token| token.name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        assert_eq!(listed[0].last_used_at, Some(test_start()));
        assert_eq!(access_token::count(&mut writer, mei).await.expect("an answer"), 2);

        let revoked = access_token::delete(&mut writer, mei, first.id).await.expect("an answer");
        assert_eq!(revoked.map(|token| token.id), Some(first.id));
        let revoked = access_token::delete_by_name(&mut writer, mei, "b").await.expect("an answer");
        assert_eq!(revoked.map(|token| token.name).as_deref(), Some("b"));
        assert_eq!(access_token::delete_of(&mut writer, mei).await.expect("an answer"), 0);
    }
}

use hearth_store::{branch_redirect, testing::TestStore};

use crate::support::{insert_repository, insert_user, test_start};

#[tokio::test]
async fn every_name_that_a_branch_had_leads_to_the_one_it_has() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        for names in [("a", "b"), ("b", "c/d")] {
            branch_redirect::put(&mut writer, llm, names, test_start()).await.expect("stored");
        }
        let asked = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        let found = branch_redirect::find(&mut writer, llm, &asked(&["a", "a/x"])).await.expect("an answer");
        assert_eq!(found, Some(("a".into(), "c/d".into())));
        // A branch that gets its old name back leads nowhere any more.
        branch_redirect::put(&mut writer, llm, ("c/d", "a"), test_start()).await.expect("stored");
        let found = branch_redirect::find(&mut writer, llm, &asked(&["a"])).await.expect("an answer");
        assert_eq!(found, None);
        let found = branch_redirect::find(&mut writer, llm, &asked(&["b", "c"])).await.expect("an answer");
        assert_eq!(found, Some(("b".into(), "a".into())));
        branch_redirect::remove(&mut writer, llm, "b").await.expect("removed");
        let found = branch_redirect::find(&mut writer, llm, &asked(&["b"])).await.expect("an answer");
        assert_eq!(found, None);
    }
}

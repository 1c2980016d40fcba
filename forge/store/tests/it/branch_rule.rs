use hearth_core::{BranchRuleSettings, RuleKind, UserId, WhoMay};
use hearth_store::{
    Error, Json,
    branch_rule::{self, NewBranchRule},
    repository,
    testing::TestStore,
};

use crate::support::{insert_repository, insert_user, test_start};

#[tokio::test]
async fn a_pattern_has_one_rule_for_branches_and_one_for_tags() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let other = insert_repository(&mut writer, &mei, "other").await;
        let push = WhoMay::Listed { people: vec![mei.id, UserId(9)], teams: Vec::new() };
        let settings = BranchRuleSettings { push, approvals: 2, ..BranchRuleSettings::default() };
        let new = |kind, pattern: &str| NewBranchRule {
            repository_id: llm,
            kind,
            pattern: pattern.into(),
            settings: settings.clone(),
            created_at: test_start(),
        };
        let tags = branch_rule::insert(&mut writer, &new(RuleKind::Tag, "*")).await.expect("a rule");
        let mut all = branch_rule::insert(&mut writer, &new(RuleKind::Branch, "*")).await.expect("a rule");
        let main = branch_rule::insert(&mut writer, &new(RuleKind::Branch, "main")).await.expect("a rule");
        assert_eq!(all.settings, Json(settings.clone()));
        all.pattern = "release/*".into();
        all.settings.0.approvals = 3;
        branch_rule::update(&mut writer, &all, test_start()).await.expect("kept");
        let listed = branch_rule::list(&mut writer, llm).await.expect("a list");
        assert_eq!(listed, [main.clone(), all.clone(), tags]);
        assert_eq!(branch_rule::count(&mut writer, llm).await.expect("a count"), 3);
        let found = branch_rule::find_by_pattern(&mut writer, llm, RuleKind::Branch, "main").await;
        assert_eq!(found.expect("an answer"), Some(main.clone()));
        assert_eq!(branch_rule::find(&mut writer, other, main.id).await.expect("an answer"), None);
        assert_eq!(
            branch_rule::lock(&mut writer, llm, main.id).await.expect("an answer"),
            Some(main.clone())
        );
        assert!(branch_rule::delete(&mut writer, &main).await.expect("an answer"));
        assert!(!branch_rule::delete(&mut writer, &main).await.expect("an answer"));
        writer.commit().await.expect("kept");
        let mut writer = store.write().await.expect("a transaction");
        let again = branch_rule::insert(&mut writer, &new(RuleKind::Tag, "*")).await;
        assert!(matches!(again, Err(Error::Taken)), "{again:?}");
        drop(writer);
        let mut writer = store.write().await.expect("a transaction");
        repository::delete(&mut writer, llm).await.expect("gone");
        assert_eq!(branch_rule::count(&mut writer, llm).await.expect("a count"), 0);
    }
}

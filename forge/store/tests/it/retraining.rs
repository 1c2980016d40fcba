//! The tasks that rules for branches ask for.

use hearth_core::{BranchRuleId, BranchRuleSettings, RuleKind, TaskId, TaskState};
use hearth_store::{
    Error, Writer,
    branch_rule::{self, NewBranchRule},
    retraining::{self, NewRetrainingRun},
    task,
    testing::TestStore,
};

use crate::support::{insert_pull_request, insert_repository, insert_user, new_task, test_start};

fn run(rule_id: BranchRuleId, definition: &str, commit: char) -> NewRetrainingRun {
    NewRetrainingRun { rule_id, definition: definition.into(), commit_id: commit.to_string().repeat(40) }
}

async fn ids(writer: &mut Writer, rule: BranchRuleId, commits: &[&str]) -> Vec<TaskId> {
    let found = retraining::list(writer, (rule, "now"), commits).await.expect("a list");
    found.into_iter().map(|run| run.task_id).collect()
}

#[tokio::test]
async fn runs_count_for_the_rule_the_definition_and_the_commit_that_they_are_of() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let rule = NewBranchRule {
            repository_id: llm,
            kind: RuleKind::Branch,
            pattern: "main".into(),
            settings: BranchRuleSettings::default(),
            created_at: test_start(),
        };
        let rule = branch_rule::insert(&mut writer, &rule).await.expect("a rule");
        let mut tasks = Vec::new();
        for (definition, commit) in [("now", 'a'), ("before", 'a'), ("now", 'b'), ("now", 'a')] {
            let id = task::insert(&mut writer, &new_task(llm, mei.id, "run")).await.expect("a task");
            let new = run(rule.id, definition, commit);
            retraining::insert(&mut writer, id, &new).await.expect("kept");
            tasks.push(id);
        }
        let (head, base) = ("a".repeat(40), "b".repeat(40));
        assert_eq!(ids(&mut writer, rule.id, &[&head]).await, [tasks[3], tasks[0]]);
        assert_eq!(ids(&mut writer, rule.id, &[&head, &base]).await, [tasks[3], tasks[2], tasks[0]]);
        let found = retraining::find(&mut writer, tasks[1]).await.expect("an answer").expect("it is one");
        assert_eq!((found.state, found.definition.as_str()), (TaskState::Waiting, "before"));

        task::delete(&mut writer, tasks[3]).await.expect("deleted");
        assert_eq!(ids(&mut writer, rule.id, &[&head]).await, [tasks[0]]);
        assert!(branch_rule::delete(&mut writer, &rule).await.expect("an answer"));
        assert_eq!(retraining::find(&mut writer, tasks[0]).await.expect("an answer"), None);
        writer.commit().await.expect("kept");
        let mut writer = store.write().await.expect("a transaction");
        let gone = retraining::insert(&mut writer, tasks[0], &run(rule.id, "now", 'a')).await;
        assert!(matches!(gone, Err(Error::Dangling)), "{gone:?}");
    }
}

#[tokio::test]
async fn a_run_is_part_of_every_pull_request_with_its_commit_at_one_end() {
    for TestStore { store, .. } in &TestStore::all().await {
        let mut writer = store.write().await.expect("a transaction");
        let mei = insert_user(&mut writer, "mei").await;
        let llm = insert_repository(&mut writer, &mei, "llm").await;
        let opened = insert_pull_request(&mut writer, llm, &mei, "work").await;
        for (commit, is_part) in [(&opened.head_id, true), (&opened.base_id, true), (&"c".repeat(40), false)]
        {
            let found = retraining::list_pull_requests(&mut writer, llm, commit, 10).await.expect("a list");
            assert_eq!(found.len(), usize::from(is_part), "{commit}");
        }
    }
}
